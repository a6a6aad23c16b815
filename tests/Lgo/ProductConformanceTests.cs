using NodaTime;
using Realtime.Benchmarks.Lgo;
using Realtime.Tests.Orders;

namespace Realtime.Tests.Lgo;

/// <summary>The kit and the connector that vendors copy, tried on the product itself.</summary>
[Collection(nameof(OrderHost))]
public sealed class ProductConformanceTests(OrderHost host)
{
    [Fact]
    public async Task The_product_passes_every_rule_of_the_kit()
    {
        using var output = new StringWriter { NewLine = "\n" };
        string[] words = ["--url", $"{host.Desk.Host.Address}", "--pharmacy", host.Desk.NextPharmacy()];
        var code = await LgoConformance.Run(words, output, output, isTerminal: false, host.Desk.Host.Time);
        Assert.True(code == LgoConformance.Passed, output.ToString());
        Assert.Contains($"{Rules.All.Count} passed, 0 failed, 0 skipped", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_connector_feeds_the_product()
    {
        var pharmacy = host.Desk.NextPharmacy();
        using var folder = new ConnectorTests.Drop();
        folder.Write("stock.csv", host.Desk.Now - Duration.FromSeconds(10), $"{OrderDesk.Ibuprofen};12;A1;2099-12-31", $"{OrderDesk.Spedifen};none");
        var run = await ConnectorTests.Built.Run(host.Desk.Host.Address, pharmacy, folder);
        Assert.True(run.Code == 0, run.Output);
        Assert.Contains("stock.csv:2: invalid-quantity", run.Output, StringComparison.Ordinal);
        var boxes = await host.Desk.Boxes(pharmacy, OrderDesk.Ibuprofen);
        Assert.Equal((12, 11), (boxes.GetProperty("quantity").GetInt32(), boxes.GetProperty("available").GetInt32()));
    }
}
