using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Realtime.Identity;
using Realtime.Pharmacies;

namespace Realtime.Webhooks;

/// <summary>A message on its way to an endpoint.</summary>
/// <param name="Key">Which, and where to.</param>
/// <param name="Url">The address.</param>
/// <param name="Body">What is sent.</param>
/// <param name="Secrets">By which it is signed, sealed for the pharmacy's stream.</param>
internal sealed record Dispatch(DeliveryKey Key, string Url, byte[] Body, IReadOnlyList<string> Secrets)
{
    /// <summary>Whose message it is.</summary>
    public PharmacyId Pharmacy => Key.Message.Pharmacy;
}

/// <summary>
/// In every silo: makes the calls that webhooks are, beside the work of grains, and reports to them what became of each. So many run at once, and so many of these to one host,
/// so that receivers that hang hold up themselves. What is to be sent stands in the pharmacy's streams until it was taken, so nothing is lost here: what is dropped is put again.
/// </summary>
internal sealed partial class WebhookSender(IGrainFactory grains, Sealing sealing, WebhookGuard guard, Clock clock, ILogger<WebhookSender> log) : BackgroundService
{
    private const int Room = 20_000, MostAtOnce = 256, MostPerHost = 16, MostReported = 500;
    private const int KilobytesOfHeaders = 16, DrainedBytes = 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15), ConnectionLife = TimeSpan.FromMinutes(2), Idle = TimeSpan.FromSeconds(30);

    private readonly HostLanes _lanes = new(MostAtOnce, MostPerHost);
    // What is here: a message that its grain puts again meanwhile goes out once.
    private readonly ConcurrentDictionary<DeliveryKey, bool> _here = new();
    private readonly Channel<(PharmacyId Pharmacy, DeliveryOutcome Outcome)> _outcomes = Channel.CreateUnbounded<(PharmacyId, DeliveryOutcome)>(new() { SingleReader = true });
    private readonly HttpMessageInvoker _http = new(HandlerOf(guard));

    /// <summary>Takes a message, unless it is here already; drops it where too many are.</summary>
    public void Put(Dispatch dispatch)
    {
        if (_here.Count >= Room || !_here.TryAdd(dispatch.Key, true))
            return;
        _lanes.Put(new Uri(dispatch.Url).Authority, () => Call(dispatch));
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _outcomes.Reader.WaitToReadAsync(stoppingToken))
        {
            var read = new List<(PharmacyId Pharmacy, DeliveryOutcome Outcome)>();
            while (read.Count < MostReported && _outcomes.Reader.TryRead(out var one))
                read.Add(one);
            // One pharmacy that is slow to hear keeps no other from hearing.
            foreach (var pharmacy in read.GroupBy(one => one.Pharmacy))
                _ = Report(pharmacy.Key, [.. pharmacy.Select(one => one.Outcome)]);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        // What is on its way fails, and stays to be sent.
        _http.Dispose();
        base.Dispose();
    }

    /// <summary>What makes the calls: to checked addresses only, straight, wherever the answer points, and without what somebody else's calls left behind.</summary>
    internal static SocketsHttpHandler HandlerOf(WebhookGuard guard) => new()
    {
        ConnectCallback = guard.Connect,
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        AutomaticDecompression = DecompressionMethods.None,
        PooledConnectionLifetime = ConnectionLife,
        PooledConnectionIdleTimeout = Idle,
        MaxConnectionsPerServer = MostPerHost,
        MaxResponseHeadersLength = KilobytesOfHeaders,
        // The body of an answer says nothing here: so much of it is read that the connection can be used again.
        MaxResponseDrainSize = DrainedBytes,
    };

    private async Task Call(Dispatch dispatch)
    {
        _outcomes.Writer.TryWrite((dispatch.Pharmacy, await Send(dispatch)));
        _here.TryRemove(dispatch.Key, out _);
    }

    private async Task<DeliveryOutcome> Send(Dispatch dispatch)
    {
        var (endpoint, message) = dispatch.Key;
        try
        {
            using var patience = new CancellationTokenSource(Patience, clock.Time);
            using var request = RequestOf(dispatch);
            using var answer = await _http.SendAsync(request, patience.Token);
            return DeliveryOutcome.Of(endpoint, message, (int)answer.StatusCode, SecondsToWait(answer));
        }
        catch (Exception failure)
        {
            // Whatever it was, it was an attempt that failed, and is told as such; addresses may hold what their owner keeps to himself, so they are not in the log.
            var word = WordOf(failure);
            LogFailed(message.ToString(), endpoint, word);
            return new(endpoint, message, null, word);
        }
    }

    private HttpRequestMessage RequestOf(Dispatch dispatch)
    {
        var (id, now) = (dispatch.Key.Message.ToString(), clock.Now);
        var place = WebhookStreams.Of(dispatch.Pharmacy);
        var request = new HttpRequestMessage(HttpMethod.Post, dispatch.Url) { Content = new ByteArrayContent(dispatch.Body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.UserAgent.Add(new("Realtime-Webhooks", "1"));
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", WebhookSignature.TimestampOf(now));
        request.Headers.Add("webhook-signature", WebhookSignature.SignAll(dispatch.Secrets.Select(secret => sealing.Open(secret, place)), id, now, dispatch.Body));
        return request;
    }

    private int? SecondsToWait(HttpResponseMessage answer)
    {
        var asked = answer.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - clock.Time.GetUtcNow(),
            _ => TimeSpan.Zero,
        };
        return asked > TimeSpan.Zero ? (int)Math.Min(asked.TotalSeconds, TimeSpan.FromDays(1).TotalSeconds) : null;
    }

    private static string WordOf(Exception failure) => failure switch
    {
        OperationCanceledException => "timeout",
        AddressRefusedException => "refused-address",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "tls",
        HttpRequestException { InnerException: { } inner } => WordOf(inner),
        HttpRequestException or IOException or System.Net.Sockets.SocketException => "unreachable",
        _ => "not-sent",
    };

    private async Task Report(PharmacyId pharmacy, DeliveryOutcome[] outcomes)
    {
        try
        {
            await grains.GetGrain<IWebhookGrain>(pharmacy.Value).Report(outcomes);
        }
        catch (Exception failure)
        {
            // It was tried, but the grain does not know, whatever kept it from hearing: it will have it tried once more.
            LogUntold(pharmacy, failure.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Message} was not taken by {Endpoint}: {Word}")]
    private partial void LogFailed(string message, string endpoint, string word);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhooks of {Pharmacy} were called, and it could not be told: {Cause}")]
    private partial void LogUntold(PharmacyId pharmacy, string cause);
}
