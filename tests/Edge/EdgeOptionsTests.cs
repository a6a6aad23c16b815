namespace Realtime.Tests.Edge;

public sealed class EdgeOptionsTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("realtime-edge-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Theory]
    [InlineData("Realtime__RateLimits", "false", "Production")]
    [InlineData("Realtime__RateLimits", "maybe", "Development")]
    [InlineData("Realtime__CallsAtOnce", "0", "Development")]
    [InlineData("Realtime__Proxies", "10.0.0.1, banana", "Production")]
    [InlineData("Realtime__Proxies", "10.0.0.0/99", "Production")]
    public async Task A_wrong_setting_of_the_edge_stops_the_start_and_is_named(string variable, string value, string environment)
    {
        using var web = ProductProcess.Web(_data, demo: false, out var client, ("Realtime__RateLimits", "true"), ("ASPNETCORE_ENVIRONMENT", environment), (variable, value));
        client.Dispose();

        var (exitCode, _, errors) = await web.End(TimeSpan.FromSeconds(30));

        Assert.Equal(1, exitCode);
        Assert.Contains(variable, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }
}
