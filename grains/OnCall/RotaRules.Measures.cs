using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using NodaTime;

namespace Realtime.OnCall;

/// <summary>The part about what sets a rota aside.</summary>
public static partial class RotaRules
{
    /// <summary>A department has at most so many measures at a time.</summary>
    public const int MostMeasures = 200;

    private static readonly Duration LongestMeasure = Duration.FromDays(366);

    /// <summary>Takes a measure.</summary>
    /// <param name="rota">The department's duty.</param>
    /// <param name="sector">The sector that the measure names; null where it names none, or there is none.</param>
    /// <param name="measure">What; its id is given here.</param>
    /// <param name="now">The moment.</param>
    /// <param name="happened">What then happened.</param>
    /// <param name="refusal">Why not.</param>
    public static bool DecideMeasure(DepartmentRota rota, OnCallSector? sector, Measure measure, Instant now, [NotNullWhen(true)] out MeasureTaken? happened, [NotNullWhen(false)] out RotaRefusal? refusal)
    {
        happened = null;
        refusal = measure.Sector is not null && sector is null ? new(RotaRefusalKind.UnknownSector)
            : rota.Measures.Count(known => known.End > now) >= MostMeasures ? new(RotaRefusalKind.TooMany)
            : measure.End <= measure.Start || measure.End <= now || measure.End - measure.Start > LongestMeasure ? new(RotaRefusalKind.InvalidMeasure, Detail: "end")
            : LackOf(measure, sector) is { } lack ? new(RotaRefusalKind.InvalidMeasure, Detail: lack)
            : null;
        if (refusal is not null)
            return false;
        happened = Named(rota, new(measure));
        return true;
    }

    /// <summary>A measure with the id of the row that it becomes next.</summary>
    public static MeasureTaken Named(DepartmentRota rota, MeasureTaken happened) => new(happened.Measure with { Id = IdOf(rota) });

    /// <summary>Ends a measure.</summary>
    public static bool DecideEnd(DepartmentRota rota, string id, Instant now, [NotNullWhen(true)] out MeasureEnded? happened, [NotNullWhen(false)] out RotaRefusal? refusal)
    {
        (happened, refusal) = (null, null);
        if (rota.FindMeasure(id) is { } measure && measure.End > now)
            happened = new(id);
        else
            refusal = new(RotaRefusalKind.UnknownMeasure);
        return happened is not null;
    }

    private static string? LackOf(Measure measure, OnCallSector? sector) => measure.Kind switch
    {
        MeasureKind.Exemption when measure.Pharmacies.Count != 1 => "pharmacies",
        MeasureKind.Requisition when measure.Pharmacies.Count != 1 => "pharmacies",
        MeasureKind.Requisition when string.IsNullOrWhiteSpace(measure.Reference) => "reference",
        MeasureKind.Requisition when measure.Sector is null => "sector",
        MeasureKind.Requisition when measure.Duty is null => "duty",
        MeasureKind.Requisition when sector?.KindOf(measure.Duty.Value) is null => "duty",
        MeasureKind.Requisition when measure.Access is null => "access",
        MeasureKind.Requisition when measure.End - measure.Start > LongestDuty => "end",
        MeasureKind.Closure when measure.Pharmacies.Count > 0 || measure.Sector is not null => "pharmacies",
        _ => null,
    };

    // What had not begun is as if it had never been.
    private static ImmutableArray<Measure> Ended(ImmutableArray<Measure> measures, string id, Instant at) =>
        [.. measures.Where(measure => measure.Id != id || measure.Start < at).Select(measure => measure.Id == id && at < measure.End ? measure with { End = at } : measure)];
}
