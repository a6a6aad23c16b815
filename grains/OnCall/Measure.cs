using System.Text.Json.Serialization;
using NodaTime;
using Realtime.Hours;
using Realtime.Pharmacies;

namespace Realtime.OnCall;

/// <summary>What sets a rota aside for a while.</summary>
public enum MeasureKind : byte
{
    /// <summary>A pharmacy need not serve: its duties are nobody's meanwhile (CSP L5125-17).</summary>
    Exemption,

    /// <summary>Pharmacies serve no duty, those of a sector or of the whole department; their ordinary hours stand.</summary>
    Strike,

    /// <summary>The prefect orders a pharmacy to serve; no strike or exemption lifts that.</summary>
    Requisition,

    /// <summary>Everything is shut in the department: a cyclone, a flood.</summary>
    Closure,
}

/// <summary>An exemption, a strike, a requisition, or a closure of a whole department, from <paramref name="Start"/> up to but not including <paramref name="End"/>.</summary>
/// <param name="Id">Unique in the country: the department, a dash, and the row that took it.</param>
/// <param name="Kind">Which.</param>
/// <param name="Start">First instant.</param>
/// <param name="End">First instant after it.</param>
/// <param name="Reason">In words; those of a closure are shown to the public.</param>
/// <param name="Pharmacies">Whom it concerns: one for an exemption or a requisition, any number for a strike; none for all.</param>
/// <param name="Sector">For a strike or an exemption the sector it is of, null for all; for a requisition the sector that it serves.</param>
/// <param name="Reference">The arrêté that orders it: a requisition has one.</param>
/// <param name="Duty">Which duty is ordered, for a requisition.</param>
/// <param name="Access">How one gets in there.</param>
[GenerateSerializer, Immutable, Alias("realtime.Measure")]
public sealed record Measure(
    [property: Id(0)] string Id, [property: Id(1)] MeasureKind Kind, [property: Id(2)] Instant Start, [property: Id(3)] Instant End, [property: Id(4)] string Reason,
    [property: Id(5)] IReadOnlyList<PharmacyId> Pharmacies, [property: Id(6)] string? Sector = null, [property: Id(7)] string? Reference = null,
    [property: Id(8)] OnCallKind? Duty = null, [property: Id(9)] Access? Access = null)
{
    /// <summary>Whether it keeps a pharmacy from serving a duty of a sector.</summary>
    public bool Lifts(string sector, PharmacyId pharmacy) =>
        (Sector is null || Sector == sector) && (Kind == MeasureKind.Exemption ? Pharmacies.Contains(pharmacy) : Kind == MeasureKind.Strike && (Pharmacies.Count == 0 || Pharmacies.Contains(pharmacy)));

    /// <summary>The duty that a requisition orders; null for other measures.</summary>
    [JsonIgnore]
    public Duty? Ordered => Kind == MeasureKind.Requisition ? new(Sector!, Pharmacies[0], new OnCallPeriod(Start, End, Duty!.Value, Access!.Value)) : null;
}

/// <summary>A list of duties that an authority was given.</summary>
/// <param name="Recipient"><c>ars</c> or <c>cpam</c>.</param>
/// <param name="From">First instant of the list.</param>
/// <param name="To">First instant after it.</param>
/// <param name="Duties">How many it has.</param>
/// <param name="Sha256">Of the file's bytes, in lower-case hexadecimal: whoever holds the file can show that it is this one.</param>
/// <param name="At">When.</param>
/// <param name="Proof">What the receiving server answered, or the reference of what was handed over.</param>
[GenerateSerializer, Immutable, Alias("realtime.Sending")]
public sealed record Sending(
    [property: Id(0)] string Recipient, [property: Id(1)] Instant From, [property: Id(2)] Instant To, [property: Id(3)] int Duties, [property: Id(4)] string Sha256, [property: Id(5)] Instant At, [property: Id(6)] string Proof);
