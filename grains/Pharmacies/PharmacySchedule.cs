using NodaTime;
using Realtime.Hours;
using Realtime.OnCall;

namespace Realtime.Pharmacies;

/// <summary>When a pharmacy serves: the one place where hours, exceptions, public duty and the age of the hours come together.</summary>
internal static class PharmacySchedule
{
    /// <summary>The schedule of a pharmacy of these facts.</summary>
    /// <param name="facts">What is known of it.</param>
    /// <param name="zone">Its calendar and clock.</param>
    /// <param name="hours">Its hours, parsed; null where nobody has stated them.</param>
    /// <param name="book">Whose duty it is when, and what shuts a whole department.</param>
    /// <param name="options">How old hours may be.</param>
    /// <param name="now">The moment: duty that is not yet in sight is left out.</param>
    public static Schedule Of(Pharmacy facts, Zone zone, OpeningHours? hours, OnCallBook book, RealtimeOptions options, Instant now) =>
        new(zone, hours, facts.Closures, book.DutyOf(facts.Record.Id).SeenAt(now), facts.ConfirmedAt + Duration.FromDays(options.HoursMaxAgeDays), book.ClosuresOf(facts.Record.Department),
            facts.Exceptions);
}
