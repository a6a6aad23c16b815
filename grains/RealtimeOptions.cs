using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

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

    /// <summary>Calls to the API that one web node works on at a time; more are refused with 503 instead of waiting in a queue that grows; 1 to 1,000,000.</summary>
    [Range(1, 1_000_000)]
    public int MostCalls { get; set; } = 2_000;

    /// <summary>Hours that their source has not confirmed for longer than this many days are unknown; 1 to 3,660.</summary>
    [Range(1, 3_660)]
    public int HoursMaxAgeDays { get; set; } = 400;

    /// <summary>Boxes with one substance in an order where no law says how much, over all its brands; 1 to 99.</summary>
    [Range(1, 99)]
    public int MostBoxes { get; set; } = 5;

    /// <summary>The environment variable that sets a member.</summary>
    internal static string Variable(string member) => $"{Section}__{member}";

    /// <summary>A refusal to start; the message is one sentence that names the setting.</summary>
    internal static OptionsValidationException Refusal(string sentence) => new(Section, typeof(RealtimeOptions), [sentence]);

    /// <summary>The settings of a process.</summary>
    /// <exception cref="OptionsValidationException">One is of the wrong kind or out of range; the message names it.</exception>
    internal static RealtimeOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        var options = new RealtimeOptions();
        foreach (var property in typeof(RealtimeOptions).GetProperties())
            if (section[property.Name] is { } text)
                property.SetValue(options, ValueOf(property, text));
        var wrong = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), wrong, validateAllProperties: true))
            throw Refusal(string.Join(' ', wrong.Select(w => $"{Variable(w.MemberNames.First())}: {w.ErrorMessage}")));
        if (options.SiloPort == options.GatewayPort)
            throw Refusal($"{Variable(nameof(GatewayPort))}: must differ from {Variable(nameof(SiloPort))}.");
        return options;
    }

    private static object? ValueOf(PropertyInfo property, string text)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        try
        {
            return text.Length == 0 ? property.GetValue(new RealtimeOptions()) : TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw Refusal($"{Variable(property.Name)}: '{text}' is not {(type == typeof(bool) ? "true or false" : "a whole number")}.");
        }
    }
}
