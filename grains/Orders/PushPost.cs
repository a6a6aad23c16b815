using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using Realtime.Push;
using Realtime.Webhooks;

namespace Realtime.Orders;

/// <summary>What a browser is to be told of an order, on its way.</summary>
/// <param name="Order">Which order.</param>
/// <param name="Of">The order's own events when it came about.</param>
/// <param name="News">What it is.</param>
/// <param name="To">Which browser.</param>
internal sealed record Telling(OrderId Order, long Of, OrderNews News, PushSubscription To);

/// <summary>
/// In every silo: calls the push services of browsers beside the queues' work (RFC 8030). What is to be told stands in a queue's stream until the push service has it, so nothing
/// is lost here: what is dropped is put again by its queue. Addresses are browsers' own and nobody has vouched for them: they are called as those of webhooks are.
/// </summary>
internal sealed partial class PushPost(VapidKey key, OrderSecrets secrets, WebhookGuard guard, IGrainFactory grains, Clock clock, ILogger<PushPost> log) : IDisposable
{
    /// <summary>So long a push service keeps what a telephone that is switched off is to be told.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    private const int Room = 20_000, MostAtOnce = 128, MostPerHost = 16, FirstError = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), LongestAsked = TimeSpan.FromMinutes(9);
    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(25)];

    private readonly HostLanes _lanes = new(MostAtOnce, MostPerHost);
    // The last of each order: what is older is no news, and must not arrive after it.
    private readonly ConcurrentDictionary<OrderId, Telling> _last = new();
    private readonly HttpMessageInvoker _http = new(WebhookSender.HandlerOf(guard));

    private enum Outcome
    {
        Taken,
        Refused,
        Gone,
        NotNow,
    }

    /// <summary>What is wrong with an address; null where it may be called.</summary>
    public AddressFault? Refuse(string endpoint) => guard.Refuse(endpoint);

    /// <summary>Takes what is to be told, unless it is here already; drops it where too many are.</summary>
    public void Put(Telling telling)
    {
        if (_last.Count >= Room || _last.TryGetValue(telling.Order, out var here) && here.Of == telling.Of)
            return;
        _last[telling.Order] = telling;
        Enqueue(telling, attempt: 0);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private void Enqueue(Telling telling, int attempt) => _lanes.Put(new Uri(telling.To.Endpoint).Authority, () => Send(telling, attempt));

    private async Task Send(Telling telling, int attempt)
    {
        if (!IsLast(telling))
            return;
        var (outcome, asked) = await Call(telling);
        if (outcome != Outcome.NotNow)
            await Tell(telling, isGone: outcome == Outcome.Gone);
        else if (attempt < Waits.Length)
            _ = Again(telling, attempt, asked > Waits[attempt] ? asked : Waits[attempt]);
        else
            Forget(telling);
    }

    private async Task Again(Telling telling, int attempt, TimeSpan wait)
    {
        await Task.Delay(wait < LongestAsked ? wait : LongestAsked, clock.Time);
        Enqueue(telling, attempt + 1);
    }

    private async Task<(Outcome Outcome, TimeSpan Asked)> Call(Telling telling)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience, clock.Time);
            using var request = RequestOf(telling);
            using var answer = await _http.SendAsync(request, patience.Token);
            var outcome = OutcomeOf(answer.StatusCode);
            if (outcome != Outcome.Taken)
                LogNotTaken((int)answer.StatusCode);
            return (outcome, answer.Headers.RetryAfter?.Delta ?? answer.Headers.RetryAfter?.Date - clock.Time.GetUtcNow() ?? TimeSpan.Zero);
        }
        catch (Exception failure)
        {
            // Whatever it was, it was an attempt that failed; addresses are personal, so that only the kind is in the log.
            LogFailed(failure.GetType().Name);
            return (failure is AddressRefusedException || failure.InnerException is AddressRefusedException ? Outcome.Gone : Outcome.NotNow, TimeSpan.Zero);
        }
    }

    private HttpRequestMessage RequestOf(Telling telling)
    {
        var name = secrets.PushNameOf(telling.Order);
        var body = PushEncryption.Seal(PushText.OfOrder(name, OrderJson.WordOf(telling.News)).Write(), telling.To);
        var request = new HttpRequestMessage(HttpMethod.Post, telling.To.Endpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/octet-stream");
        request.Content.Headers.ContentEncoding.Add("aes128gcm");
        request.Headers.TryAddWithoutValidation("Authorization", key.AuthorizationFor(request.RequestUri!, clock.Now));
        request.Headers.Add("TTL", ((int)Kept.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("Urgency", "high");
        request.Headers.Add("Topic", name);
        return request;
    }

    // A subscription that is not known there any more, or was made for another key, never will be again.
    private static Outcome OutcomeOf(HttpStatusCode status) => status switch
    {
        >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices => Outcome.Taken,
        HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.Forbidden => Outcome.Gone,
        // A token that is not believed is a fault of ours, such as a clock that is wrong: the news stays owed.
        HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or HttpStatusCode.Unauthorized or >= (HttpStatusCode)FirstError => Outcome.NotNow,
        _ => Outcome.Refused,
    };

    private async Task Tell(Telling telling, bool isGone)
    {
        Forget(telling);
        try
        {
            await grains.GetGrain<IOrderQueueGrain>(telling.Order.Pharmacy.Value).Pushed(telling.Order, telling.Of, isGone);
        }
        catch (Exception failure)
        {
            // It was sent, but the queue does not know, whatever kept it from hearing: it will send once more.
            LogUntold(failure.Message);
        }
    }

    private bool IsLast(Telling telling) => _last.TryGetValue(telling.Order, out var last) && ReferenceEquals(last, telling);

    private void Forget(Telling telling) => _last.TryRemove(new(telling.Order, telling));

    [LoggerMessage(Level = LogLevel.Information, Message = "A push service did not take a message: {Status}")]
    private partial void LogNotTaken(int status);

    [LoggerMessage(Level = LogLevel.Information, Message = "A push service could not be called: {Kind}")]
    private partial void LogFailed(string kind);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A browser was told, and its queue could not be told so: {Cause}")]
    private partial void LogUntold(string cause);
}
