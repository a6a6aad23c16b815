using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using NodaTime.Text;
using Realtime.Hours;
using Realtime.Nearest;
using Realtime.Tests.Edge;
using Realtime.Web.Live;

namespace Realtime.Tests.Nearest;

[Collection(nameof(DemoHost))]
public sealed class NearestApiTests(DemoHost demo)
{
    private const string Nearest = "/api/v1/pharmacies/nearest";

    [Fact]
    public async Task The_nearest_ten_of_Paris_come_sorted_and_serve()
    {
        var answer = await demo.Client.GetFromJsonAsync<JsonElement>($"{Nearest}?lat=48.8566&lon=2.3522");

        var items = Items(answer);
        Assert.Equal(10, items.Length);
        Assert.Equal(items.OrderBy(Distance).ThenBy(Id, StringComparer.Ordinal).Select(Id), items.Select(Id));
        Assert.All(items, i => Assert.Contains(State(i), new[] { "open", "onCall" }));
        Assert.All(items, i => Assert.True(i.GetProperty("synthetic").GetBoolean()));
        Assert.False(answer.GetProperty("stale").GetBoolean());
        Assert.Empty(answer.GetProperty("hiddenDuty").EnumerateArray());
        Assert.Equal(
            ["id", "name", "lat", "lon", "address", "phone", "status", "services", "clickAndCollect", "stock", "hoursSource", "confirmedAt", "synthetic", "version", "distance"],
            items[0].EnumerateObject().Select(m => m.Name));
    }

    [Fact]
    public async Task Distances_are_great_circle_metres()
    {
        var items = Items(await demo.Client.GetFromJsonAsync<JsonElement>($"{Nearest}?lat=48.8566&lon=2.3522&k=50&status=any"));

        var here = new Position(48.8566, 2.3522);
        Assert.All(items, i => Assert.Equal(
            Math.Round(GreatCircle.DistanceMeters(here, new(i.GetProperty("lat").GetDouble(), i.GetProperty("lon").GetDouble()))), Distance(i)));
    }

    [Theory]
    [InlineData("open", "open")]
    [InlineData("onCall", "onCall")]
    public async Task A_status_that_is_asked_for_is_the_only_one_answered(string status, string state)
    {
        var items = Items(await demo.Client.GetFromJsonAsync<JsonElement>($"{Nearest}?lat=46&lon=2&k=50&status={status}"));

        Assert.All(items, i => Assert.Equal(state, State(i)));
    }

    [Fact]
    public async Task Services_narrow_the_answer_and_all_of_them_must_be_offered()
    {
        var items = Items(await demo.Client.GetFromJsonAsync<JsonElement>($"{Nearest}?lat=48.85&lon=2.35&k=20&status=any&service=vaccination&service=homeDelivery"));

        Assert.Equal(20, items.Length);
        Assert.All(items, i => Assert.Superset(
            new HashSet<string> { "vaccination", "homeDelivery" }, i.GetProperty("services").EnumerateArray().Select(s => s.GetString()!).ToHashSet()));
    }

    [Fact]
    public async Task Nothing_is_further_than_the_greatest_distance()
    {
        var items = Items(await demo.Client.GetFromJsonAsync<JsonElement>($"{Nearest}?lat=48.8566&lon=2.3522&k=50&status=any&maxDistance=500"));

        Assert.NotEmpty(items);
        Assert.All(items, i => Assert.InRange(Distance(i), 0, 500));
    }

    [Fact]
    public async Task From_the_far_side_of_the_world_there_is_an_answer_too()
    {
        var items = Items(await demo.Client.GetFromJsonAsync<JsonElement>($"{Nearest}?lat=-20&lon=-179.9&k=3&status=any"));

        Assert.Equal(3, items.Length);
        Assert.Equal(items.Select(Distance).Order(), items.Select(Distance));
    }

    [Fact]
    public async Task Another_instant_is_answered_from_the_schedules_and_agrees_with_them()
    {
        // A Sunday at ten in the morning, some months ahead.
        const string at = "2027-03-14T10:00:00%2B01:00";
        var items = Items(await demo.Client.GetFromJsonAsync<JsonElement>($"{Nearest}?lat=48.8566&lon=2.3522&k=20&at={at}"));

        Assert.Equal(20, items.Length);
        Assert.Equal(items.Select(Distance).Order(), items.Select(Distance));
        foreach (var item in items)
        {
            var schedule = await demo.Client.GetFromJsonAsync<JsonElement>($"/api/v1/pharmacies/{Id(item)}/schedule?from={at}&to=2027-03-14T10:00:01%2B01:00");
            Assert.Equal(State(item), schedule.GetProperty("intervals")[0].GetProperty("state").GetString());
        }
    }

    [Fact]
    public async Task Now_asked_as_an_instant_is_the_same_as_now()
    {
        var now = demo.Host.Time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var fromMasks = Items(await demo.Client.GetFromJsonAsync<JsonElement>($"{Nearest}?lat=45.75&lon=4.85&k=50"));
        var fromSchedules = Items(await demo.Client.GetFromJsonAsync<JsonElement>($"{Nearest}?lat=45.75&lon=4.85&k=50&at={now}"));

        Assert.Equal(fromSchedules.Select(Id), fromMasks.Select(Id));
        Assert.Equal(fromSchedules.Select(i => i.GetProperty("status").ToString()), fromMasks.Select(i => i.GetProperty("status").ToString()));
    }

    [Theory]
    [InlineData("lat=-48&lon=-170&k=50&status=onCall", "2027-01-12T10:00:00Z")]
    [InlineData("lat=48.8566&lon=2.3522&k=10&status=open", "2027-01-13T02:00:00Z")]
    [InlineData("lat=48.8566&lon=2.3522&k=10&status=any", "2027-01-13T02:00:00Z")]
    public async Task However_few_serve_at_an_instant_those_are_found(string asked, string at)
    {
        var instant = InstantPattern.General.Parse(at).Value;
        var states = asked[(asked.LastIndexOf('=') + 1)..] switch { "open" => [ServiceState.Open], "onCall" => [ServiceState.OnCall], _ => Enum.GetValues<ServiceState>() };
        var query = System.Web.HttpUtility.ParseQueryString(asked);
        var from = new Position(double.Parse(query["lat"]!, CultureInfo.InvariantCulture), double.Parse(query["lon"]!, CultureInfo.InvariantCulture));
        var expected = demo.Host.Services.GetRequiredService<Country>().All.Where(p => states.Contains(p.Schedule.StateAt(instant))).Select(p => p.Facts.Record)
            .OrderBy(r => GreatCircle.DistanceMeters(from, new(r.Latitude, r.Longitude))).ThenBy(r => r.Id).Take(int.Parse(query["k"]!, CultureInfo.InvariantCulture)).Select(r => r.Id.Value);

        var started = Stopwatch.GetTimestamp();
        var items = Items(await demo.Client.GetFromJsonAsync<JsonElement>($"{Nearest}?{asked}&at={at}"));

        TestContext.Current.TestOutputHelper?.WriteLine($"{asked}: {items.Length} in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F0} ms");
        Assert.Equal(expected, items.Select(Id));
    }

    private static JsonElement[] Items(JsonElement answer) => [.. answer.GetProperty("items").EnumerateArray()];

    private static string Id(JsonElement item) => item.GetProperty("id").GetString()!;

    private static string State(JsonElement item) => item.GetProperty("status").GetProperty("state").GetString()!;

    private static double Distance(JsonElement item) => item.GetProperty("distance").GetInt32();
}
