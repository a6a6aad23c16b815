using System.ComponentModel.DataAnnotations;

namespace Realtime;

/// <summary>Settings under <c>Realtime</c>, the same for <c>web</c> and <c>silo</c>; a wrong one stops the start with its name.</summary>
public sealed class RealtimeOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Realtime";

    /// <summary>Where the embedded store lives; default <c>.data/</c> beside Realtime.sln, else in the current directory.</summary>
    public string? DataDirectory { get; set; }

    /// <summary>Whether the synthetic country is shown; default: in Development only.</summary>
    public bool? Demo { get; set; }

    /// <summary>The address at which other members of the cluster reach this silo; loopback unless the cluster spans machines.</summary>
    [RegularExpression(@"^[0-9a-fA-F:.]+$", MatchTimeoutInMilliseconds = 1_000, ErrorMessage = "Realtime:SiloAddress takes an IP address.")]
    public string SiloAddress { get; set; } = "127.0.0.1";

    /// <summary>Orleans' own port between silos, 1 to 65,535.</summary>
    [Range(1, 65_535)]
    public int SiloPort { get; set; } = 11_111;

    /// <summary>Orleans' port for clients, 1 to 65,535.</summary>
    [Range(1, 65_535)]
    public int GatewayPort { get; set; } = 30_000;

    /// <summary>Hours that their source has not confirmed for longer than this many days are unknown; 1 to 3,660.</summary>
    [Range(1, 3_660)]
    public int HoursMaxAgeDays { get; set; } = 400;
}
