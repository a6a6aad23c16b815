using NodaTime;

namespace Realtime.Webhooks;

/// <summary>The webhooks of one pharmacy, in one journal stream. The key is its FINESS number.</summary>
[Alias("realtime.IWebhookGrain")]
internal interface IWebhookGrain : IGrainWithStringKey
{
    /// <summary>Every endpoint.</summary>
    [Alias("All")]
    Task<IReadOnlyList<WebhookView>> All();

    /// <summary>Has events sent to one more address, from now on.</summary>
    /// <param name="url">Where to.</param>
    /// <param name="events">Types of <see cref="WebhookMessages.Types"/>.</param>
    /// <param name="description">What it is, for people.</param>
    /// <param name="actor">Who acts.</param>
    [Alias("Add")]
    Task<WebhookAnswer> Add(string url, IReadOnlyList<string> events, string? description, string actor);

    /// <summary>Takes an endpoint out, with all that was to be sent there.</summary>
    [Alias("Remove")]
    Task<WebhookAnswer> Remove(string webhook, string actor);

    /// <summary>Makes another secret; the one before it signs for a day more, within which there is no third.</summary>
    [Alias("Rotate")]
    Task<WebhookAnswer> Rotate(string webhook, string actor);

    /// <summary>Sends a message that means nothing, now, unless one is on its way there; what becomes of it is asked for by <see cref="OutcomeOf"/>.</summary>
    [Alias("Test")]
    Task<WebhookAnswer> Test(string webhook);

    /// <summary>What became of a test; null where that is not known yet, or no more.</summary>
    [Alias("OutcomeOf")]
    Task<DeliveryOutcome?> OutcomeOf(MessageId test);

    /// <summary>The dead letters of an endpoint, the newest first; null where there is no such endpoint.</summary>
    [Alias("Dead")]
    Task<IReadOnlyList<DeadLetter>?> Dead(string webhook);

    /// <summary>Sends a dead letter again, from the first attempt on.</summary>
    [Alias("Redeliver")]
    Task<WebhookAnswer> Redeliver(string webhook, MessageId message, string actor);

    /// <summary>Looks at what has happened and sends what is due.</summary>
    /// <param name="orders">The newest row of stock and orders that the caller knows of; 0 for none.</param>
    /// <param name="page">Likewise of the page. Where both are 0, it looks at both streams.</param>
    [Alias("Wake")]
    Task Wake(long orders, long page);

    /// <summary>Takes what became of attempts.</summary>
    [Alias("Report")]
    Task Report(IReadOnlyList<DeliveryOutcome> outcomes);
}

/// <summary>An endpoint as its pharmacy sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Url">Where to.</param>
/// <param name="Events">Which types.</param>
/// <param name="Description">What it is.</param>
/// <param name="AddedAt">Since when.</param>
/// <param name="GoneAt">Since when nothing is sent there, because it said that it is gone; null where it did not.</param>
/// <param name="Waiting">Messages that wait.</param>
/// <param name="Dead">Messages that were given up.</param>
[GenerateSerializer, Immutable, Alias("realtime.WebhookView")]
internal sealed record WebhookView(
    [property: Id(0)] string Id, [property: Id(1)] string Url, [property: Id(2)] IReadOnlyList<string> Events, [property: Id(3)] string? Description, [property: Id(4)] Instant AddedAt,
    [property: Id(5)] Instant? GoneAt, [property: Id(6)] int Waiting, [property: Id(7)] int Dead);

/// <summary>The answer to a change of webhooks.</summary>
/// <param name="Refusal">Null where it was made.</param>
/// <param name="Webhook">The endpoint, where there is one.</param>
/// <param name="Secret">In clear, this once: of an endpoint that was added or got another.</param>
/// <param name="OldUntil">Until when the secret before it signs as well; where another was refused for that, too.</param>
/// <param name="Fault">What is wrong with the address.</param>
/// <param name="Test">The test that was sent.</param>
[GenerateSerializer, Immutable, Alias("realtime.WebhookAnswer")]
internal sealed record WebhookAnswer(
    [property: Id(0)] WebhookRefusal? Refusal, [property: Id(1)] WebhookView? Webhook = null, [property: Id(2)] string? Secret = null, [property: Id(3)] Instant? OldUntil = null,
    [property: Id(4)] AddressFault? Fault = null, [property: Id(5)] MessageId? Test = null);
