using NodaTime;
using NodaTime.TimeZones;

namespace Realtime.Hours;

/// <summary>
/// The one place where a time on the wall becomes an instant. Policy: a time that the clocks skip in spring moves forward by the gap
/// (02:30 becomes 03:30), a time that they show twice in autumn is its first showing.
/// </summary>
internal sealed class LocalTimes(DateTimeZone zone)
{
    private static readonly ZoneLocalMappingResolver Policy =
        Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnForwardShifted);

    // Clocks change twice a year, so on nearly every day minutes simply add up from midnight, and the offset is yesterday's.
    private ZoneInterval? _interval;
    private LocalDate _date;
    private Instant? _midnight;

    /// <summary>The instant of <paramref name="minute"/> minutes (0 to 1,440) after the midnight of <paramref name="date"/>.</summary>
    public Instant At(LocalDate date, int minute)
    {
        if (_date != date)
            (_date, _midnight) = (date, MidnightOfPlainDay(date));
        return _midnight is { } midnight ? midnight + Duration.FromMinutes(minute) : Policy(zone.MapLocal(date.AtMidnight().PlusMinutes(minute))).ToInstant();
    }

    /// <summary>The local date at an instant.</summary>
    public LocalDate DateAt(Instant instant) => instant.InZone(zone).Date;

    // Null where the clocks change on that day or next to it.
    private Instant? MidnightOfPlainDay(LocalDate date)
    {
        var midnight = date.AtMidnight();
        if (_interval is null || !IsWellWithin(_interval, midnight))
            _interval = zone.GetZoneInterval(Policy(zone.MapLocal(midnight)).ToInstant());
        return IsWellWithin(_interval, midnight) ? midnight.WithOffset(_interval.WallOffset).ToInstant() : null;
    }

    // Two days away from either end of the interval, all local times of the day exist exactly once and belong to it.
    private static bool IsWellWithin(ZoneInterval interval, LocalDateTime midnight) =>
        (!interval.HasStart || midnight > interval.IsoLocalStart.PlusDays(2)) && (!interval.HasEnd || midnight < interval.IsoLocalEnd.PlusDays(-2));
}
