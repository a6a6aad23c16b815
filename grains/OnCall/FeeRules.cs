using System.Runtime.InteropServices;
using NodaTime;
using Realtime.Hours;

namespace Realtime.OnCall;

/// <summary>Why nothing, or less than might be thought, is due.</summary>
public enum FeeReason : byte
{
    /// <summary>The pharmacy is open by itself: its own normal hours earn no fee.</summary>
    OwnHours,

    /// <summary>The pharmacy is not on the duty roster.</summary>
    NotOnRoster,

    /// <summary>No tariff held yet.</summary>
    NoTariff,

    /// <summary>The list of duties was not transmitted: no indemnity.</summary>
    NotTransmitted,

    /// <summary>Duty on an ordinary day earns no indemnity, nor does one of Sundays and holidays that falls on no such day.</summary>
    NoIndemnity,

    /// <summary>The duty covers less than half of the night or day: no indemnity is estimated.</summary>
    TooShort,

    /// <summary>Another duty of the pharmacy has that night or day already.</summary>
    CountedOnce,

    /// <summary>The indemnity is counted in the line in which the night or day begins.</summary>
    CountedBefore,

    /// <summary>Nobody has said whether the pharmacy is open by itself for part of the duty; it is taken not to be.</summary>
    HoursUnknown,
}

/// <summary>The fee for one prescription.</summary>
/// <param name="Cents">What is due, 0 where nothing is.</param>
/// <param name="Reason">Why nothing is due; null where something is.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FeeDue(int Cents, FeeReason? Reason);

/// <summary>What a prescription earns at an instant.</summary>
public static class FeeRules
{
    /// <summary>The table that holds at an instant by the calendar of the zone; null before the first.</summary>
    public static FeeTable? TableAt(Instant instant, Zone zone) => FeeTables.On(instant.InZone(zone.Time).Date);

    /// <summary>The class of an instant under the table that holds then; null before the first.</summary>
    public static PeriodClass? ClassAt(Instant instant, Zone zone)
    {
        var local = instant.InZone(zone.Time);
        return FeeTables.On(local.Date)?.ClassAt((local.Hour * 60) + local.Minute, DutySlots.IsSundayOrHoliday(local.Date, zone.Holidays));
    }

    /// <summary>The fee in cents that the tariff sets for a prescription at an instant, were it due; null before the first table.</summary>
    public static int? TariffCentsAt(Instant instant, Zone zone) => ClassAt(instant, zone) is { } period ? TableAt(instant, zone)!.FeeCents(period) : null;

    /// <summary>The fee that is due for a prescription at an instant.</summary>
    /// <param name="instant">When it is served.</param>
    /// <param name="zone">The calendar and the clock of the pharmacy.</param>
    /// <param name="onRoster">Whether the duty roster has the pharmacy then.</param>
    /// <param name="own">What the pharmacy does by its own ordinary hours, duty aside; unknown counts as not open.</param>
    public static FeeDue DueAt(Instant instant, Zone zone, bool onRoster, ServiceState own) =>
        !onRoster ? new FeeDue(0, FeeReason.NotOnRoster)
        : own == ServiceState.Open ? new FeeDue(0, FeeReason.OwnHours)
        : TariffCentsAt(instant, zone) is { } cents ? new FeeDue(cents, null)
        : new FeeDue(0, FeeReason.NoTariff);

    /// <summary>The instants within (from, to) at which the class or the table may change: midnight, 6:00 and the ends of nights of each local day.</summary>
    internal static IEnumerable<Instant> Changes(Instant from, Instant to, Zone zone)
    {
        var times = new LocalTimes(zone.Time);
        for (var (date, last) = (times.DateAt(from), times.DateAt(to)); date <= last; date = date.PlusDays(1))
        {
            int[] minutes = FeeTables.On(date) is { } table ? [0, FeeTable.DeepNightEnd, table.NightEnd, table.NightStart] : [0];
            foreach (var change in minutes.Select(minute => times.At(date, minute)))
                if (from < change && change < to)
                    yield return change;
        }
    }
}
