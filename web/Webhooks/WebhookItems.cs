using Realtime.Web.Edge;
using Realtime.Webhooks;

namespace Realtime.Web.Webhooks;

/// <summary>Where events are to be sent.</summary>
/// <param name="Url">An https address on the public Internet.</param>
/// <param name="Events">Some of <c>order.placed</c>, <c>order.changed</c>, <c>stock.short</c>, <c>pharmacy.paused</c>, <c>pharmacy.resumed</c>.</param>
/// <param name="Description">What it is, for people; at most 100 characters.</param>
public sealed record WebhookAsked(string Url, IReadOnlyList<string> Events, string? Description = null);

/// <summary>An address that events are sent to.</summary>
/// <param name="Webhook">Its id.</param>
/// <param name="Url">The address.</param>
/// <param name="Events">Types of messages that it gets.</param>
/// <param name="Description">What it is.</param>
/// <param name="AddedAt">Since when it gets them.</param>
/// <param name="GoneAt">Since when nothing is sent there, because it answered 410; a test that it takes begins anew.</param>
/// <param name="Waiting">Messages that wait to be tried again.</param>
/// <param name="DeadLetters">Messages that were given up.</param>
public sealed record WebhookItem(string Webhook, string Url, IReadOnlyList<string> Events, string? Description, string AddedAt, string? GoneAt, int Waiting, int DeadLetters)
{
    internal static WebhookItem Of(WebhookView view) =>
        new(view.Id, view.Url, view.Events, view.Description, Moments.Utc(view.AddedAt), view.GoneAt is { } gone ? Moments.Utc(gone) : null, view.Waiting, view.Dead);
}

/// <summary>The webhooks of a pharmacy.</summary>
public sealed record WebhooksAnswer(IReadOnlyList<WebhookItem> Items);

/// <summary>A webhook with its secret, which is shown this once.</summary>
/// <param name="Webhook">Its id.</param>
/// <param name="Secret">By which messages are signed: <c>whsec_</c> and base64.</param>
/// <param name="Url">The address.</param>
/// <param name="Events">Types of messages that it gets.</param>
/// <param name="Description">What it is.</param>
public sealed record NewWebhookAnswer(string Webhook, string Secret, string Url, IReadOnlyList<string> Events, string? Description);

/// <summary>Another secret, shown this once.</summary>
/// <param name="Secret">The new one.</param>
/// <param name="OldUntil">Until when the one before it signs as well.</param>
public sealed record NewSecretAnswer(string Secret, string OldUntil);

/// <summary>What became of a test.</summary>
/// <param name="Message">The id that the message had.</param>
/// <param name="Delivered">Whether it was taken.</param>
/// <param name="Status">The HTTP status of the answer; null where there was none.</param>
/// <param name="Answer">In a word: <c>http-204</c>, <c>timeout</c>, <c>tls</c>, <c>unreachable</c>, <c>refused-address</c>, <c>gone</c>.</param>
public sealed record WebhookTestAnswer(string Message, bool Delivered, int? Status, string Answer);

/// <summary>A message that was given up.</summary>
/// <param name="Message">Its id.</param>
/// <param name="Type">Its type.</param>
/// <param name="At">When that happened which it tells.</param>
/// <param name="Attempts">Attempts made.</param>
/// <param name="Answer">What became of the last; <c>too-many-waiting</c> where more waited than may, <c>gone</c> where the endpoint was.</param>
/// <param name="GivenUpAt">When it was given up.</param>
public sealed record DeadLetterItem(string Message, string Type, string At, int Attempts, string Answer, string GivenUpAt)
{
    internal static DeadLetterItem Of(DeadLetter letter) =>
        new(letter.Message.ToString(), letter.Type, Moments.Utc(letter.At), letter.Attempts, letter.Answer, Moments.Utc(letter.GivenUpAt));
}

/// <summary>The dead letters of a webhook, the newest first.</summary>
public sealed record DeadLettersAnswer(IReadOnlyList<DeadLetterItem> Items);
