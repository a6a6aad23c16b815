using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using NodaTime;
using Realtime.Hours;

namespace Realtime.Pharmacies;

/// <summary>What a pharmacy declares against its hours, but for closures.</summary>
public static partial class PharmacyPage
{
    /// <summary>The longest exceptional opening that may be declared.</summary>
    public static readonly Duration LongestOpening = Duration.FromDays(31);

    /// <summary>The most days of a vacation, both ends included.</summary>
    public const int LongestVacation = 366;

    /// <summary>The most days that a date may lie ahead.</summary>
    public const int FurthestDate = 731;

    /// <summary>More exceptions ahead than this are refused.</summary>
    public const int MostExceptions = 50;

    /// <summary>An exception must not be over yet, nor be empty; the neighbour who takes over is another pharmacy. What is said of a holiday takes the place of what was said of it before.</summary>
    /// <param name="current">The pharmacy.</param>
    /// <param name="exception">What is declared; it is named after the row that will hold it, whatever its id here.</param>
    /// <param name="expectedSeq">The page as the caller read it.</param>
    /// <param name="now">The instant it is.</param>
    /// <param name="happened">Set where it is taken.</param>
    /// <param name="refusal">Set where it is not.</param>
    public static bool DecideException(
        Pharmacy? current, ExceptionalTime exception, long expectedSeq, Instant now, [NotNullWhen(true)] out ExceptionDeclared? happened, [NotNullWhen(false)] out PageRefusal? refusal)
    {
        happened = null;
        refusal = Refuse(current, expectedSeq) ?? RefuseWhen(exception, ZoneOf(current!), now) ?? (exception switch
        {
            Vacation { ReliefPharmacy: { } relief } when relief == current!.Record.Id => new PageRefusal(PageRefusalKind.ReliefIsItself),
            _ when Ahead(current!, now).Count(other => !exception.Replaces(other)) >= MostExceptions => new PageRefusal(PageRefusalKind.TooManyExceptions),
            _ => null,
        });
        if (refusal is not null)
            return false;
        happened = new ExceptionDeclared(exception with { Id = ExceptionId(current!.Seq + 1) });
        return true;
    }

    /// <summary>Only an exception that stands can be taken back.</summary>
    public static bool DecideExceptionRevocation(
        Pharmacy? current, string exceptionId, long expectedSeq, [NotNullWhen(true)] out ExceptionRevoked? happened, [NotNullWhen(false)] out PageRefusal? refusal)
    {
        happened = null;
        refusal = Refuse(current, expectedSeq);
        if (refusal is null && !current!.Exceptions.Any(other => other.Id == exceptionId))
            refusal = new PageRefusal(PageRefusalKind.UnknownException);
        if (refusal is not null)
            return false;
        happened = new ExceptionRevoked(exceptionId);
        return true;
    }

    /// <summary>An exception is named after the row that declared it, as a closure is.</summary>
    public static string ExceptionId(long seq) => string.Create(CultureInfo.InvariantCulture, $"e{seq}");

    // Dates are bounded before anybody looks for the instants at which they begin and end.
    private static PageRefusal? RefuseWhen(ExceptionalTime exception, Zone zone, Instant now)
    {
        var today = now.InZone(zone.Time).Date;
        var furthest = today.PlusDays(FurthestDate);
        return exception switch
        {
            ExceptionalOpening o when o.End <= o.Start || o.End <= now || o.End - o.Start > LongestOpening => new(PageRefusalKind.InvalidOpening),
            Vacation v when v.To < v.From || v.To < today || v.From > furthest || Period.DaysBetween(v.From, v.To) >= LongestVacation => new(PageRefusalKind.InvalidVacation),
            HolidayWorked h when h.Date < today || h.Date > furthest || !PublicHolidays.IsHoliday(h.Date, zone.Holidays) => new(PageRefusalKind.InvalidHoliday),
            HolidayWorked h when !HolidayWorked.TryParse(h.Hours, out var error) => new(PageRefusalKind.InvalidHours, error.Column, error.English, error.French),
            _ => null,
        };
    }

    private static Pharmacy Declare(Pharmacy current, ExceptionalTime exception)
    {
        var zone = ZoneOf(current);
        return current with { Exceptions = [.. current.Exceptions.Where(other => !exception.Replaces(other)).Append(exception).OrderBy(other => other.In(zone).Start)] };
    }

    private static IReadOnlyList<ExceptionalTime> Ahead(Pharmacy pharmacy, Instant at)
    {
        if (pharmacy.Exceptions.Count == 0)
            return pharmacy.Exceptions;
        var zone = ZoneOf(pharmacy);
        return [.. pharmacy.Exceptions.Where(exception => exception.In(zone).End > at)];
    }

    // What is written was checked when it was written: its zone is known.
    private static Zone ZoneOf(Pharmacy pharmacy) => Zones.Of(pharmacy.Record.Insee, pharmacy.Record.Address.Postcode)!;
}
