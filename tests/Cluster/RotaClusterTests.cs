using System.Diagnostics;
using System.Text.Json;
using NodaTime;
using Realtime.Tests.Counter;
using Realtime.Tests.OnCall;

namespace Realtime.Tests.Cluster;

/// <summary>On-call duty where a node that did not take the change must show it.</summary>
[Collection(nameof(ClusterTests))]
public sealed class RotaClusterTests(PostgresServer server)
{
    [Fact]
    public async Task What_a_planner_publishes_at_one_node_the_other_shows_and_tells_of_both_pharmacies_in_one_beat()
    {
        var today = Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow()).InUtc().Date;
        var ids = RotaDesk.Pharmacies(700, 2);
        await using var cluster = await RealCluster.Start(await server.NewDatabase(), null, ("ASPNETCORE_ENVIRONMENT", "Development"));
        var (here, there) = (new RotaDesk(cluster.Webs[0]), new RotaDesk(cluster.Webs[1]));
        await here.Sector("C", ids, horizonDays: 30);
        var heard = new System.Collections.Concurrent.ConcurrentQueue<JsonElement>();
        await using var phone = await RealCluster.Watch(cluster.Webs[1], heard.Enqueue, ids);

        await here.Rota("C", RotaDesk.Night(ids[0], today.PlusDays(1)), RotaDesk.Night(ids[1], today.PlusDays(2)));
        await Shown(() => there.Call(HttpMethod.Get, $"departments/75/duties?sector=C&from={RotaDesk.At(today, 0)}&to={RotaDesk.At(today.PlusDays(9), 0)}").Expect(200), answer => answer.GetProperty("items").GetArrayLength() == 2);
        await Shown(() => Task.FromResult(JsonSerializer.SerializeToElement(heard.ToArray())), all => ids.All(id => all.EnumerateArray().Any(message => message.GetProperty("id").GetString() == id)));

        // The last thing that either was told came in one beat with the other's.
        Assert.Single(ids.Select(id => heard.Last(message => message.GetProperty("id").GetString() == id).GetProperty("at").GetString()).Distinct());
        var swap = (await there.Call(HttpMethod.Post, "swaps", new { give = RotaDesk.KeyOf("C", ids[0], today.PlusDays(1)), take = RotaDesk.KeyOf("C", ids[1], today.PlusDays(2)) }).Expect(201)).GetProperty("swap").GetProperty("id").GetString();
        await Shown(() => here.Call(HttpMethod.Get, "departments/75").Expect(200), answer => answer.GetProperty("swaps").EnumerateArray().Any(known => known.GetProperty("id").GetString() == swap));
    }

    private static async Task Shown(Func<Task<JsonElement>> ask, Func<JsonElement, bool> wanted)
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(20))
        {
            var answer = await ask();
            if (wanted(answer))
                return;
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(Campaign.Long ? 30 : 10), answer.ToString());
        }
    }
}
