using System.Collections.Immutable;
using NodaTime;

namespace Realtime.Webhooks;

// The rules of one pharmacy's webhooks, top to bottom: what happened, what is refused, what they are, what is decided, what follows.

/// <summary>What happened to a pharmacy's webhooks. Stored: names and members are a contract (see <see cref="WebhookJson"/>).</summary>
internal abstract record WebhookEvent;

/// <summary>The titulaire asked for events to be sent to an address; the endpoint is named after this row.</summary>
/// <param name="Url">Where to.</param>
/// <param name="Events">Which.</param>
/// <param name="Description">What it is, for people; null for nothing.</param>
/// <param name="Secret">Sealed.</param>
/// <param name="From">Only what comes after these rows.</param>
internal sealed record EndpointAdded(string Url, IReadOnlyList<string> Events, string? Description, string Secret, WebhookCursor From) : WebhookEvent;

/// <summary>The titulaire took an endpoint out, with all that was to be sent there.</summary>
internal sealed record EndpointRemoved(string Endpoint) : WebhookEvent;

/// <summary>The titulaire had another secret made.</summary>
/// <param name="Endpoint">Whose.</param>
/// <param name="Secret">The new one, sealed.</param>
/// <param name="OldUntil">Until when the one before it signs as well.</param>
internal sealed record SecretRotated(string Endpoint, string Secret, Instant OldUntil) : WebhookEvent;

/// <summary>An endpoint that had said that it was gone took a test: it gets what comes after these rows.</summary>
internal sealed record EndpointResumed(string Endpoint, WebhookCursor From) : WebhookEvent;

/// <summary>The titulaire had a dead letter sent again.</summary>
internal sealed record LetterRedelivered(string Endpoint, MessageId Message) : WebhookEvent;

/// <summary>Deliveries moved on: one row for many of them, and none for each that was taken at once.</summary>
internal sealed record DeliveriesMoved : WebhookEvent
{
    /// <summary>Up to which rows every message was taken or stands in this row or one before it; null where that stays as it was.</summary>
    public WebhookCursor? Cursor { get; init; }

    /// <summary>Messages that are to be tried, or tried again, later.</summary>
    public IReadOnlyList<Waiting> Waiting { get; init; } = [];

    /// <summary>Messages that had waited and were taken.</summary>
    public IReadOnlyList<DeliveryKey> Settled { get; init; } = [];

    /// <summary>Messages that are not tried any more.</summary>
    public IReadOnlyList<DeadLetter> Dead { get; init; } = [];

    /// <summary>Endpoints that said that they are gone.</summary>
    public IReadOnlyList<string> Gone { get; init; } = [];
}

/// <summary>A message to an endpoint.</summary>
internal readonly record struct DeliveryKey(string Endpoint, MessageId Message);

/// <summary>A message that waits to be tried.</summary>
/// <param name="Endpoint">Where to.</param>
/// <param name="Message">Which.</param>
/// <param name="Type">Its type.</param>
/// <param name="At">When that happened which it tells.</param>
/// <param name="Attempts">Attempts so far.</param>
/// <param name="Next">When the next is due.</param>
/// <param name="Answer">What became of the last; null before the first.</param>
internal sealed record Waiting(string Endpoint, MessageId Message, string Type, Instant At, int Attempts, Instant Next, string? Answer);

/// <summary>A message that was given up.</summary>
/// <param name="Endpoint">Where to.</param>
/// <param name="Message">Which.</param>
/// <param name="Type">Its type.</param>
/// <param name="At">When that happened which it tells.</param>
/// <param name="Attempts">Attempts made.</param>
/// <param name="Answer">What became of the last, or why there was none.</param>
/// <param name="GivenUpAt">When it was.</param>
[GenerateSerializer, Immutable, Alias("realtime.DeadLetter")]
internal sealed record DeadLetter(
    [property: Id(0)] string Endpoint, [property: Id(1)] MessageId Message, [property: Id(2)] string Type, [property: Id(3)] Instant At, [property: Id(4)] int Attempts,
    [property: Id(5)] string Answer, [property: Id(6)] Instant GivenUpAt);

/// <summary>Rows of a pharmacy's streams up to which something is done.</summary>
/// <param name="Orders">Of its stock and orders; 0 for none.</param>
/// <param name="Page">Of its page.</param>
internal sealed record WebhookCursor(long Orders, long Page)
{
    /// <summary>Before anything.</summary>
    public static readonly WebhookCursor Start = new(0, 0);

    /// <summary>Whether it is past the row that a message came of.</summary>
    public bool Covers(MessageId message) => message.Seq <= (message.Source == MessageSource.Orders ? Orders : Page);
}

/// <summary>Why a change of webhooks was refused.</summary>
internal enum WebhookRefusal : byte
{
    /// <summary>The pharmacy has no endpoint of this id.</summary>
    UnknownWebhook,

    /// <summary>The pharmacy has as many as it may.</summary>
    Full,

    /// <summary>The pharmacy has one with this address.</summary>
    AlreadyThere,

    /// <summary>The address is none that may be called.</summary>
    Address,

    /// <summary>The endpoint has no dead letter of this id.</summary>
    UnknownMessage,

    /// <summary>The endpoint said that it is gone: it takes a test first.</summary>
    Gone,

    /// <summary>The secret before the present one still signs: a third would end it before its time.</summary>
    RotatedBefore,

    /// <summary>A test is on its way there.</summary>
    TestUnderWay,
}

/// <summary>An address that events are sent to.</summary>
/// <param name="Id">As <c>w3</c>, after the row that added it.</param>
/// <param name="Url">The address.</param>
/// <param name="Events">Types of messages that it wants.</param>
/// <param name="Description">What it is, for people.</param>
/// <param name="Secret">Sealed.</param>
/// <param name="From">It gets what comes after these rows.</param>
/// <param name="AddedAt">Since when it is here.</param>
internal sealed record WebhookEndpoint(string Id, string Url, IReadOnlyList<string> Events, string? Description, string Secret, WebhookCursor From, Instant AddedAt)
{
    /// <summary>The secret before, sealed; null where there is none.</summary>
    public string? OldSecret { get; init; }

    /// <summary>Until when that one signs as well.</summary>
    public Instant? OldUntil { get; init; }

    /// <summary>Since when it is gone; null where it is not.</summary>
    public Instant? GoneAt { get; init; }

    /// <summary>Messages that wait.</summary>
    public ImmutableSortedDictionary<MessageId, Waiting> Waiting { get; init; } = ImmutableSortedDictionary<MessageId, Waiting>.Empty;

    /// <summary>Messages that were given up, as they were.</summary>
    public ImmutableList<DeadLetter> Dead { get; init; } = [];

    /// <summary>Whether it is to be told of a message.</summary>
    public bool Wants(WebhookMessage message) => GoneAt is null && !From.Covers(message.Id) && Events.Contains(message.Type);

    /// <summary>The secrets that sign now, sealed, the newest first.</summary>
    public IReadOnlyList<string> SecretsAt(Instant now) => OldSecret is { } old && now < OldUntil ? [Secret, old] : [Secret];
}

/// <summary>The webhooks of one pharmacy.</summary>
internal sealed record WebhookState
{
    /// <summary>Before anything happened.</summary>
    public static readonly WebhookState Empty = new();

    /// <summary>Where to, in the order in which they were added.</summary>
    public ImmutableList<WebhookEndpoint> Endpoints { get; init; } = [];

    /// <summary>Up to which rows every message was taken, waits or was given up.</summary>
    public WebhookCursor Cursor { get; init; } = WebhookCursor.Start;

    /// <summary>Types of messages that anybody wants.</summary>
    public IReadOnlyList<string> Wanted => [.. WebhookMessages.Types.Where(type => Endpoints.Exists(endpoint => endpoint.GoneAt is null && endpoint.Events.Contains(type)))];

    /// <summary>The endpoint of an id.</summary>
    public WebhookEndpoint? Find(string id) => Endpoints.Find(endpoint => endpoint.Id == id);

    /// <summary>Whether a message waits for an endpoint.</summary>
    public bool IsWaiting(DeliveryKey key) => Find(key.Endpoint)?.Waiting.ContainsKey(key.Message) == true;
}

/// <summary>Decides what a command does to a pharmacy's webhooks, and what they are after what happened. Pure.</summary>
internal static class WebhookRules
{
    /// <summary>Endpoints that a pharmacy may have.</summary>
    public const int Most = 10;

    /// <summary>Messages that wait for one endpoint; beyond that the oldest are given up.</summary>
    public const int MostWaiting = 1_000;

    /// <summary>Dead letters that are kept of one endpoint.</summary>
    public const int MostDead = 1_000;

    /// <summary>How long a dead letter is kept.</summary>
    public static readonly Duration DeadAge = Duration.FromDays(30);

    /// <summary>How long a secret that was replaced signs as well.</summary>
    public static readonly Duration OldSecretLife = Duration.FromHours(24);

    /// <summary>Why a message was given up, where that was no answer: too many waited, or its endpoint was gone.</summary>
    public const string TooMany = "too-many-waiting", GoneWord = "gone";

    /// <summary>Events are to be sent to one more address.</summary>
    public static (WebhookEvent?, WebhookRefusal?) DecideAdding(WebhookState state, EndpointAdded added) =>
        state.Endpoints.Exists(endpoint => endpoint.Url == added.Url) ? (null, WebhookRefusal.AlreadyThere)
        : state.Endpoints.Count >= Most ? (null, WebhookRefusal.Full)
        : (added, null);

    /// <summary>An endpoint goes.</summary>
    public static (WebhookEvent?, WebhookRefusal?) DecideRemoval(WebhookState state, string endpoint) =>
        state.Find(endpoint) is null ? (null, WebhookRefusal.UnknownWebhook) : (new EndpointRemoved(endpoint), null);

    /// <summary>An endpoint gets another secret.</summary>
    public static (WebhookEvent?, WebhookRefusal?) DecideRotation(WebhookState state, string endpoint, string secret, Instant now) =>
        state.Find(endpoint) is not { } found ? (null, WebhookRefusal.UnknownWebhook)
        : now < found.OldUntil ? (null, WebhookRefusal.RotatedBefore)
        : (new SecretRotated(endpoint, secret, now + OldSecretLife), null);

    /// <summary>A dead letter is to be sent again.</summary>
    public static (WebhookEvent?, WebhookRefusal?) DecideRedelivery(WebhookState state, string endpoint, MessageId message, Instant now) =>
        state.Find(endpoint) is not { } found ? (null, WebhookRefusal.UnknownWebhook)
        : !LettersAt(found, now).Any(letter => letter.Message == message) ? (null, WebhookRefusal.UnknownMessage)
        : found.GoneAt is not null ? (null, WebhookRefusal.Gone)
        : (new LetterRedelivered(endpoint, message), null);

    /// <summary>What follows from an attempt that failed: it waits, or is given up.</summary>
    /// <param name="waiting">The message as it was before the attempt.</param>
    /// <param name="outcome">What became of it.</param>
    /// <param name="now">The instant it is.</param>
    public static (Waiting?, DeadLetter?) DecideFailure(Waiting waiting, DeliveryOutcome outcome, Instant now)
    {
        var attempts = waiting.Attempts + 1;
        return !outcome.IsGone && WebhookRetries.Next(waiting.Endpoint, waiting.Message, attempts, outcome.RetryAfter, now) is { } next
            ? (waiting with { Attempts = attempts, Next = next, Answer = outcome.Answer }, null)
            : (null, new(waiting.Endpoint, waiting.Message, waiting.Type, waiting.At, attempts, outcome.Answer, now));
    }

    /// <summary>Dead letters that are still kept, the newest first.</summary>
    public static IEnumerable<DeadLetter> LettersAt(WebhookEndpoint endpoint, Instant now) => endpoint.Dead.Where(letter => now - letter.GivenUpAt < DeadAge).Reverse();

    /// <summary>The webhooks after an event. Never checks a rule, never reads a clock.</summary>
    public static WebhookState Evolve(WebhookState state, WebhookEvent happened, long seq, Instant at) => happened switch
    {
        EndpointAdded e => Started(state, e.From) with { Endpoints = state.Endpoints.Add(new($"w{seq}", e.Url, e.Events, e.Description, e.Secret, e.From, at)) },
        EndpointRemoved e => state with { Endpoints = state.Endpoints.RemoveAll(endpoint => endpoint.Id == e.Endpoint) },
        SecretRotated e => Change(state, e.Endpoint, endpoint => endpoint with { Secret = e.Secret, OldSecret = endpoint.Secret, OldUntil = e.OldUntil }),
        EndpointResumed e => Change(Started(state, e.From), e.Endpoint, endpoint => endpoint with { GoneAt = null, From = e.From }),
        LetterRedelivered e => Change(state, e.Endpoint, endpoint => Again(endpoint, e.Message, at)),
        DeliveriesMoved e => Move(state, e, at),
        _ => throw new InvalidOperationException($"{happened.GetType().Name} is not known here."),
    };

    // Where nobody wanted anything, there is nothing to be made up for.
    private static WebhookState Started(WebhookState state, WebhookCursor from) => state.Wanted.Count > 0 ? state : state with { Cursor = from };

    private static WebhookState Change(WebhookState state, string id, Func<WebhookEndpoint, WebhookEndpoint> change) =>
        state with { Endpoints = [.. state.Endpoints.Select(endpoint => endpoint.Id == id ? change(endpoint) : endpoint)] };

    private static WebhookEndpoint Again(WebhookEndpoint endpoint, MessageId message, Instant at)
    {
        var letter = endpoint.Dead.Find(dead => dead.Message == message)!;
        return endpoint with
        {
            Dead = endpoint.Dead.Remove(letter),
            Waiting = endpoint.Waiting.SetItem(message, new(endpoint.Id, message, letter.Type, letter.At, 0, at, letter.Answer)),
        };
    }

    private static WebhookState Move(WebhookState state, DeliveriesMoved moved, Instant at) => state with
    {
        Cursor = moved.Cursor ?? state.Cursor,
        Endpoints = [.. state.Endpoints.Select(endpoint => Move(endpoint, moved, at))],
    };

    private static WebhookEndpoint Move(WebhookEndpoint endpoint, DeliveriesMoved moved, Instant at)
    {
        var dead = moved.Dead.Where(letter => letter.Endpoint == endpoint.Id).ToList();
        var waiting = endpoint.Waiting
            .SetItems(moved.Waiting.Where(one => one.Endpoint == endpoint.Id).Select(one => KeyValuePair.Create(one.Message, one)))
            .RemoveRange(moved.Settled.Where(key => key.Endpoint == endpoint.Id).Select(key => key.Message))
            .RemoveRange(dead.Select(letter => letter.Message));
        var isGone = moved.Gone.Contains(endpoint.Id);
        var given = isGone ? [.. waiting.Values] : waiting.Count > MostWaiting ? waiting.Values.OrderBy(one => one.At).ThenBy(one => one.Message).Take(waiting.Count - MostWaiting).ToList() : [];
        dead.AddRange(given.Select(one => new DeadLetter(one.Endpoint, one.Message, one.Type, one.At, one.Attempts, isGone ? GoneWord : TooMany, at)));
        return endpoint with
        {
            Waiting = waiting.RemoveRange(given.Select(one => one.Message)),
            Dead = dead.Count == 0 ? endpoint.Dead : Kept(endpoint.Dead.AddRange(dead), at),
            GoneAt = isGone ? at : endpoint.GoneAt,
        };
    }

    private static ImmutableList<DeadLetter> Kept(ImmutableList<DeadLetter> dead, Instant at)
    {
        var kept = dead.RemoveAll(letter => at - letter.GivenUpAt >= DeadAge);
        return kept.Count > MostDead ? kept.RemoveRange(0, kept.Count - MostDead) : kept;
    }
}
