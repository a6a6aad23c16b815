using System.Text.Json;
using NodaTime;
using Realtime.Tests.Identity;

namespace Realtime.Tests.Counter;

/// <summary>"Why was it shown open at 19:59:58?"</summary>
[Collection(nameof(CounterHost))]
public sealed class HistoryTests(CounterHost counter)
{
    [Fact]
    public async Task Any_past_instant_shows_what_stood_then_and_the_events_that_made_it_so()
    {
        var id = counter.NextPharmacy();
        var seed = await counter.Page(id);
        var begun = counter.Host.Time.Now;
        await counter.Change(HttpMethod.Put, id, "hours", new { hours = "24/7; PH open" }, 0, "k").Expect(200);
        var open = counter.Host.Time.Now;
        await Task.Delay(20);
        await counter.Change(HttpMethod.Post, id, "closures", new { start = Text(begun), end = Text(begun + Duration.FromDays(1)), reason = "inventaire" }, 1).Expect(201);
        await counter.Change(HttpMethod.Post, id, "pause", new { reason = "inventaire" }, 2).Expect(200);
        var closed = counter.Host.Time.Now;

        var before = await At(id, begun);
        Assert.Equal((0L, seed.GetProperty("hours").ToString(), "synthetic", 0), (before.GetProperty("seq").GetInt64(), before.GetProperty("hours").ToString(), Member(before, "hoursSource"), before.GetProperty("events").GetArrayLength()));
        // The seed's duty counts too: what is said of then is what the page showed then.
        Assert.Equal(seed.GetProperty("status").GetProperty("state").GetString(), Member(before.GetProperty("status"), "state"));

        var during = await At(id, open);
        Assert.Equal((1L, "open", "24/7; PH open"), (during.GetProperty("seq").GetInt64(), Member(during.GetProperty("status"), "state"), Member(during, "hours")));
        var set = Assert.Single(during.GetProperty("events").EnumerateArray());
        Assert.Equal(("hours.set", "hours set by the pharmacy", """{"hours":"24/7; PH open"}"""), (Member(set, "kind"), Member(set, "reason"), set.GetProperty("data").GetRawText()));
        Assert.NotEqual("", Member(set, "actor"));

        var after = await At(id, closed);
        Assert.Equal((3L, "closed", "inventaire"), (after.GetProperty("seq").GetInt64(), Member(after.GetProperty("status"), "state"), Member(after.GetProperty("status"), "reason")));
        Assert.Equal(["pharmacy.paused", "closure.declared", "hours.set"], after.GetProperty("events").EnumerateArray().Select(e => Member(e, "kind")!));
        Assert.Equal(("c2", "inventaire", 0), (Member(Assert.Single(after.GetProperty("closures").EnumerateArray()), "id"), Member(after.GetProperty("paused"), "reason"), after.GetProperty("earlier").GetInt32()));
    }

    [Fact]
    public async Task An_operator_may_look_and_others_may_not_and_nobody_sees_the_future()
    {
        var id = counter.NextPharmacy();
        var path = $"/api/v1/counter/{id}/history?at=2026-11-01T12:00:00Z";
        await counter.Client.Send(HttpMethod.Get, path, await counter.Token("operator")).Expect(200);
        await counter.Client.Send(HttpMethod.Get, path, await counter.Token($"preparer:{id}")).Expect(200);
        await counter.Client.Send(HttpMethod.Get, path, await counter.Token("staff:990000028")).Refuse(403, "forbidden");
        await counter.Client.Send(HttpMethod.Get, path, null).Refuse(401, "unauthenticated");
        var token = await counter.Token("operator");
        await counter.Client.Send(HttpMethod.Get, $"/api/v1/counter/{id}/history", token).Refuse(400, "invalid-request", "at");
        await counter.Client.Send(HttpMethod.Get, $"/api/v1/counter/{id}/history?at=2095-01-01T00:00:00Z", token).Refuse(400, "invalid-request", "at");
        await counter.Client.Send(HttpMethod.Get, "/api/v1/counter/750020927/history?at=2026-11-01T12:00:00Z", token).Refuse(404, "unknown-pharmacy");
        await counter.Client.Send(HttpMethod.Get, "/api/v1/counter/nothing/history?at=2026-11-01T12:00:00Z", token).Refuse(404, "unknown-pharmacy");
    }

    private async Task<JsonElement> At(string id, Instant at) =>
        await counter.Client.Send(HttpMethod.Get, $"/api/v1/counter/{id}/history?at={Text(at)}", await counter.Token($"staff:{id}")).Expect(200);

    private static string Text(Instant instant) => instant.ToString("uuuu-MM-dd'T'HH:mm:ss.fffffff'Z'", null);

    private static string? Member(JsonElement json, string name) => json.GetProperty(name).GetString();
}
