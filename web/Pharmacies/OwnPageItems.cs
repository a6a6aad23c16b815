using System.Text.Json.Serialization;
using NodaTime;
using Realtime.Pharmacies;
using Realtime.Web.Edge;

namespace Realtime.Web.Pharmacies;

// The wire shapes of what a pharmacy says of itself.

/// <summary>What a page says about who stands behind it: what is known, and what the pharmacy states itself.</summary>
public sealed record MentionsItem(string Finess, string Name, AddressItem Address, string? Phone)
{
    /// <summary>Name of the legal entity.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? LegalName { get; init; }

    /// <summary>Names of the pharmacists responsible.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Pharmacists { get; init; }

    /// <summary>Their national numbers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Rpps { get; init; }

    /// <summary>Number of the licence.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Licence { get; init; }

    /// <summary>E-mail address.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Email { get; init; }

    /// <summary>Host of health data, and how to reach it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Host { get; init; }

    /// <summary>Regional health agency, and its address.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Ars { get; init; }

    /// <summary>How to reach the medicines agency.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Ansm { get; init; }

    /// <summary>VAT number.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Vat { get; init; }

    /// <summary>Code of the activity.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Ape { get; init; }

    /// <summary>Entry in the trade register.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Rcs { get; init; }

    /// <summary>Share capital.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Capital { get; init; }

    /// <summary>SIRET number.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Siret { get; init; }

    internal static MentionsItem Of(PharmacyItem item, Mentions? stated) => new(item.Id, item.Name, item.Address, item.Phone)
    {
        LegalName = stated?.LegalName,
        Pharmacists = stated?.Pharmacists,
        Rpps = stated?.Rpps,
        Licence = stated?.Licence,
        Email = stated?.Email,
        Host = stated?.Host,
        Ars = stated?.Ars,
        Ansm = stated?.Ansm,
        Vat = stated?.Vat,
        Ape = stated?.Ape,
        Rcs = stated?.Rcs,
        Capital = stated?.Capital,
        Siret = stated?.Siret,
    };
}

/// <summary>One piece of news.</summary>
public sealed record NewsItem(string At, string Text, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Until);

/// <summary>What a pharmacy has switched on for its patients.</summary>
public sealed record ModulesItem(bool ClickAndCollect = false, bool Questions = false, bool Confirmation = false, bool OnCallOrders = false, bool Appointments = false, bool Advice = false, bool DoseAlert = false)
{
    internal static ModulesItem Of(Modules? modules) => modules is null ? new()
        : new(modules.ClickAndCollect, modules.Questions, modules.Confirmation, modules.OnCallOrders, modules.Appointments, modules.Advice, modules.DoseAlert);
}

/// <summary>No orders are taken for a while.</summary>
public sealed record PauseItem(string Since, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Until, string Reason)
{
    internal static PauseItem Of(Pause pause, DateTimeZone zone) => new(Moments.In(zone, pause.Since), pause.Until is { } until ? Moments.In(zone, until) : null, pause.Reason);
}
