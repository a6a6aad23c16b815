using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Realtime.Web.Edge;

/// <summary>The caller's address, scheme and host behind reverse proxies: taken from those that are named, from nobody else.</summary>
internal static class Proxies
{
    /// <summary>Configures who is believed.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">One of them is neither an address nor a network.</exception>
    public static void AddProxies(this WebApplicationBuilder builder, EdgeOptions options)
    {
        var trusted = Networks(options.Proxies);
        builder.Services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            trusted.ForEach(forwarded.KnownIPNetworks.Add);
            // However many there are in a row: each must be one of the trusted for the next word to count.
            forwarded.ForwardLimit = null;
        });
    }

    /// <summary>First of all; nothing where no proxy is trusted.</summary>
    public static void UseProxies(this WebApplication app, EdgeOptions options)
    {
        if (!string.IsNullOrWhiteSpace(options.Proxies))
            app.UseForwardedHeaders();
    }

    private static List<IPNetwork> Networks(string? proxies) =>
        [.. (proxies ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Network)];

    private static IPNetwork Network(string text) =>
        IPAddress.TryParse(text, out var address) ? new(address, address.GetAddressBytes().Length * 8)
        : IPNetwork.TryParse(text, out var network) ? network
        : throw RealtimeOptions.Refusal($"{RealtimeOptions.Variable(nameof(EdgeOptions.Proxies))}: '{text}' is neither an IP address nor a network such as 10.0.0.0/8.");
}
