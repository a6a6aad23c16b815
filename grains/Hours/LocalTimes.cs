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

    // Clocks change twice a year, so nearly every question falls in the interval of the last one.
    private ZoneInterval? _last;

    /// <summary>The instant of <paramref name="minute"/> minutes (0 to 1,440) after the midnight of <paramref name="date"/>.</summary>
    public Instant At(LocalDate date, int minute)
    {
        var local = date.AtMidnight().PlusMinutes(minute);
        if (_last is not null && IsPlainIn(_last, local))
            return local.WithOffset(_last.WallOffset).ToInstant();
        var instant = Policy(zone.MapLocal(local)).ToInstant();
        _last = zone.GetZoneInterval(instant);
        return instant;
    }

    /// <summary>The local date at an instant.</summary>
    public LocalDate DateAt(Instant instant) => instant.InZone(zone).Date;

    // A day away from either end of the interval, a local time exists exactly once and belongs to it.
    private static bool IsPlainIn(ZoneInterval interval, LocalDateTime local) =>
        (!interval.HasStart || local > interval.IsoLocalStart.PlusDays(1)) && (!interval.HasEnd || local < interval.IsoLocalEnd.PlusDays(-1));
}
