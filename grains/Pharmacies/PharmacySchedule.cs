using NodaTime;
using Realtime.Hours;

namespace Realtime.Pharmacies;

/// <summary>When a pharmacy serves: the one place where hours, closures, duty and the age of the hours come together.</summary>
internal static class PharmacySchedule
{
    /// <summary>The schedule of a pharmacy of these facts.</summary>
    /// <param name="facts">What is known of it.</param>
    /// <param name="zone">Its calendar and clock.</param>
    /// <param name="hours">Its hours, parsed; null where nobody has stated them.</param>
    /// <param name="demo">Gives the duty of synthetic pharmacies.</param>
    /// <param name="options">How old hours may be.</param>
    public static Schedule Of(Pharmacy facts, Zone zone, OpeningHours? hours, DemoWorld demo, RealtimeOptions options) =>
        new(zone, hours, facts.Closures, demo.Duty(facts.Record.Id), facts.ConfirmedAt + Duration.FromDays(options.HoursMaxAgeDays));
}
