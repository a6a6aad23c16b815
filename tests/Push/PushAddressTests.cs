using Realtime.Tests.Counter;
using Realtime.Tests.Orders;

namespace Realtime.Tests.Push;

/// <summary>Where a browser may be told, on a node as it is installed.</summary>
[Collection(nameof(OrderHost))]
public sealed class PushAddressTests(OrderHost host)
{
    [Fact]
    public async Task Nobody_has_the_service_call_what_only_it_can_reach()
    {
        using var browser = new Browser();
        var order = await host.Desk.Place(await host.Desk.ByDay());
        foreach (var endpoint in (string[])["http://push.example.org/x", "http://127.0.0.1:5000/x", "https://10.0.0.1/x", "https://localhost/x", "https://[::1]/x", "https://push.example.org:22/x", "https://a:b@push.example.org/x", "x"])
            Assert.Contains("$.endpoint", (await host.Desk.Buyer(order, HttpMethod.Post, "push", browser.Asks(endpoint)).Expect(400)).GetRawText(), StringComparison.Ordinal);
        await host.Desk.Buyer(order, HttpMethod.Post, "push", browser.Asks("https://push.example.org/x")).Expect(200);
    }
}
