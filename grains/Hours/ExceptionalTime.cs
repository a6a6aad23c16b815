using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using NodaTime;
using Realtime.Pharmacies;

namespace Realtime.Hours;

/// <summary>A time for which its pharmacy declared something else than its hours say. Stored: names and members are a contract (see <see cref="PharmacyJson"/>).</summary>
/// <param name="Id">Unique within the pharmacy.</param>
[GenerateSerializer, Immutable, Alias("realtime.ExceptionalTime")]
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ExceptionalOpening), "opening")]
[JsonDerivedType(typeof(HolidayWorked), "holiday")]
[JsonDerivedType(typeof(Vacation), "vacation")]
public abstract record ExceptionalTime([property: Id(0)] string Id)
{
    /// <summary>From when to when it says anything, on the clock and the calendar of a zone; never empty.</summary>
    public abstract Interval In(Zone zone);

    /// <summary>Whether this says anew what another says: one public holiday has one declaration.</summary>
    public virtual bool Replaces(ExceptionalTime other) => false;
}

/// <summary>Open although the hours say closed, or nothing.</summary>
/// <param name="Id">Unique within the pharmacy.</param>
/// <param name="Start">First instant.</param>
/// <param name="End">First instant after it; later than <paramref name="Start"/>.</param>
/// <param name="Reason">Shown to the public, in the words of the pharmacy.</param>
[GenerateSerializer, Immutable, Alias("realtime.ExceptionalOpening")]
public sealed record ExceptionalOpening(string Id, [property: Id(0)] Instant Start, [property: Id(1)] Instant End, [property: Id(2)] string Reason) : ExceptionalTime(Id)
{
    /// <inheritdoc/>
    public override Interval In(Zone zone) => new(Start, End);
}

/// <summary>Closed over whole local dates.</summary>
/// <param name="Id">Unique within the pharmacy.</param>
/// <param name="From">The first date.</param>
/// <param name="To">The last date, itself included; not before <paramref name="From"/>.</param>
/// <param name="Reason">Shown to the public, in the words of the pharmacy.</param>
/// <param name="ReliefPharmacy">The neighbour who takes over, where one does.</param>
[GenerateSerializer, Immutable, Alias("realtime.Vacation")]
public sealed record Vacation(
    string Id, [property: Id(0)] LocalDate From, [property: Id(1)] LocalDate To, [property: Id(2)] string Reason, [property: Id(3)] PharmacyId? ReliefPharmacy) : ExceptionalTime(Id)
{
    /// <inheritdoc/>
    public override Interval In(Zone zone)
    {
        var times = new LocalTimes(zone.Time);
        return new(times.At(From, 0), times.At(To, HoursRule.Day));
    }
}

/// <summary>The hours of one public holiday, in place of all that the ordinary hours say of that date: also of the night that they start on it, and of what they spill into it.</summary>
/// <param name="Id">Unique within the pharmacy.</param>
/// <param name="Date">A public holiday of the pharmacy's zone; on a date that is none there, nothing is said.</param>
/// <param name="Hours">Spans as <c>09:00-12:30,14:00-19:00</c>, where one may run past midnight, or <c>off</c>.</param>
[GenerateSerializer, Immutable, Alias("realtime.HolidayWorked")]
public sealed record HolidayWorked(string Id, [property: Id(0)] LocalDate Date, [property: Id(1)] string Hours) : ExceptionalTime(Id)
{
    /// <summary>What <see cref="Hours"/> says of a holiday without any.</summary>
    public const string Off = "off";

    /// <summary>Reads hours of one day: spans alone, since the day is known.</summary>
    /// <param name="hours">At most <see cref="OpeningHours.MaxLength"/> characters.</param>
    /// <param name="error">Where and why they cannot be read.</param>
    public static bool TryParse(string hours, [NotNullWhen(false)] out HoursError? error)
    {
        error = null;
        if (hours == Off)
            return true;
        if (OtherThanSpans(hours) is not { } other)
            return OpeningHours.TryParse(hours, out _, out error);
        error = HoursError.Expected(other + 1, "spans as 09:00-12:30,14:00-19:00, or off", "des plages comme 09:00-12:30,14:00-19:00, ou off");
        return false;
    }

    /// <inheritdoc/>
    public override Interval In(Zone zone)
    {
        var times = new LocalTimes(zone.Time);
        var end = times.At(Date, HoursRule.Day);
        return new(times.At(Date, 0), Open(times).Aggregate(end, (last, span) => Instant.Max(last, span.End)));
    }

    /// <inheritdoc/>
    public override bool Replaces(ExceptionalTime other) => other is HolidayWorked holiday && holiday.Date == Date;

    /// <summary>When it is open: on the date itself, and on the day after what runs past midnight.</summary>
    internal IEnumerable<Interval> Open(LocalTimes times) =>
        Hours == Off ? [] : Spans(Date).Where(span => !span.FromEve).Select(span => On(Date, span))
            .Concat(Spans(Date.PlusDays(1)).Where(span => span.FromEve).Select(span => On(Date.PlusDays(1), span)))
            .Select(at => new Interval(times.At(at.Date, at.Span.Start), times.At(at.Date, at.Span.End)))
            .Where(open => open.Start < open.End);

    private static (LocalDate Date, LocalSpan Span) On(LocalDate date, LocalSpan span) => (date, span);

    // Spans alone mean the same on every day.
    private List<LocalSpan> Spans(LocalDate date)
    {
        var spans = new List<LocalSpan>();
        OpeningHours.Parse(Hours).SpansOf(date, DayKind.Plain, DayKind.Plain, spans);
        return spans;
    }

    // The place of the first character that spans are not made of, as the third digit of a year, which would make the text speak of other days.
    private static int? OtherThanSpans(string hours)
    {
        var digits = 0;
        for (var i = 0; i < hours.Length; i++)
        {
            digits = char.IsAsciiDigit(hours[i]) ? digits + 1 : 0;
            if (digits > 2 || (digits == 0 && !":-, ".Contains(hours[i], StringComparison.Ordinal)))
                return i;
        }
        return null;
    }
}
