using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using NodaTime;
using Realtime.Pharmacies;
using Realtime.Tests.Counter;
using Realtime.Tests.Identity;

namespace Realtime.Tests.OnCall;

/// <summary>Duty as planners, titulaires and patients handle it, over HTTP.</summary>
/// <param name="client">Calls the node.</param>
internal sealed class RotaDesk(HttpClient client)
{
    private readonly Dictionary<string, Task<string>> _tokens = new(StringComparer.Ordinal);
    // Desks of several tests call one node.
    private static int _key;

    public HttpClient Client => client;

    /// <summary>A token of the demo's client.</summary>
    public Task<string> Token(string scope)
    {
        lock (_tokens)
            return _tokens.TryGetValue(scope, out var token) ? token : _tokens[scope] = client.Token(scope);
    }

    /// <summary>An Idempotency-Key that nobody has used.</summary>
    public static string NextKey() => $"rota-{Interlocked.Increment(ref _key)}";

    /// <summary>A call with a key of its own.</summary>
    public async Task<HttpResponseMessage> Call(HttpMethod method, string path, object? body = null, string scope = "planner:75", string? key = null)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/oncall/{path}");
        request.Headers.Authorization = new("Bearer", await Token(scope));
        request.Headers.Add("Idempotency-Key", key ?? NextKey());
        request.Content = body is null ? null : JsonContent.Create(body);
        return await client.SendAsync(request);
    }

    /// <summary>A sector of Paris with these pharmacies, once the node knows it: one that is hard at work may answer a little earlier.</summary>
    public async Task<JsonElement> Sector(string code, IEnumerable<string> pharmacies, string disclosure = "public", int horizonDays = 7, string kind = "night", string department = "75", object? call = null)
    {
        var sector = new { name = $"Secteur {code}", department, pharmacies, kinds = new[] { new { kind, disclosure, horizonDays } }, call = call ?? Array.Empty<object>() };
        var made = await Call(HttpMethod.Put, $"sectors/{code}", sector, $"planner:{department}").Expect(200);
        for (var i = 0; i < 100; i++, await Task.Delay(100))
        {
            using var known = await Call(HttpMethod.Get, $"sectors/{code}", null, $"planner:{department}");
            if (known.IsSuccessStatusCode && (await known.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("seq").GetInt64() >= made.GetProperty("seq").GetInt64())
                break;
        }
        return made;
    }

    /// <summary>Publishes a rota.</summary>
    public Task<JsonElement> Rota(string code, params object[] periods) => Call(HttpMethod.Put, $"sectors/{code}/rota", new { periods }).Expect(200);

    /// <summary>A night by the clock of Paris, from eight to eight.</summary>
    public static object Night(string pharmacy, LocalDate date, string? instructions = null) =>
        new { start = At(date, 20), end = At(date.PlusDays(1), 8), kind = "night", pharmacy, access = "bell", phone = "01 99 00 00 01", instructions };

    /// <summary>What names that night.</summary>
    public static object KeyOf(string sector, string pharmacy, LocalDate date) => new { sector, kind = "night", start = At(date, 20), pharmacy };

    /// <summary>A time on the wall in Paris as it crosses the wire.</summary>
    public static string At(LocalDate date, int hour) => Format(date.At(new LocalTime(hour, 0)).InZoneLeniently(DateTimeZoneProviders.Tzdb["Europe/Paris"]).ToInstant());

    public static string Format(Instant instant) => instant.ToString("uuuu-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The schedule of a pharmacy as its public sees it.</summary>
    public async Task<JsonElement[]> Schedule(string pharmacy, LocalDate from, int days) =>
        [.. (await client.GetFromJsonAsync<JsonElement>($"/api/v1/pharmacies/{pharmacy}/schedule?from={At(from, 0)}&to={At(from.PlusDays(days), 0)}")).GetProperty("intervals").EnumerateArray()];

    /// <summary>When that is on call.</summary>
    public async Task<string[]> OnCall(string pharmacy, LocalDate from, int days) =>
        [.. (await Schedule(pharmacy, from, days)).Where(i => i.GetProperty("state").GetString() == "onCall").Select(i => $"{i.GetProperty("start").GetString()}/{i.GetProperty("end").GetString()}")];

    /// <summary>The pharmacy's own hours, which leave its nights free, so that nothing but duty serves then.</summary>
    public async Task Hours(string pharmacy, string hours = "Mo-Sa 09:00-19:00; PH off") =>
        await client.Change(await Token($"staff:{pharmacy}"), HttpMethod.Put, pharmacy, "hours", new { hours }, 0).Expect(200);

    /// <summary>Pharmacies of Paris.</summary>
    public static string[] Pharmacies(int first, int count) => [.. Enumerable.Range(first, count).Select(i => DemoCountry.IdOf(i).Value)];
}
