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

    /// <summary>
    /// The installation's secret, base64 of at least 32 bytes, the same on every node; an embedded store keeps one of its own in a file beside it.
    /// A cluster outside Development does not start without it.
    /// </summary>
    public string? Secret { get; set; }

    /// <summary>The address under which people and connectors reach the service; it stands in tokens as their issuer, so it is the same on every node.</summary>
    [RegularExpression("^https?://[^/?#]+/$", MatchTimeoutInMilliseconds = 1_000, ErrorMessage = "takes an address such as https://pharmacies.example/, with the slash and without a path.")]
    public string PublicUrl { get; set; } = "http://localhost:5080/";

    /// <summary>The OpenID Connect issuer where people sign in, as Pro Santé Connect's realm; without one nobody can, but for the demo's own provider in Development.</summary>
    [RegularExpression(@"^(https://|http://(localhost|127\.0\.0\.1)[:/]).+", MatchTimeoutInMilliseconds = 1_000, ErrorMessage = "takes the https address of an OpenID Connect issuer.")]
    public string? SignInAuthority { get; set; }

    /// <summary>Under which name this service is known to that issuer.</summary>
    public string? SignInClientId { get; set; }

    /// <summary>What it proves that with.</summary>
    public string? SignInClientSecret { get; set; }

    /// <summary>National numbers (RPPS) of the first operators, separated by commas; these name the others.</summary>
    [RegularExpression("^[0-9]+( *, *[0-9]+)*$", MatchTimeoutInMilliseconds = 1_000, ErrorMessage = "takes numbers separated by commas.")]
    public string? Operators { get; set; }

    /// <summary>How long a counter post stays unlocked while nobody uses it, in minutes, 1 to 120.</summary>
    [Range(1, 120)]
    public int PostLockMinutes { get; set; } = 10;

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

    /// <summary>
    /// How often at most a grain is reminded of what it waits for, in seconds, 1 to 60: after a crash a moment that went by meanwhile is noticed that much later, at most.
    /// Less than the default is for tests: each reminder costs a call and nothing else, but there may be one for each pharmacy.
    /// </summary>
    [Range(1, 60)]
    public int ReminderSeconds { get; set; } = 60;

    /// <summary>Calls to the API that one web node works on at a time; more are refused with 503 instead of waiting in a queue that grows; 1 to 1,000,000.</summary>
    [Range(1, 1_000_000)]
    public int MostCalls { get; set; } = 2_000;

    /// <summary>Hours that their source has not confirmed for longer than this many days are unknown; 1 to 3,660.</summary>
    [Range(1, 3_660)]
    public int HoursMaxAgeDays { get; set; } = 400;

    /// <summary>Boxes with one substance in an order where no law says how much, over all its brands; 1 to 99.</summary>
    [Range(1, 99)]
    public int MostBoxes { get; set; } = 5;

    /// <summary>Open orders that one contact may have in one pharmacy; 1 to 100.</summary>
    [Range(1, 100)]
    public int OpenOrdersPerContact { get; set; } = 2;

    /// <summary>An order that nobody at the counter has acknowledged for so many seconds of opening time rings louder; 5 to 3,600.</summary>
    [Range(5, 3_600)]
    public int RingLouderSeconds { get; set; } = 60;

    /// <summary>After so many seconds of opening time the pharmacy is written to about it; 10 to 7,200.</summary>
    [Range(10, 7_200)]
    public int HandOverSeconds { get; set; } = 180;

    /// <summary>
    /// Whether webhooks, and what browsers are told, may go to private addresses, and to loopback without TLS, so that a receiver can be tried out on the developer's own machine;
    /// honoured in Development only.
    /// </summary>
    public bool WebhooksToPrivateAddresses { get; set; }

    /// <summary>The environment variable that sets a member.</summary>
    internal static string Variable(string member) => $"{Section}__{member}";

    /// <summary>A refusal to start; the message is one sentence that names the setting.</summary>
    internal static OptionsValidationException Refusal(string sentence) => new(Section, typeof(RealtimeOptions), [sentence]);

    /// <summary>The settings of a process.</summary>
    /// <exception cref="OptionsValidationException">One is of the wrong kind or out of range; the message names it.</exception>
    internal static RealtimeOptions Read(IConfiguration configuration)
    {
        var options = Read<RealtimeOptions>(configuration);
        if (options.SiloPort == options.GatewayPort)
            throw Refusal($"{Variable(nameof(GatewayPort))}: must differ from {Variable(nameof(SiloPort))}.");
        return options;
    }

    /// <summary>Other settings of the same section, which only one kind of process has.</summary>
    /// <exception cref="OptionsValidationException">One is of the wrong kind or out of range; the message names it.</exception>
    internal static T Read<T>(IConfiguration configuration)
        where T : class, new()
    {
        var section = configuration.GetSection(Section);
        var options = new T();
        foreach (var property in typeof(T).GetProperties())
            if (section[property.Name] is { } text)
                property.SetValue(options, ValueOf(options, property, text));
        var wrong = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), wrong, validateAllProperties: true))
            throw Refusal(string.Join(' ', wrong.Select(w => $"{Variable(w.MemberNames.First())}: {w.ErrorMessage}")));
        return options;
    }

    private static object? ValueOf(object options, PropertyInfo property, string text)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        try
        {
            return text.Length == 0 ? property.GetValue(options) : TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw Refusal($"{Variable(property.Name)}: '{text}' is not {(type == typeof(bool) ? "true or false" : "a whole number")}.");
        }
    }
}
