using NodaTime;

namespace Realtime.Hours;

/// <summary>The school holidays of one zone, for as long as a table tells them. Immutable.</summary>
/// <param name="holidays">The holidays, in any order; they may touch or overlap.</param>
/// <param name="told">The stretches within which every day that is in no holiday is a day of school, in any order.</param>
public sealed class SchoolCalendar(IEnumerable<DateInterval> holidays, IEnumerable<DateInterval> told)
{
    private readonly DateInterval[] _holidays = [.. holidays];
    private readonly DateInterval[] _told = [.. told];

    /// <summary>Whether a day is one of school holidays; null where the table says nothing about it.</summary>
    public bool? IsHoliday(LocalDate date) =>
        Array.Exists(_holidays, holiday => holiday.Contains(date)) ? true : Array.Exists(_told, told => told.Contains(date)) ? false : null;
}
