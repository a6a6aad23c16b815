using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Realtime.Tests.Orders;
using Realtime.Web.Lgo;

namespace Realtime.Tests.Lgo;

public sealed class LgoWaitingTests
{
    [Fact]
    public async Task More_may_wait_than_a_node_works_on_at_a_time_and_all_are_answered_when_it_stops()
    {
        const string services = "/api/v1/services";
        await using var host = await RealtimeHost.Start(demo: true, settings: new Dictionary<string, string> { ["Realtime:MostCalls"] = "2" });
        var (desk, bells) = (new OrderDesk(host), host.Services.GetRequiredService<OrderBells>());
        var id = desk.NextPharmacy();
        var waiting = Enumerable.Range(0, OrderBells.Most).Select(_ => Eventually(() => desk.Ask(id, "orders?wait=30"))).ToArray();
        while (bells.Count < waiting.Length)
            await Task.Delay(5);

        // The last of them may still be on its way aside.
        (await Eventually(() => host.Client.GetAsync(services))).Dispose();
        for (var i = 0; i < 10; i++)
            using (var answer = await host.Client.GetAsync(services))
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.All(waiting, one => Assert.False(one.IsCompleted));

        var stopped = Stopwatch.GetTimestamp();
        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        foreach (var one in waiting)
            using (var answer = await one.WaitAsync(OrderDesk.Patience))
                Assert.Empty(JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("items").EnumerateArray());
        Assert.InRange(Stopwatch.GetElapsedTime(stopped).TotalSeconds, 0, 5);
    }

    // Until they wait they are load as any other.
    private static async Task<HttpResponseMessage> Eventually(Func<Task<HttpResponseMessage>> call)
    {
        while (true)
            if (await call() is { StatusCode: not HttpStatusCode.ServiceUnavailable } answer)
                return answer;
    }
}
