using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using NodaTime.Text;
using Realtime.Hours;
using Realtime.Pharmacies;

namespace Realtime.Tests.Live;

/// <summary>The demo country on its own clock, which the tests only ever move forward.</summary>
public sealed class LiveHost : IAsyncLifetime
{
    private static readonly DateTimeZone Paris = DateTimeZoneProviders.Tzdb["Europe/Paris"];

    public RealtimeHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await RealtimeHost.Start(demo: true);

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    /// <summary>Moves the clock to a little before the next weekday evening at 19:30 in Paris, and waits until the node has followed.</summary>
    public async Task<Instant> BeforeEvening(Duration lead)
    {
        var date = Host.Time.Now.InZone(Paris).Date.PlusDays(1);
        while (date.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday || PublicHolidays.IsHoliday(date, HolidayZone.Metropole))
            date = date.PlusDays(1);
        var evening = Paris.AtLeniently(date.At(new LocalTime(19, 30))).ToInstant();
        Host.Time.Set(evening - lead);
        while ((await Host.Client.GetFromJsonAsync<JsonElement>("/api/v1/pharmacies/nearest?lat=48.85&lon=2.35&k=1")).GetProperty("asOf").GetDateTimeOffset() < (evening - lead).ToDateTimeOffset())
            await Task.Delay(20);
        return evening;
    }

    /// <summary>Moves the clock on to a little before an instant, unless it is there already: whoever was quick to prepare has nothing to wait for.</summary>
    public void HurryTo(Instant instant)
    {
        // The ticker looks at the clock each second at least: it has seen that the clock was moved when the instant comes.
        if (instant - Duration.FromSeconds(2) is var before && Host.Time.Now < before)
            Host.Time.Set(before);
    }

    /// <summary>A pharmacy that is open and closes at a given instant.</summary>
    public async Task<JsonElement> ClosingAt(Instant instant)
    {
        foreach (var town in (string[])["lat=47.22&lon=-1.55", "lat=45.76&lon=4.83", "lat=44.84&lon=-0.58", "lat=43.6&lon=1.44", "lat=50.63&lon=3.06", "lat=48.85&lon=2.35"])
        {
            var open = await Host.Client.GetFromJsonAsync<JsonElement>($"/api/v1/pharmacies/nearest?{town}&k=50&status=open");
            if (open.GetProperty("items").EnumerateArray().FirstOrDefault(p => Until(p) == instant) is { ValueKind: JsonValueKind.Object } found)
                return found;
        }
        throw new InvalidOperationException($"No pharmacy of the six towns closes at {instant}.");
    }

    public static Instant? Until(JsonElement pharmacy) =>
        pharmacy.GetProperty("status").GetProperty("until").GetString() is { } until ? OffsetDateTimePattern.Rfc3339.Parse(until).Value.ToInstant() : null;
}

[CollectionDefinition(nameof(LiveHost), DisableParallelization = true)]
public sealed class LiveHostCollection : ICollectionFixture<LiveHost>;

[Collection(nameof(LiveHost))]
public sealed class LiveTests(LiveHost live, ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_watcher_is_told_of_a_closing_within_250_ms_of_the_second_it_happens(bool messagePack)
    {
        var evening = await live.BeforeEvening(Duration.FromSeconds(8));
        var pharmacy = await live.ClosingAt(evening);
        var id = pharmacy.GetProperty("id").GetString()!;
        var told = Channel.CreateUnbounded<(Instant At, Dictionary<string, object> Change)>();
        await using var phone = await live.Host.Connect(messagePack, c => c.On<Dictionary<string, object>>("PharmacyChanged", change => told.Writer.TryWrite((live.Host.Time.Now, change))));
        await phone.InvokeAsync<Dictionary<string, object>>("WatchPharmacy", id);

        live.HurryTo(evening);
        var (at, change) = await told.Reader.ReadAsync().AsTask().WaitAsync(Patience);

        var delay = at - evening;
        output.WriteLine($"{(messagePack ? "MessagePack" : "JSON")}: told {delay.TotalMilliseconds:F1} ms after {evening}");
        Assert.InRange(delay.TotalMilliseconds, 0, 250);
        Assert.Equal(["at", "id", "status", "version"], change.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(id, change["id"].ToString());
        Assert.NotEqual("open", Member(change["status"], "state"));
        Assert.Equal(evening, OffsetDateTimePattern.Rfc3339.Parse(Member(change["version"], "since")).Value.ToInstant());
    }

    [Fact]
    public async Task A_nearest_watch_is_told_its_whole_list_when_the_list_changes_and_only_then()
    {
        var evening = await live.BeforeEvening(Duration.FromSeconds(8));
        var pharmacy = await live.ClosingAt(evening);
        var (lat, lon) = (pharmacy.GetProperty("lat").GetDouble(), pharmacy.GetProperty("lon").GetDouble());
        var told = Channel.CreateUnbounded<JsonElement>();
        await using var phone = await live.Host.Connect(before: c => c.On<JsonElement>("NearestChanged", change => told.Writer.TryWrite(change)));

        var watched = await phone.InvokeAsync<JsonElement>("WatchNearest", lat, lon, 5);
        // Seen from Saint-Pierre, where it is afternoon, nothing changes while mainland France closes.
        var elsewhere = await phone.InvokeAsync<JsonElement>("WatchNearest", 46.78, -56.17, 1);
        var before = watched.GetProperty("state");
        Assert.Contains(before.GetProperty("items").EnumerateArray(), i => i.GetProperty("id").GetString() == pharmacy.GetProperty("id").GetString());
        Assert.False(told.Reader.TryPeek(out _));

        live.HurryTo(evening);
        var change = await told.Reader.ReadAsync().AsTask().WaitAsync(Patience);

        Assert.Equal(watched.GetProperty("subscription").GetString(), change.GetProperty("subscription").GetString());
        await Task.Delay(500);
        while (told.Reader.TryRead(out var later))
            Assert.NotEqual(elsewhere.GetProperty("subscription").GetString(), later.GetProperty("subscription").GetString());
        var items = change.GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(5, items.Length);
        Assert.DoesNotContain(items, i => i.GetProperty("id").GetString() == pharmacy.GetProperty("id").GetString());
        Assert.All(items, i => Assert.Contains(i.GetProperty("status").GetProperty("state").GetString(), new[] { "open", "onCall" }));
        Assert.True(string.CompareOrdinal(change.GetProperty("asOf").GetString(), before.GetProperty("asOf").GetString()) > 0);
        var asked = await live.Host.Client.GetFromJsonAsync<JsonElement>(FormattableString.Invariant($"/api/v1/pharmacies/nearest?lat={lat}&lon={lon}&k=5"));
        Assert.Equal(asked.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()), items.Select(i => i.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task An_area_is_told_of_each_of_its_pharmacies_and_a_watch_that_has_ended_of_none()
    {
        var evening = await live.BeforeEvening(Duration.FromSeconds(8));
        var pharmacy = await live.ClosingAt(evening);
        var (lat, lon) = (pharmacy.GetProperty("lat").GetDouble(), pharmacy.GetProperty("lon").GetDouble());
        var (told, silent) = (Channel.CreateUnbounded<JsonElement>(), Channel.CreateUnbounded<JsonElement>());
        await using var watching = await live.Host.Connect(before: c => c.On<JsonElement>("PharmacyChanged", change => told.Writer.TryWrite(change)));
        await using var ended = await live.Host.Connect(before: c => c.On<JsonElement>("PharmacyChanged", change => silent.Writer.TryWrite(change)));
        await watching.InvokeAsync<JsonElement>("WatchArea", lon - 0.001, lat - 0.001, lon + 0.001, lat + 0.001);
        var over = await ended.InvokeAsync<JsonElement>("WatchArea", lon - 0.001, lat - 0.001, lon + 0.001, lat + 0.001);
        await ended.InvokeAsync("Unwatch", over.GetProperty("subscription").GetString());

        live.HurryTo(evening);
        var change = await told.Reader.ReadAsync().AsTask().WaitAsync(Patience);

        Assert.Contains(over.GetProperty("state").GetProperty("items").EnumerateArray(), i => i.GetProperty("id").GetString() == change.GetProperty("id").GetString());
        await Task.Delay(500);
        Assert.False(silent.Reader.TryPeek(out _));
        await Assert.ThrowsAsync<HubException>(() => ended.InvokeAsync("Unwatch", over.GetProperty("subscription").GetString()));
    }

    [Fact]
    public async Task New_hours_reach_a_watcher_within_250_ms_with_the_next_version()
    {
        var pharmacy = (await live.Host.Client.GetFromJsonAsync<JsonElement>("/api/v1/pharmacies/nearest?lat=45.76&lon=4.83&k=1&status=any")).GetProperty("items")[0];
        var id = pharmacy.GetProperty("id").GetString()!;
        var told = Channel.CreateUnbounded<(Instant At, JsonElement Change)>();
        await using var phone = await live.Host.Connect(before: c => c.On<JsonElement>("PharmacyChanged", change => told.Writer.TryWrite((live.Host.Time.Now, change))));
        await phone.InvokeAsync<JsonElement>("WatchPharmacy", id);
        var grain = live.Host.Services.GetRequiredService<IGrainFactory>().GetGrain<IPharmacyGrain>(id);
        var seq = await grain.PageSeq();

        var answered = await grain.SetHours(pharmacy.GetProperty("status").GetProperty("state").GetString() == "closed" ? "24/7; PH open" : "off; PH off", seq, "test");
        var acknowledged = live.Host.Time.Now;
        var (at, change) = await told.Reader.ReadAsync().AsTask().WaitAsync(Patience);

        output.WriteLine($"told {(at - acknowledged).TotalMilliseconds:F1} ms after the acknowledgement");
        Assert.Null(answered.Refusal);
        Assert.InRange((at - acknowledged).TotalMilliseconds, -250, 250);
        Assert.Equal(answered.Seq, change.GetProperty("version").GetProperty("seq").GetInt64());
        var page = await live.Host.Client.GetFromJsonAsync<JsonElement>($"/api/v1/pharmacies/{id}");
        Assert.Equal("pharmacy", page.GetProperty("hoursSource").GetString());
    }

    [Fact]
    public async Task Refusals_name_the_culprit_and_leave_the_connection_alive()
    {
        await using var phone = await live.Host.Connect();

        foreach (var (method, arguments, word) in new (string, object[], string)[]
        {
            ("WatchPharmacy", ["750020928"], "unknown-pharmacy"),
            ("WatchPharmacy", [""], "unknown-pharmacy"),
            ("WatchNearest", [91.0, 2.0, 5], "lat"),
            ("WatchNearest", [48.0, 2.0, 0], "k"),
            ("WatchNearest", [48.0, 2.0, 51], "k"),
            ("WatchArea", [2.0, 49.0, 3.0, 48.0], "s at most n"),
            ("WatchArea", [-180.0, -90.0, 180.0, 90.0], "5000"),
            ("Unwatch", ["nothing"], "subscription"),
        })
        {
            var refusal = await Assert.ThrowsAsync<HubException>(() => phone.InvokeCoreAsync(method, typeof(object), arguments));
            Assert.Contains(word, refusal.Message, StringComparison.Ordinal);
        }
        Assert.Equal(HubConnectionState.Connected, phone.State);
    }

    [Fact]
    public async Task A_connection_may_watch_ten_places_and_no_more_until_it_ends_one()
    {
        await using var phone = await live.Host.Connect();
        var first = await phone.InvokeAsync<JsonElement>("WatchNearest", 48.0, 2.0, 1);
        for (var i = 1; i < 10; i++)
            await phone.InvokeAsync<JsonElement>("WatchNearest", 48.0, 2.0, 1);

        var refusal = await Assert.ThrowsAsync<HubException>(() => phone.InvokeAsync<JsonElement>("WatchNearest", 48.0, 2.0, 1));

        Assert.Contains("too-many-requests", refusal.Message, StringComparison.Ordinal);
        await phone.InvokeAsync("Unwatch", first.GetProperty("subscription").GetString());
        await phone.InvokeAsync<JsonElement>("WatchNearest", 48.0, 2.0, 1);
    }

    // MessagePack gives dictionaries with object keys, JSON gives elements.
    private static string Member(object? value, string name) => value switch
    {
        JsonElement json => json.GetProperty(name).GetString()!,
        System.Collections.IDictionary map => Convert.ToString(map[name], CultureInfo.InvariantCulture)!,
        _ => throw new InvalidOperationException($"{value?.GetType()} holds no {name}."),
    };
}
