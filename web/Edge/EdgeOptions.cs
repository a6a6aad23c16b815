using System.ComponentModel.DataAnnotations;

namespace Realtime.Web.Edge;

/// <summary>Settings under <c>Realtime</c> of the node that the world calls; a wrong one stops the start with its name.</summary>
internal sealed class EdgeOptions
{
    /// <summary>Whether callers are held to their rates; may be switched off in Development only.</summary>
    public bool RateLimits { get; set; } = true;

    /// <summary>Calls that one address or one client may make at once, 1 to 1,000,000.</summary>
    [Range(1, 1_000_000)]
    public int CallsAtOnce { get; set; } = 600;

    /// <summary>Calls that it may make in the long run, per minute, 1 to 10,000,000.</summary>
    [Range(1, 10_000_000)]
    public int CallsPerMinute { get; set; } = 3_000;

    /// <summary>Calls to what signs people in, that one address may make at once, 1 to 1,000,000.</summary>
    [Range(1, 1_000_000)]
    public int SignInsAtOnce { get; set; } = 30;

    /// <summary>Calls to what signs people in, that one address may make in the long run, per minute, 1 to 10,000,000.</summary>
    [Range(1, 10_000_000)]
    public int SignInsPerMinute { get; set; } = 30;

    /// <summary>Orders that may be placed at once from one address, 1 to 1,000,000.</summary>
    [Range(1, 1_000_000)]
    public int OrdersAtOnce { get; set; } = 60;

    /// <summary>Orders that may be placed from it in the long run, per minute, 1 to 10,000,000.</summary>
    [Range(1, 10_000_000)]
    public int OrdersPerMinute { get; set; } = 60;

    /// <summary>Calls of hub methods that one connection may make at once, 1 to 1,000,000.</summary>
    [Range(1, 1_000_000)]
    public int HubCallsAtOnce { get; set; } = 60;

    /// <summary>Calls of hub methods that one connection may make in the long run, per minute, 1 to 10,000,000.</summary>
    [Range(1, 10_000_000)]
    public int HubCallsPerMinute { get; set; } = 600;

    /// <summary>Hub connections that one address may hold at a time, 1 to 1,000,000.</summary>
    [Range(1, 1_000_000)]
    public int HubConnections { get; set; } = 1_000;

    /// <summary>The reverse proxies whose word for the caller's address is taken: addresses or networks such as 10.0.0.0/8, separated by commas.</summary>
    public string? Proxies { get; set; }

    /// <summary>Where whoever operates the service reads its metrics, for example <c>http://127.0.0.1:9464</c>; nowhere where it is empty.</summary>
    public string? OpsUrl { get; set; }

    /// <summary>What a reader of the metrics must show, at least 32 characters; may be left out where they are read on this machine only.</summary>
    [MinLength(32)]
    public string? OpsToken { get; set; }

    /// <summary>The settings of a process.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">One is of the wrong kind, out of range or not allowed here; the message names it.</exception>
    internal static EdgeOptions Read(IConfiguration configuration, IHostEnvironment environment)
    {
        var options = RealtimeOptions.Read<EdgeOptions>(configuration);
        if (!options.RateLimits && !environment.IsDevelopment())
            throw RealtimeOptions.Refusal($"{RealtimeOptions.Variable(nameof(RateLimits))}: rate limits can be switched off in Development only, and this is {environment.EnvironmentName}.");
        return options;
    }
}
