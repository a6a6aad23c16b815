using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Realtime.Tests.Edge;

namespace Realtime.Tests.Pharmacies;

[Collection(nameof(DemoHost))]
public sealed class PharmacyApiTests(DemoHost demo)
{
    [Fact]
    public async Task A_page_tells_all_and_carries_its_version_for_later_changes()
    {
        using var answer = await demo.Client.GetAsync("/api/v1/pharmacies/990000010");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        var page = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal($"\"{page.GetProperty("seq").GetInt64()}\"", answer.Headers.ETag?.Tag);
        foreach (var member in new[] { "id", "name", "lat", "lon", "address", "phone", "status", "services", "hours", "zone", "closures", "news", "modules", "mentions", "seq" })
            Assert.True(page.TryGetProperty(member, out _), member);
        Assert.Equal("Europe/Paris", page.GetProperty("zone").GetString());
    }

    [Fact]
    public async Task A_schedule_is_merged_sorted_clipped_and_in_the_offset_of_the_pharmacy()
    {
        var schedule = await demo.Client.GetFromJsonAsync<JsonElement>("/api/v1/pharmacies/990000010/schedule?from=2027-01-04T00:00:00%2B01:00&to=2027-01-18T00:00:00%2B01:00");

        var intervals = schedule.GetProperty("intervals").EnumerateArray().Select(i => (Start: i.GetProperty("start").GetDateTimeOffset(), End: i.GetProperty("end").GetDateTimeOffset())).ToArray();
        Assert.NotEmpty(intervals);
        Assert.All(intervals, i => Assert.True(i.Start < i.End && i.Start.Offset == TimeSpan.FromHours(1)));
        Assert.All(intervals.Zip(intervals.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start));
    }

    [Theory]
    [InlineData("990000010", "2026-12-25T00:00:00%2B01:00", "2027-01-01T00:00:00%2B01:00", "2026-12-25 Jour de Noël")]
    [InlineData("990000010", "2026-12-25T00:00:00%2B01:00", "2027-01-01T00:00:01%2B01:00", "2026-12-25 Jour de Noël, 2027-01-01 1er janvier")]
    [InlineData("990147290", "2027-05-27T00:00:00-04:00", "2027-05-28T00:00:00-04:00", "2027-05-27 Abolition de l'esclavage")]
    [InlineData("990000010", "2027-05-27T00:00:00%2B02:00", "2027-05-28T00:00:00%2B02:00", "")]
    [InlineData("990147290", "2026-12-25T00:00:00%2B01:00", "2026-12-25T04:00:00%2B01:00", "")]
    public async Task A_schedule_names_the_public_holidays_of_the_pharmacy_among_its_local_dates(string id, string from, string to, string holidays)
    {
        var schedule = await demo.Client.GetFromJsonAsync<JsonElement>($"/api/v1/pharmacies/{id}/schedule?from={from}&to={to}");

        Assert.Equal(holidays, string.Join(", ", schedule.GetProperty("holidays").EnumerateArray().Select(h => $"{h.GetProperty("date").GetString()} {h.GetProperty("name").GetString()}")));
    }

    [Fact]
    public async Task Two_duties_back_to_back_are_one_interval_where_nothing_shown_differs()
    {
        // A Saturday night and the Sunday after it, of a pharmacy that serves both.
        var map = await demo.Client.GetFromJsonAsync<JsonElement>("/api/v1/pharmacies/nearest?lat=48.85&lon=2.35&k=50&status=onCall&at=2027-01-09T23:00:00%2B01:00");
        foreach (var item in map.GetProperty("items").EnumerateArray())
        {
            var schedule = await demo.Client.GetFromJsonAsync<JsonElement>($"/api/v1/pharmacies/{item.GetProperty("id").GetString()}/schedule?from=2027-01-01T00:00:00Z&to=2027-03-01T00:00:00Z");
            var intervals = schedule.GetProperty("intervals").EnumerateArray().ToArray();
            Assert.All(intervals.Zip(intervals.Skip(1)), pair => Assert.False(
                Text(pair.First, "end") == Text(pair.Second, "start") && Text(pair.First, "state") == Text(pair.Second, "state")
                && Text(pair.First, "access") == Text(pair.Second, "access") && Text(pair.First, "reason") == Text(pair.Second, "reason"),
                $"{pair.First} and {pair.Second} are one"));
        }

        static string Text(JsonElement json, string name) => json.GetProperty(name).ToString();
    }

    [Theory]
    [InlineData("2.2,48.8,2.3,48.9")]
    [InlineData("160,-25,-140,-10")]
    public async Task A_map_shows_the_pharmacies_of_its_area_longitude_first(string bbox)
    {
        var map = await demo.Client.GetFromJsonAsync<JsonElement>($"/api/v1/pharmacies?bbox={bbox}");

        var numbers = bbox.Split(',').Select(double.Parse).ToArray();
        Assert.Equal("FeatureCollection", map.GetProperty("type").GetString());
        Assert.NotEmpty(map.GetProperty("features").EnumerateArray());
        Assert.All(map.GetProperty("features").EnumerateArray(), f =>
        {
            var (lon, lat) = (f.GetProperty("geometry").GetProperty("coordinates")[0].GetDouble(), f.GetProperty("geometry").GetProperty("coordinates")[1].GetDouble());
            Assert.InRange(lat, numbers[1], numbers[3]);
            Assert.True(numbers[0] <= numbers[2] ? lon >= numbers[0] && lon <= numbers[2] : lon >= numbers[0] || lon <= numbers[2]);
        });
    }

    [Fact]
    public async Task A_map_of_more_than_anybody_can_look_at_counts_them_all_in_clusters()
    {
        var map = await demo.Client.GetFromJsonAsync<JsonElement>("/api/v1/pharmacies?bbox=-180,-90,180,90");

        Assert.All(map.GetProperty("features").EnumerateArray(), f => Assert.True(f.GetProperty("properties").GetProperty("cluster").GetBoolean()));
        Assert.Equal(20_174, map.GetProperty("features").EnumerateArray().Sum(f => f.GetProperty("properties").GetProperty("count").GetInt32()));
    }

    [Fact]
    public async Task Services_have_names_in_both_languages()
    {
        var services = await demo.Client.GetFromJsonAsync<JsonElement>("/api/v1/services");

        Assert.All(services.GetProperty("items").EnumerateArray(), s =>
        {
            Assert.NotEmpty(s.GetProperty("code").GetString()!);
            Assert.NotEmpty(s.GetProperty("french").GetString()!);
            Assert.NotEmpty(s.GetProperty("english").GetString()!);
        });
    }

    [Fact]
    public async Task Towns_are_found_as_people_type_them()
    {
        var towns = await demo.Client.GetFromJsonAsync<JsonElement>("/api/v1/towns?q=saint etienne&limit=3");

        Assert.Equal("Saint-Étienne", towns.GetProperty("items")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_preview_shows_what_a_string_means_and_warns_that_it_is_silent_on_holidays()
    {
        using var answer = await demo.Client.PostAsJsonAsync("/api/v1/hours/preview", new { hours = "Fr 22:00-02:00", zone = "Europe/Paris", from = "2026-11-27T00:00:00+01:00", to = "2026-11-29T00:00:00+01:00" });

        var preview = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var interval = Assert.Single(preview.GetProperty("intervals").EnumerateArray());
        Assert.Equal("2026-11-27T22:00:00+01:00", interval.GetProperty("start").GetString());
        Assert.Equal("2026-11-28T02:00:00+01:00", interval.GetProperty("end").GetString());
        Assert.Equal("open", interval.GetProperty("state").GetString());
        Assert.Single(preview.GetProperty("warnings").EnumerateArray());
    }

    [Fact]
    public async Task The_reference_and_the_document_behind_it_name_every_parameter()
    {
        var document = await demo.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        using var reference = await demo.Client.GetAsync("/docs");

        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var parameters = document.GetProperty("paths").GetProperty("/api/v1/pharmacies/nearest").GetProperty("get").GetProperty("parameters");
        Assert.Equal(["lat", "lon", "k", "at", "status", "product", "equivalents", "service", "maxDistance"], parameters.EnumerateArray().Select(p => p.GetProperty("name").GetString()));
        Assert.Equal(HttpStatusCode.OK, reference.StatusCode);
    }
}
