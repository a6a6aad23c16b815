using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Realtime.Web.Edge;

/// <summary>
/// A listener of its own for whoever operates the service: <c>/metrics</c> and <c>/health</c> answer there, and nothing else does; on the
/// public address there are no metrics. Without the setting there is neither.
/// </summary>
internal static class Ops
{
    private const string Metrics = "/metrics";
    private const string KestrelEndpoints = "Kestrel:Endpoints";

    private static readonly string[] Meters =
    [
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Http.Connections", "System.Runtime", "Microsoft.Orleans", "Npgsql",
    ];

    /// <summary>
    /// Every label that a metric may carry. Whatever else a meter tells, an address, a name, an id, is left out: labels are kept for long and read by many.
    /// Of a path there is its template alone.
    /// </summary>
    internal static readonly string[] Labels =
    [
        "http.request.method", "http.response.status_code", "http.route", "error.type", "url.scheme", "network.protocol.name", "network.protocol.version",
        "signalr.connection.status", "signalr.transport", "gc.heap.generation", "cpu.mode", "db.client.connection.state",
    ];

    /// <summary>Adds the listener to the others, and the metrics.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The address is none, is public as well, or may be reached from elsewhere without a token.</exception>
    public static void AddOps(this WebApplicationBuilder builder, EdgeOptions options)
    {
        if (AddressOf(options) is not { } address)
            return;
        var text = options.OpsUrl!;
        if (string.IsNullOrEmpty(options.OpsToken) && !IsLoopback(address.Host))
            throw RealtimeOptions.Refusal($"{RealtimeOptions.Variable(nameof(options.OpsToken))}: is required where {RealtimeOptions.Variable(nameof(options.OpsUrl))} ({text}) can be reached from other machines.");
        var endpoints = builder.Configuration.GetSection(KestrelEndpoints).GetChildren().Select(e => e["Url"] ?? "").ToArray();
        var others = endpoints.Length > 0 ? endpoints : Urls(builder.Configuration);
        if (others.Any(url => PortOf(url) == address.Port))
            throw RealtimeOptions.Refusal($"{RealtimeOptions.Variable(nameof(options.OpsUrl))}: the service itself listens on port {address.Port}; choose another.");
        // Kestrel listens either on the endpoints of its own section or on these addresses, never on both.
        if (endpoints.Length > 0)
            builder.Configuration[$"{KestrelEndpoints}:Ops:Url"] = text;
        else
            builder.WebHost.UseUrls([.. others, text]);
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .ConfigureResource(resource => resource.Clear().AddService("realtime", autoGenerateServiceInstanceId: false))
            .AddMeter(Meters)
            .AddView(_ => new MetricStreamConfiguration { TagKeys = Labels })
            .AddPrometheusExporter());
    }

    /// <summary>What answers on this listener; before anything of the product.</summary>
    public static void UseOps(this WebApplication app, EdgeOptions options)
    {
        // By the port that the connection arrived at: what a request says of its host is anybody's word.
        if (AddressOf(options) is { Port: var port })
            app.MapWhen(context => context.Connection.LocalPort == port, ops =>
            {
                if (!string.IsNullOrEmpty(options.OpsToken))
                    ops.UseWhen(context => context.IsUnder(Metrics), metrics => metrics.Use(Guard(options.OpsToken)));
                ops.UseOpenTelemetryPrometheusScrapingEndpoint(Metrics);
                ops.UseHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
                ops.UseHealthChecks("/health/ready");
            });
    }

    /// <summary>Where the service listens by its settings, ports that stand for every address included.</summary>
    internal static string[] Urls(IConfiguration configuration) => configuration["urls"] is { Length: > 0 } urls
        ? Split(urls)
        : [.. Split(configuration["http_ports"]).Select(port => $"http://*:{port}"), .. Split(configuration["https_ports"]).Select(port => $"https://*:{port}")];

    private static string[] Split(string? list) => (list ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static BindingAddress? AddressOf(EdgeOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.OpsUrl))
            return null;
        try
        {
            var address = BindingAddress.Parse(options.OpsUrl);
            if (address is { Port: > 0 and <= 65_535, IsUnixPipe: false, IsNamedPipe: false, PathBase: "" or "/" } && address.Scheme is "http" or "https")
                return address;
        }
        catch (FormatException)
        {
            // Said below, with the setting's name.
        }
        throw RealtimeOptions.Refusal($"{RealtimeOptions.Variable(nameof(options.OpsUrl))}: '{options.OpsUrl}' is not an address with a port such as http://127.0.0.1:9464.");
    }

    // An address that cannot be read is refused where it is listened on, by its own setting's name.
    private static int? PortOf(string url)
    {
        try
        {
            return BindingAddress.Parse(url).Port;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    // Digests are compared, of one length whatever was sent, in a time that does not tell how much of it was right.
    private static Func<HttpContext, RequestDelegate, Task> Guard(string token)
    {
        var expected = Digest($"Bearer {token}");
        return (context, next) =>
        {
            if (CryptographicOperations.FixedTimeEquals(Digest(context.Request.Headers.Authorization.ToString()), expected))
                return next(context);
            context.Response.Headers.WWWAuthenticate = "Bearer";
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        };
    }

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
