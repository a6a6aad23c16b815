using System.Net.Http.Json;
using System.Text.Json;
using NodaTime;
using Realtime.Tests.Counter;

namespace Realtime.Tests.OnCall;

/// <summary>Sectors, rotas and exchanges as their people use them, on a node with the demo country, on a Monday morning.</summary>
public sealed class RotaApiTests : IAsyncLifetime
{
    // Monday 23 November 2026, ten in the morning in Paris.
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 23, 9, 0);
    private static readonly LocalDate Today = new(2026, 11, 23);

    private RealtimeHost _host = null!;
    private RotaDesk _desk = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await RealtimeHost.Start(demo: true, start: Now);
        _desk = new(_host.Client);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_published_rota_shows_who_is_on_call_up_to_the_horizon_and_takes_the_place_of_the_seeds_duty()
    {
        var ids = RotaDesk.Pharmacies(300, 3);
        foreach (var id in ids)
            await _desk.Hours(id);
        await _desk.Sector("T-1", ids, horizonDays: 3);
        Assert.Empty(await _desk.OnCall(ids[0], Today, 6));
        await _desk.Rota("T-1", RotaDesk.Night(ids[0], Today, "Sonnez au 3."), RotaDesk.Night(ids[1], Today.PlusDays(1)), RotaDesk.Night(ids[0], Today.PlusDays(2)), RotaDesk.Night(ids[0], Today.PlusDays(4)));

        Assert.Equal(["2026-11-23T20:00:00+01:00/2026-11-24T08:00:00+01:00", "2026-11-25T20:00:00+01:00/2026-11-26T08:00:00+01:00"], await _desk.OnCall(ids[0], Today, 10));
        Assert.Equal(["2026-11-24T20:00:00+01:00/2026-11-25T08:00:00+01:00"], await _desk.OnCall(ids[1], Today, 10));
        Assert.Empty(await _desk.OnCall(ids[2], Today, 10));

        _host.Time.Set(Instant.FromUtc(2026, 11, 23, 20, 0));
        var page = await Until(() => _host.Client.GetFromJsonAsync<JsonElement>($"/api/v1/pharmacies/{ids[0]}"), p => p.GetProperty("status").GetProperty("state").GetString() == "onCall");
        Assert.Equal(("bell", "01 99 00 00 01", "Sonnez au 3."), (Text(page, "access"), Text(page, "phone"), Text(page, "instructions")));

        static string? Text(JsonElement page, string name) => page.GetProperty("status").GetProperty(name).GetString();
    }

    [Fact]
    public async Task An_exchange_is_proposed_accepted_and_confirmed_and_both_pharmacies_change()
    {
        var ids = RotaDesk.Pharmacies(310, 3);
        foreach (var id in ids)
            await _desk.Hours(id);
        await _desk.Sector("T-2", ids);
        await _desk.Rota("T-2", RotaDesk.Night(ids[0], Today), RotaDesk.Night(ids[1], Today.PlusDays(1)));
        var asked = new { give = RotaDesk.KeyOf("T-2", ids[0], Today), take = RotaDesk.KeyOf("T-2", ids[1], Today.PlusDays(1)) };

        await _desk.Call(HttpMethod.Post, "swaps", asked, $"titulaire:{ids[1]}").Refuse(403, "forbidden");
        await _desk.Call(HttpMethod.Post, "swaps", asked, $"staff:{ids[0]}").Refuse(403, "forbidden");
        var swap = (await _desk.Call(HttpMethod.Post, "swaps", asked, $"titulaire:{ids[0]}", "one").Expect(201)).GetProperty("swap");
        var id1 = swap.GetProperty("id").GetString();
        Assert.Equal("proposed", swap.GetProperty("state").GetString());
        var again = await _desk.Call(HttpMethod.Post, "swaps", asked, $"titulaire:{ids[0]}", "one").Expect(201);
        Assert.Equal(id1, again.GetProperty("swap").GetProperty("id").GetString());

        await _desk.Call(HttpMethod.Post, $"swaps/{id1}/confirm").Refuse(409, "wrong-state");
        await _desk.Call(HttpMethod.Post, $"swaps/{id1}/accept", null, $"titulaire:{ids[0]}").Refuse(403, "forbidden");
        await _desk.Call(HttpMethod.Post, $"swaps/{id1}/accept", null, $"titulaire:{ids[1]}").Expect(200);
        Assert.Equal(["2026-11-23T20:00:00+01:00/2026-11-24T08:00:00+01:00"], await _desk.OnCall(ids[0], Today, 5));
        await _desk.Call(HttpMethod.Post, $"swaps/{id1}/confirm", null, "planner:69").Refuse(403, "forbidden");
        var done = await _desk.Call(HttpMethod.Post, $"swaps/{id1}/confirm").Expect(200);
        Assert.Equal("confirmed", done.GetProperty("swap").GetProperty("state").GetString());

        Assert.Equal(["2026-11-24T20:00:00+01:00/2026-11-25T08:00:00+01:00"], await _desk.OnCall(ids[0], Today, 5));
        Assert.Equal(["2026-11-23T20:00:00+01:00/2026-11-24T08:00:00+01:00"], await _desk.OnCall(ids[1], Today, 5));
        var history = await _desk.Call(HttpMethod.Get, "departments/75/history").Expect(200);
        Assert.Contains("swap.confirmed", history.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("kind").GetString()));
    }

    private static async Task<JsonElement> Until(Func<Task<JsonElement>> ask, Func<JsonElement, bool> wanted)
    {
        for (var i = 0; ; i++)
        {
            var answer = await ask();
            if (wanted(answer))
                return answer;
            Assert.True(i < 100, answer.ToString());
            await Task.Delay(50);
        }
    }
}
