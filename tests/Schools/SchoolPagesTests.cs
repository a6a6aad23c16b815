using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Realtime.Schools;
using Realtime.Tests.Counter;
using Realtime.Tests.Identity;

namespace Realtime.Tests.Schools;

/// <summary>What patients see of hours that speak of school holidays.</summary>
[Collection(nameof(CounterHost))]
public sealed class SchoolPagesTests(CounterHost counter)
{
    private const string Hours = "Mo-Su,PH 00:00-24:00; SH off \"vacances\"";

    [Fact]
    public async Task A_day_is_unknown_until_a_table_tells_it_and_the_page_follows_the_table_at_once()
    {
        var id = counter.NextPharmacy();
        await counter.Change(HttpMethod.Put, id, "hours", new { hours = Hours }, 0, "k").Expect(200);
        await Shows(id, "unknown", "vacances scolaires, horaires à confirmer");
        var untold = counter.Host.Time.Now;
        await Task.Delay(20);

        var today = counter.Host.Time.Now.InZone(DateTimeZoneProviders.Tzdb["Europe/Paris"]).Date;
        await Put(new SchoolBreak(Text(today.PlusDays(-3)), Text(today.PlusDays(3))));
        await Shows(id, "closed", "vacances");
        Assert.Equal(["closed"], await States(today, "75056"));
        Assert.Equal(["unknown"], await States(today, null));

        await Put(new SchoolBreak(Text(today.PlusDays(-9)), Text(today.PlusDays(-8))), new SchoolBreak(Text(today.PlusDays(8)), Text(today.PlusDays(9))));
        await Shows(id, "open", null);

        // What was shown is told by the table of then.
        var before = await counter.Client.Send(HttpMethod.Get, $"/api/v1/counter/{id}/history?at={untold.ToString("uuuu-MM-dd'T'HH:mm:ss.fffffff'Z'", null)}", await counter.Token($"staff:{id}")).Expect(200);
        Assert.Equal("unknown", before.GetProperty("status").GetProperty("state").GetString());
        var after = await counter.Client.Send(HttpMethod.Get, $"/api/v1/counter/{id}/history?at={counter.Host.Time.Now.ToString("uuuu-MM-dd'T'HH:mm:ss.fffffff'Z'", null)}", await counter.Token($"staff:{id}")).Expect(200);
        Assert.Equal("open", after.GetProperty("status").GetProperty("state").GetString());
    }

    private async Task Put(params SchoolBreak[] breaks) =>
        Assert.Equal(1, await counter.Host.Services.GetRequiredService<IGrainFactory>().GetGrain<ISchoolGrain>(ISchoolGrain.Key).Put([new(SchoolZone.C, "2026-2027", breaks)], "operator"));

    // Of the preview, noon of a day: an interval that covers it, or none where it is closed.
    private async Task<string[]> States(LocalDate day, string? insee)
    {
        var noon = day.At(new LocalTime(12, 0)).InZoneLeniently(DateTimeZoneProviders.Tzdb["Europe/Paris"]).ToInstant();
        using var answer = await counter.Client.PostAsJsonAsync("/api/v1/hours/preview", new { hours = Hours, zone = "Europe/Paris", from = $"{noon}", to = $"{noon + Duration.FromHours(1)}", insee });
        var intervals = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("intervals").EnumerateArray().Select(i => i.GetProperty("state").GetString()!).ToArray();
        return intervals.Length == 0 ? ["closed"] : intervals;
    }

    private async Task Shows(string id, string state, string? reason)
    {
        JsonElement status = default;
        for (var tries = 0; tries < 100; tries++, await Task.Delay(50))
        {
            status = (await counter.Page(id)).GetProperty("status");
            if (status.GetProperty("state").GetString() == state)
                break;
        }
        Assert.Equal((state, reason), (status.GetProperty("state").GetString(), status.TryGetProperty("reason", out var said) ? said.GetString() : null));
    }

    private static string Text(LocalDate date) => date.ToString("uuuu-MM-dd", null);
}
