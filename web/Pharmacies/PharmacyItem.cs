using System.Text.Json.Serialization;
using MessagePack;
using NodaTime;
using Realtime.Hours;
using Realtime.Pharmacies;
using Realtime.Web.Edge;

namespace Realtime.Web.Pharmacies;

// The wire shapes of a pharmacy, for HTTP and for both hub protocols: the keys are the contract's.

/// <summary>What a pharmacy does now and until when.</summary>
[MessagePackObject]
public sealed record StatusItem(
    [property: Key("state")] string State,
    [property: Key("since")] string? Since,
    [property: Key("until")] string? Until,
    [property: Key("access")] string? Access,
    [property: Key("reason")] string? Reason,
    [property: Key("phone"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Phone,
    [property: Key("instructions"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Instructions,
    [property: Key("instructionsEn"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? InstructionsEn = null)
{
    /// <summary>The status with instants in the pharmacy's own offset.</summary>
    internal static StatusItem Of(Status status, DateTimeZone zone) => new(
        Words.Of(status.State),
        status.Since is { } since ? Moments.In(zone, since) : null,
        status.Until is { } until ? Moments.In(zone, until) : null,
        status.Access is { } access ? Words.Of(access) : null,
        status.Reason,
        status.Phone,
        status.Instructions,
        status.InstructionsEn);
}

/// <summary>Where letters go.</summary>
[MessagePackObject]
public sealed record AddressItem(
    [property: Key("street")] string Street,
    [property: Key("postcode")] string Postcode,
    [property: Key("city")] string City);

/// <summary>How much of a presentation a pharmacy has.</summary>
[MessagePackObject]
public sealed record StockItem([property: Key("cip13")] string Cip13, [property: Key("level")] string Level);

/// <summary>Which state of an object this is: keep the greatest.</summary>
/// <param name="Seq">Last journal row of the object; 0 where nothing was ever written.</param>
/// <param name="Since">Its last transition, or null where none is near.</param>
[MessagePackObject]
public sealed record VersionItem([property: Key("seq")] long Seq, [property: Key("since")] string? Since);

/// <summary>A pharmacy in a list.</summary>
[MessagePackObject]
public sealed record PharmacyItem(
    [property: Key("id")] string Id,
    [property: Key("name")] string Name,
    [property: Key("lat")] double Lat,
    [property: Key("lon")] double Lon,
    [property: Key("address")] AddressItem Address,
    [property: Key("phone")] string? Phone,
    [property: Key("status")] StatusItem Status,
    [property: Key("services")] IReadOnlyList<string> Services,
    [property: Key("clickAndCollect")] bool ClickAndCollect,
    [property: Key("stock")] IReadOnlyList<StockItem> Stock,
    [property: Key("hoursSource")] string HoursSource,
    [property: Key("confirmedAt")] string? ConfirmedAt,
    [property: Key("synthetic")] bool Synthetic,
    [property: Key("version")] VersionItem Version,
    [property: Key("distance"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Distance = null)
{
    /// <summary>The item of a pharmacy with a status that has held since an instant, and whether it takes orders meanwhile.</summary>
    internal static PharmacyItem Of(Pharmacy facts, DateTimeZone zone, Status status, Instant? since, bool clickAndCollect)
    {
        var record = facts.Record;
        return new(
            record.Id.Value, record.Name, record.Latitude, record.Longitude,
            new(record.Address.Street, record.Address.Postcode, record.Address.City),
            record.Phone, StatusItem.Of(status, zone), record.Services,
            clickAndCollect, Stock: [],
            Words.Of(facts.HoursSource),
            facts.ConfirmedAt is { } at ? Moments.In(zone, at) : null,
            record.Id.IsSynthetic,
            new(facts.Seq, since is { } began ? Moments.In(zone, began) : null));
    }
}

/// <summary>The contract's words for the domain's closed lists.</summary>
internal static class Words
{
    public static string Of(ServiceState state) => state switch
    {
        ServiceState.Open => "open",
        ServiceState.OnCall => "onCall",
        ServiceState.Closed => "closed",
        _ => "unknown",
    };

    public static string Of(Access access) => access switch
    {
        Access.WalkIn => "walkIn",
        Access.Bell => "bell",
        _ => "phoneFirst",
    };

    public static string Of(HoursSource source) => source switch
    {
        HoursSource.Pharmacy => "pharmacy",
        HoursSource.Import => "import",
        _ => "synthetic",
    };
}
