using System.Text.Json.Serialization;
using NodaTime;
using NodaTime.Text;
using Realtime.Hours;
using Realtime.Nearest;
using Realtime.Pharmacies;
using Realtime.Web.Edge;
using Realtime.Web.Live;

namespace Realtime.Web.Pharmacies;

/// <summary>The neighbour who takes over.</summary>
/// <param name="Id">FINESS number.</param>
/// <param name="Name">The sign over the door.</param>
/// <param name="Phone">Telephone, or null where none is known.</param>
/// <param name="Distance">Metres from the pharmacy that is closed.</param>
public sealed record ReliefItem(string Id, string Name, string? Phone, int Distance)
{
    /// <summary>What is known of a neighbour; null where there is none, or none that is known here.</summary>
    internal static ReliefItem? Of(PharmacyId? relief, Place closed, Country country)
    {
        if (relief is not { } id || !country.TryFind(id, out var place))
            return null;
        var record = place.Facts.Record;
        return new(id.Value, record.Name, record.Phone, (int)Math.Round(GreatCircle.DistanceMeters(PositionOf(closed), PositionOf(place))));
    }

    private static Position PositionOf(Place place) => new(place.Facts.Record.Latitude, place.Facts.Record.Longitude);
}

/// <summary>A closure on a page.</summary>
public sealed record ClosureItem(
    string Id, string Start, string End, string Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ReliefPharmacy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ReliefItem? Relief = null)
{
    internal static ClosureItem Of(Closure closure, DateTimeZone zone, ReliefItem? relief = null) =>
        new(closure.Id, Moments.In(zone, closure.Start), Moments.In(zone, closure.End), closure.Reason, closure.ReliefPharmacy?.Value, relief);
}

/// <summary>An exceptional opening, a public holiday with hours of its own, or a vacation, on a page.</summary>
/// <param name="Id">Its name, by which it is taken back.</param>
/// <param name="Kind"><c>opening</c>, <c>holiday</c> or <c>vacation</c>.</param>
/// <param name="Start">First instant.</param>
/// <param name="End">First instant after it.</param>
/// <param name="Date">The holiday's date.</param>
/// <param name="Name">The holiday's name, in French.</param>
/// <param name="Hours">The holiday's spans, or <c>off</c>.</param>
/// <param name="From">First date of a vacation.</param>
/// <param name="To">Last date of a vacation.</param>
/// <param name="Reason">In the words of the pharmacy.</param>
/// <param name="ReliefPharmacy">The pharmacy that takes over.</param>
/// <param name="Relief">What is known of it.</param>
public sealed record ExceptionItem(
    string Id, string Kind, string Start, string End,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Date = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Hours = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? From = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? To = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ReliefPharmacy = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ReliefItem? Relief = null)
{
    internal static ExceptionItem Of(ExceptionalTime exception, Zone zone, ReliefItem? relief = null)
    {
        var when = exception.In(zone);
        var (start, end) = (Moments.In(zone.Time, when.Start), Moments.In(zone.Time, when.End));
        return exception switch
        {
            ExceptionalOpening o => new(o.Id, "opening", start, end, Reason: o.Reason),
            HolidayWorked h => new(h.Id, "holiday", start, end, LocalDatePattern.Iso.Format(h.Date), PublicHolidays.Name(h.Date, zone.Holidays), h.Hours),
            Vacation v => new(v.Id, "vacation", start, end, From: LocalDatePattern.Iso.Format(v.From), To: LocalDatePattern.Iso.Format(v.To), Reason: v.Reason, ReliefPharmacy: v.ReliefPharmacy?.Value, Relief: relief),
            _ => throw new InvalidOperationException($"{exception.GetType().Name} has no shape on the wire."),
        };
    }
}
