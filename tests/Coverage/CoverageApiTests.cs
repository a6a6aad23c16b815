using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using NodaTime.Text;
using Realtime.Coverage;
using Realtime.Hours;
using Realtime.Tests.Edge;
using Realtime.Web.Coverage;
using Realtime.Web.Live;

namespace Realtime.Tests.Coverage;

[Collection(nameof(DemoHost))]
public sealed class CoverageApiTests(DemoHost demo, ITestOutputHelper output)
{
    private const string Coverage = "/api/v1/coverage", ANight = "2027-01-05T03:00:00%2B01:00";
    private static readonly Instant Night = InstantPattern.General.Parse("2027-01-05T02:00:00Z").Value;

    [Fact]
    public async Task The_country_is_the_sum_of_its_departments_and_a_department_of_its_communes()
    {
        var answer = await Get($"{Coverage}?at={ANight}");

        Assert.Equal(["at", "asOf", "source", "country", "departments", "communes"], answer.EnumerateObject().Select(m => m.Name));
        Assert.Equal(["population", "meanMeters", "medianMeters", "p90Meters", "beyond", "unreached"], answer.GetProperty("country").EnumerateObject().Select(m => m.Name));
        Assert.Equal("2027-01-05T02:00:00.000Z", answer.GetProperty("at").GetString());
        Assert.Equal([10_000, 20_000, 30_000], answer.GetProperty("country").GetProperty("beyond").EnumerateArray().Select(b => b.GetProperty("meters").GetInt32()));
        Assert.Empty(answer.GetProperty("communes").EnumerateArray());
        var departments = answer.GetProperty("departments").EnumerateArray().ToArray();
        Assert.Equal(Population(answer.GetProperty("country")), departments.Sum(d => Population(d.GetProperty("figures"))));

        var finistere = await Get($"{Coverage}?department=29&at={ANight}");
        Assert.Equal(answer.GetProperty("country").ToString(), finistere.GetProperty("country").ToString());
        var figures = Assert.Single(finistere.GetProperty("departments").EnumerateArray()).GetProperty("figures");
        var communes = finistere.GetProperty("communes").EnumerateArray().ToArray();
        Assert.Equal(departments.Single(d => d.GetProperty("department").GetString() == "29").GetProperty("figures").ToString(), figures.ToString());
        Assert.Equal(Population(figures), communes.Sum(Population));
        Assert.Equal(figures.GetProperty("beyond")[1].GetProperty("communes").GetInt32(), communes.Count(c => c.GetProperty("meters") is { ValueKind: JsonValueKind.Number } meters && meters.GetInt32() > 20_000));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(ANight)]
    public async Task Each_commune_is_told_the_nearest_that_serves_on_its_land(string? at)
    {
        var communes = Communes.OfTowns();
        var country = demo.Host.Services.GetRequiredService<Country>();
        string[] wrong = [];
        // Somebody may open between the two looks, and an answer may be a second old: then they are compared again.
        for (var look = 0; look < 3; look++)
        {
            var answer = await Get($"{Coverage}?department=974{(at is null ? "" : $"&at={at}")}");
            var serving = country.All.Where(p => (at is null ? p.Shown.Status.State : p.Schedule.StateAt(Night)) is ServiceState.Open or ServiceState.OnCall)
                .Select(p => new ServingPharmacy(p.Facts.Record.Id, new(p.Facts.Record.Latitude, p.Facts.Record.Longitude), communes.LandOf(p.Facts.Record))).ToArray();
            wrong = [.. answer.GetProperty("communes").EnumerateArray().Where(item => !IsOf(item, Scene.Nearest(communes.All.Single(c => c.Insee == item.GetProperty("insee").GetString()), serving))).Select(item => item.ToString())];
            if (wrong.Length == 0)
                return;
            await Task.Delay(1_100);
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task It_is_answered_as_geojson_and_as_a_table_to_whoever_prefers_that()
    {
        using var asked = new HttpRequestMessage(HttpMethod.Get, $"{Coverage}?department=2A&at={ANight}");
        asked.Headers.Accept.Add(new("application/geo+json"));
        using var byHeader = await demo.Client.SendAsync(asked);
        using var byParameter = await demo.Client.GetAsync($"{Coverage}?department=2A&at={ANight}&format=geojson");
        using var table = await demo.Client.GetAsync($"{Coverage}?department=2A&at={ANight}&format=csv");
        using var tables = await demo.Client.GetAsync($"{Coverage}?at={ANight}&format=csv");
        var json = await Get($"{Coverage}?department=2A&at={ANight}");

        Assert.Equal(("application/geo+json", "application/geo+json"), (byHeader.Content.Headers.ContentType!.MediaType, byParameter.Content.Headers.ContentType!.MediaType));
        Assert.Equal(await byHeader.Content.ReadAsStringAsync(), await byParameter.Content.ReadAsStringAsync());
        var features = (await byHeader.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("features").EnumerateArray().ToArray();
        var communes = json.GetProperty("communes").EnumerateArray().ToArray();
        Assert.Equal(communes.Select(c => (c.GetProperty("insee").GetString(), c.GetProperty("lon").GetDouble())), features.Select(f => (f.GetProperty("id").GetString(), f.GetProperty("geometry").GetProperty("coordinates")[0].GetDouble())));
        Assert.Equal("text/csv", table.Content.Headers.ContentType!.MediaType);
        var lines = (await table.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("insee,name,lat,lon,population,landmass,meters,pharmacy", lines[0]);
        Assert.Equal(communes.Length, lines.Length - 1);
        Assert.StartsWith($"FR,{Population(json.GetProperty("country"))},", (await tables.Content.ReadAsStringAsync()).Split("\r\n")[1]);
    }

    [Fact]
    public async Task One_more_duty_is_told_for_the_country_for_departments_and_for_the_communes_that_gain_most()
    {
        var country = demo.Host.Services.GetRequiredService<Country>();
        var shut = country.All.First(p => p.Facts.Record.Insee == "97411" && p.Schedule.StateAt(Night) == ServiceState.Closed).Facts.Record;
        var answer = await Get($"{Coverage}/what-if?pharmacy={shut.Id}&at={ANight}");
        var before = await Get($"{Coverage}?at={ANight}");

        Assert.False(answer.GetProperty("alreadyServing").GetBoolean());
        Assert.Equal(before.GetProperty("country").ToString(), answer.GetProperty("country").GetProperty("before").ToString());
        Assert.True(answer.GetProperty("country").GetProperty("nearer").GetProperty("communes").GetInt32() > 0);
        Assert.Equal("974", Assert.Single(answer.GetProperty("departments").EnumerateArray()).GetProperty("department").GetString());
        Assert.All(answer.GetProperty("communes").EnumerateArray(), c => Assert.True(!(Meters(c.GetProperty("beforeMeters")) < Meters(c.GetProperty("afterMeters")))));
        Assert.Equal("75", Assert.Single((await Get($"{Coverage}/what-if?pharmacy={shut.Id}&at={ANight}&department=75")).GetProperty("departments").EnumerateArray()).GetProperty("department").GetString());

        var serving = country.All.First(p => p.Schedule.StateAt(Night) == ServiceState.OnCall).Facts.Record.Id;
        var same = await Get($"{Coverage}/what-if?pharmacy={serving}&at={ANight}");
        Assert.True(same.GetProperty("alreadyServing").GetBoolean());
        Assert.Equal(same.GetProperty("country").GetProperty("before").ToString(), same.GetProperty("country").GetProperty("after").ToString());
    }

    [Theory]
    [InlineData("?department=00", "department")]
    [InlineData("?department=finistere", "department")]
    [InlineData("?format=xml", "format")]
    [InlineData("?at=2090-01-01T00:00:00Z", "at")]
    [InlineData("?x=1", "x")]
    [InlineData("/what-if", "pharmacy")]
    [InlineData("/what-if?pharmacy=990000011", "pharmacy")]
    [InlineData("/what-if?pharmacy=990000010&format=csv", "format")]
    public async Task What_is_wrong_is_named(string query, string culprit)
    {
        using var answer = await demo.Client.GetAsync(Coverage + query);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal([culprit], (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }

    [Fact]
    public async Task The_real_communes_are_measured_at_one_instant_in_no_time()
    {
        var (france, country, clock) = (Scene.France, demo.Host.Services.GetRequiredService<Country>(), demo.Host.Services.GetRequiredService<Clock>());
        List<double> now = [], then = [];
        for (var round = 0; round < 5; round++)
        {
            // A desk of its own each time, so that nothing is remembered.
            using var desk = new CoverageDesk(country, clock);
            now.Add(await Milliseconds(() => desk.At(france, null, default)));
            then.Add(await Milliseconds(() => desk.At(france, Night + Duration.FromDays(round), default)));
        }
        output.WriteLine($"{france.All.Count} communes, {country.Count} pharmacies: now {now.Min():F0} ms at best, {now.Order().ElementAt(2):F0} ms median; another instant {then.Min():F0} and {then.Order().ElementAt(2):F0} ms");
        // The bound is that of a release build on an idle machine; here it only must not be out of all proportion.
        Assert.InRange(now.Min(), 0, 2_000);
    }

    private static bool IsOf(JsonElement item, (double Meters, Realtime.Pharmacies.PharmacyId Id)? nearest) =>
        item.GetProperty("pharmacy").GetString() == nearest?.Id.Value && Meters(item.GetProperty("meters")) == (nearest is { } found ? (int)Math.Round(found.Meters) : null);

    private static async Task<double> Milliseconds(Func<Task<CoverageView>> measure)
    {
        var started = Stopwatch.GetTimestamp();
        var view = await measure();
        _ = (view.Country, view.Departments);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private Task<JsonElement> Get(string address) => demo.Client.GetFromJsonAsync<JsonElement>(address);

    private static long Population(JsonElement of) => of.GetProperty("population").GetInt64();

    private static int? Meters(JsonElement meters) => meters.ValueKind == JsonValueKind.Null ? null : meters.GetInt32();
}
