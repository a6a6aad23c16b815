using System.Text.Json.Serialization;
using NodaTime;
using Realtime.Identity;
using Realtime.OnCall;
using Realtime.Web.Edge;
using Realtime.Web.Live;
using Realtime.Web.Nearest;
using Realtime.Web.Pharmacies;

namespace Realtime.Web.OnCall;

// What planners, dispatchers and titulaires are shown.

/// <summary>One kind of duty that a sector organises.</summary>
public sealed record SectorKindItem(string Kind, string Disclosure, int HorizonDays);

/// <summary>Whom the public calls from an instant on.</summary>
public sealed record CallTableItem(string From, IReadOnlyList<CallLine> Call);

/// <summary>A sector.</summary>
public sealed record SectorItem(string Code, string Name, string Department, IReadOnlyList<string> Pharmacies, IReadOnlyList<SectorKindItem> Kinds, IReadOnlyList<CallLine> Call, IReadOnlyList<CallTableItem> Calls, bool Synthetic)
{
    internal static SectorItem Of(OnCallSector sector, bool synthetic, Instant now) => new(
        sector.Code, sector.Name, sector.Department, [.. sector.Pharmacies.Select(id => id.Value)],
        [.. sector.Kinds.Select(kind => new SectorKindItem(RotaWords.Of(kind.Kind), kind.Disclosure == Disclosure.Public ? "public" : "hidden", kind.HorizonDays))],
        CallsAt(sector, now), [.. sector.Calls.Select(row => new CallTableItem(Moments.Utc(row.From), Lines(row)))], synthetic);

    /// <summary>Whom one calls in a sector at an instant; before the first row of its table, whom it names first.</summary>
    internal static IReadOnlyList<CallLine> CallsAt(OnCallSector sector, Instant at) => sector.Calls.Count == 0 ? [] : Lines(sector.Calls.LastOrDefault(row => row.From <= at) ?? sector.Calls[0]);

    private static CallLine[] Lines(CallTable row) => [.. row.Numbers.Select(number => new CallLine(number.Label, number.Tel))];
}

/// <summary>A duty.</summary>
public sealed record DutyItem(
    string Sector, string Start, string End, string Kind, string Pharmacy, string? Name, string? City, string Access,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Phone,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Instructions,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? InstructionsEn)
{
    internal static DutyItem Of(Duty duty, Country country)
    {
        country.TryFind(duty.Pharmacy, out var place);
        var zone = place?.Zone.Time ?? DateTimeZone.Utc;
        return new(
            duty.Sector, Moments.In(zone, duty.Period.Start), Moments.In(zone, duty.Period.End), RotaWords.Of(duty.Period.Kind), duty.Pharmacy.Value,
            place?.Facts.Record.Name, place?.Facts.Record.Address.City, Words.Of(duty.Period.Access), duty.Period.Phone, duty.Period.Instructions, duty.Period.InstructionsEn);
    }
}

/// <summary>Duties over a range.</summary>
public sealed record DutiesAnswer(string Department, long Seq, IReadOnlyList<DutyItem> Items);

/// <summary>What names a duty.</summary>
public sealed record DutyKeyItem(string Sector, string Kind, string Start, string Pharmacy, string? Name)
{
    internal static DutyKeyItem Of(DutyKey key, Country country)
    {
        country.TryFind(key.Pharmacy, out var place);
        return new(key.Sector, RotaWords.Of(key.Kind), Moments.In(place?.Zone.Time ?? DateTimeZone.Utc, key.Start), key.Pharmacy.Value, place?.Facts.Record.Name);
    }
}

/// <summary>An exchange of duties.</summary>
public sealed record SwapItem(string Id, string State, DutyKeyItem Give, DutyKeyItem Take, string At, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason)
{
    internal static SwapItem Of(Swap swap, Country country, Sealing sealing) =>
        new(swap.Id, RotaRules.Word(swap.State), DutyKeyItem.Of(swap.Give, country), DutyKeyItem.Of(swap.Take, country), Moments.Utc(swap.At), RotaReasons.Open(sealing, swap.Id, swap.Reason));
}

/// <summary>A measure.</summary>
public sealed record MeasureItem(
    string Id, string Kind, string Start, string End, string Reason, IReadOnlyList<string> Pharmacies,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Sector,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reference,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Duty,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Access)
{
    internal static MeasureItem Of(Measure measure, DateTimeZone zone, Sealing sealing) => new(
        measure.Id, RotaWords.Of(measure.Kind), Moments.In(zone, measure.Start), Moments.In(zone, measure.End),
        measure.Kind == MeasureKind.Closure ? measure.Reason : RotaReasons.Open(sealing, measure.Id, measure.Reason)!, [.. measure.Pharmacies.Select(id => id.Value)],
        measure.Sector, measure.Reference, measure.Duty is { } duty ? RotaWords.Of(duty) : null, measure.Access is { } access ? Words.Of(access) : null);
}

/// <summary>A draft.</summary>
public sealed record DraftItem(string Sector, string From, int Duties);

/// <summary>A list that an authority was given, and what proves it.</summary>
public sealed record SendingItem(string Recipient, string From, string To, int Duties, string Sha256, string At, string Proof);

/// <summary>A department's duty, but for the duties themselves.</summary>
public sealed record DepartmentAnswer(
    string Department, string Zone, string Epoch, long Seq, IReadOnlyList<SectorItem> Sectors, IReadOnlyList<DraftItem> Drafts, IReadOnlyList<SwapItem> Swaps, IReadOnlyList<MeasureItem> Measures,
    IReadOnlyList<SendingItem> Sendings);

/// <summary>A change was made.</summary>
/// <param name="Seq">The department's version after it.</param>
public sealed record RotaChangeAnswer(long Seq);

/// <summary>A sector stands as it was sent.</summary>
public sealed record SectorAnswer(SectorItem Sector, long Seq);

/// <summary>An exchange was offered, answered or decided.</summary>
public sealed record SwapAnswer(SwapItem Swap, long Seq);

/// <summary>A measure was taken.</summary>
public sealed record MeasureAnswer(string Id, long Seq);

/// <summary>
/// What planners say of why, in words of their own: it may be about somebody's health, and stands sealed in the journal. The reason of a closure is the public's.
/// </summary>
internal static class RotaReasons
{
    /// <summary>A reason as it is kept; null stays null.</summary>
    public static string? Seal(Sealing sealing, string department, string? reason) => reason is null ? null : sealing.Seal(reason, RotaStreams.Of(department));

    /// <summary>The reason of what has an id that names its department; null stays null.</summary>
    public static string? Open(Sealing sealing, string id, string? reason) => reason is null ? null : sealing.Open(reason, RotaStreams.Of(Swap.DepartmentOf(id)!));
}
