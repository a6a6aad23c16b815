using System.Runtime.InteropServices;
using NodaTime;
using Realtime.Hours;

namespace Realtime.OnCall;

/// <summary>A period that one pharmacy of a sector must serve, from <paramref name="Start"/> up to but not including <paramref name="End"/>.</summary>
/// <param name="Kind">Which duty.</param>
/// <param name="Date">The local date on which it starts.</param>
/// <param name="Start">First instant.</param>
/// <param name="End">First instant after it.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DutySlot(OnCallKind Kind, LocalDate Date, Instant Start, Instant End);

/// <summary>
/// The periods that must be served: every night from 20:00 to 08:00, and by day from 08:00 to 20:00 Sundays and public holidays apart from all other
/// days. They never overlap, and a Sunday that is a holiday is one period. The hours are those of the national agreement of pharmacists and health
/// insurance since 2012-11-07 (avenant in force: JORFARTI000049892241, read 2026-11-22).
/// </summary>
public static class DutySlots
{
    /// <summary>Minutes from midnight at which nights begin and days end.</summary>
    internal const int Evening = 20 * 60;

    /// <summary>Minutes from midnight at which nights end and days begin.</summary>
    internal const int Morning = 8 * 60;

    /// <summary>The periods of one kind that start on the local dates [from, to), by start. By the clock of the zone, a night lasts 11 or 13 hours where it changes.</summary>
    public static IReadOnlyList<DutySlot> Of(OnCallKind kind, LocalDate from, LocalDate to, Zone zone)
    {
        var times = new LocalTimes(zone.Time);
        var slots = new List<DutySlot>();
        for (var date = from; date < to; date = date.PlusDays(1))
            if (kind == OnCallKind.Night)
                slots.Add(new DutySlot(kind, date, times.At(date, Evening), times.At(date.PlusDays(1), Morning)));
            else if (IsSundayOrHoliday(date, zone.Holidays) == (kind == OnCallKind.SundayOrHoliday))
                slots.Add(new DutySlot(kind, date, times.At(date, Morning), times.At(date, Evening)));
        return slots;
    }

    /// <summary>The periods of all kinds that the sector organises, on the local dates [from, to), by start.</summary>
    public static IReadOnlyList<DutySlot> Of(OnCallSector sector, LocalDate from, LocalDate to, Zone zone) =>
        [.. sector.Kinds.Select(kind => kind.Kind).Distinct().SelectMany(kind => Of(kind, from, to, zone)).OrderBy(slot => slot.Start)];

    /// <summary>Whether duty by day on this local date is that of Sundays and public holidays.</summary>
    internal static bool IsSundayOrHoliday(LocalDate date, HolidayZone zone) => date.DayOfWeek == IsoDayOfWeek.Sunday || PublicHolidays.IsHoliday(date, zone);

    /// <summary>How one gets in where nobody has said: by the bell at night, through the door by day.</summary>
    internal static Access UsualAccess(OnCallKind kind) => kind == OnCallKind.Night ? Access.Bell : Access.WalkIn;
}
