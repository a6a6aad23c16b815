using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using NodaTime.Extensions;
using Realtime.Pharmacies;
using Realtime.Tests.Identity;

namespace Realtime.Tests.Orders;

/// <summary>A request as it is sent.</summary>
/// <param name="Method">Of HTTP.</param>
/// <param name="Path">Below the service's address.</param>
/// <param name="Body">Written as JSON; null for none.</param>
/// <param name="Token">An order's token; null where the counter asks, or nobody needs to be known.</param>
/// <param name="Counter">Whose counter asks; null where a buyer does.</param>
/// <param name="Seq">The version that the caller knows; null where none is named.</param>
/// <param name="Feed">The lines of a feed; null for anything else.</param>
internal sealed record Request(HttpMethod Method, string Path, object? Body = null, string? Token = null, PharmacyId? Counter = null, long? Seq = null, string? Feed = null);

/// <summary>All that callers of a campaign share: the counters' tokens, and how often which answer came.</summary>
/// <param name="service">Whom they call.</param>
/// <param name="pharmacies">Whose counters they are.</param>
internal sealed class Callers(KillableService service, IReadOnlyList<PharmacyId> pharmacies)
{
    // A token names so many pharmacies; with all of a thousand it would be longer than a header may be.
    private const int PerToken = 40;

    private static readonly TimeSpan TokenAge = TimeSpan.FromMinutes(45);
    private readonly Lock _turn = new();
    private readonly Dictionary<PharmacyId, int> _groups = pharmacies.Index().ToDictionary(pair => pair.Item, pair => pair.Index / PerToken);
    private readonly Dictionary<(int Group, string Role), (Task<string> Text, long At)> _tokens = [];

    /// <summary>How often each answer came, by status and word.</summary>
    public ConcurrentDictionary<string, int> Answers { get; } = new(StringComparer.Ordinal);

    /// <summary>The token of a counter, or in another role of the pharmacy's, asked for anew where it grows old or was refused.</summary>
    public Task<string> Token(PharmacyId counter, string role = "staff")
    {
        var group = (Number: _groups[counter], role);
        lock (_turn)
        {
            if (!_tokens.TryGetValue(group, out var known) || known.Text.IsFaulted || Stopwatch.GetElapsedTime(known.At) > TokenAge)
                _tokens[group] = known = (service.Counters.Token(string.Join(' ', pharmacies.Skip(group.Number * PerToken).Take(PerToken).Select(id => $"{role}:{id}"))), Stopwatch.GetTimestamp());
            return known.Text;
        }
    }

    /// <summary>Sends it once.</summary>
    public async Task<Answer> Once(Request asked, string? key)
    {
        var sent = TimeProvider.System.GetCurrentInstant();
        var (status, word, body) = (0, "", Array.Empty<byte>());
        try
        {
            using var request = new HttpRequestMessage(asked.Method, asked.Path);
            if ((asked.Counter is { } counter ? await Token(counter, asked.Feed is null ? "staff" : "lgo") : asked.Token) is { } token)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (key is not null)
                request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
            if (asked.Seq is { } seq)
                request.Headers.TryAddWithoutValidation("If-Match", $"\"{seq}\"");
            request.Content = asked.Feed is { } feed ? new StringContent(feed, new MediaTypeHeaderValue("application/x-ndjson")) : asked.Body is null ? null : JsonContent.Create(asked.Body);
            using var answer = await (asked.Counter is null ? service.Buyers : service.Counters).SendAsync(request);
            (status, body) = ((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync());
            word = answer.IsSuccessStatusCode ? "" : WordOf(body);
            if (answer.StatusCode == HttpStatusCode.Unauthorized)
                Forget();
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or TaskCanceledException)
        {
            // Nobody knows whether it was carried out: that is what it is sent again for.
            word = lost.GetType().Name;
        }
        Answers.AddOrUpdate($"{status} {word}".TrimEnd(), 1, (_, count) => count + 1);
        return new(status, word, body, sent, TimeProvider.System.GetCurrentInstant());
    }

    private void Forget()
    {
        lock (_turn)
            _tokens.Clear();
    }

    private static string WordOf(byte[] body)
    {
        try
        {
            return JsonDocument.Parse(body).RootElement.GetProperty("type").GetString()!["/problems/".Length..];
        }
        catch (Exception strange) when (strange is JsonException or KeyNotFoundException)
        {
            return "no-problem";
        }
    }
}

/// <summary>Sends each request one to five times with one key, some at once and the others after them, and goes on until an answer says what became of it.</summary>
/// <param name="callers">With whom it shares the service.</param>
/// <param name="random">Says how often; used only before a request is first sent.</param>
internal sealed class Sender(Callers callers, Random random)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180), Pause = TimeSpan.FromMilliseconds(100);
    private static readonly int[] Copies = [1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5];

    /// <summary>Whether each sending has a key of its own, as a caller must not do: for the negative control.</summary>
    public bool WithFreshKeys { get; init; }

    /// <summary>A success if there was one; else the last refusal.</summary>
    public async Task<Answer> Send(Wish wish, Request request)
    {
        var copies = Copies[random.Next(Copies.Length)];
        var first = 1 + random.Next(copies);
        var started = Stopwatch.GetTimestamp();
        var answers = (await Task.WhenAll(Enumerable.Range(0, first).Select(copy => Once(wish, request, copy)))).ToList();
        // A refusal says nothing of another copy whose answer was lost: only one that is sent later does.
        var known = answers.Exists(answer => answer.IsSuccess) || answers.TrueForAll(answer => answer.IsDefinite);
        for (var copy = first; copy < copies || !known; copy++)
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"{request.Method} {request.Path} was not answered in time, the last time with {answers[^1].Status} {answers[^1].Word}.");
            if (!known)
                await Task.Delay(Pause);
            answers.Add(await Once(wish, request, copy));
            // A copy that is lost after a refusal may be the one that was taken.
            known = answers.Exists(answer => answer.IsSuccess) || answers[^1].IsDefinite;
        }
        return answers.Find(answer => answer.IsSuccess) ?? answers.FindLast(answer => answer.IsDefinite)!;
    }

    /// <summary>Reads until there is an answer.</summary>
    public async Task<Answer> Read(Request request)
    {
        for (var started = Stopwatch.GetTimestamp(); ; await Task.Delay(Pause))
        {
            if (await callers.Once(request, null) is { IsDefinite: true } answer)
                return answer;
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"{request.Path} was not answered in time.");
        }
    }

    private async Task<Answer> Once(Wish wish, Request request, int copy)
    {
        var answer = await callers.Once(request, WithFreshKeys ? $"{wish.Key}-{copy}" : wish.Key);
        wish.Hear(answer);
        return answer;
    }
}
