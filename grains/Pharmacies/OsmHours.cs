using System.Text.RegularExpressions;
using NodaTime;
using Realtime.Hours;

namespace Realtime.Pharmacies;

/// <summary>
/// Hours as people type them into OpenStreetMap. What is well-formed is left alone; two habits are put right where they can mean one thing only:
/// a slash for the lunch break, and a comma between groups of days. Measured on 32 pharmacies of Niort (2019): 25 write the slash.
/// </summary>
internal static partial class OsmHours
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase;
    private static readonly LocalDate Monday = new(2026, 11, 23);

    /// <summary>The hours to keep; null with a sentence in <paramref name="doubt"/> where the meaning is not certain.</summary>
    /// <param name="text">As it stands in the file.</param>
    /// <param name="doubt">Why the hours stay unknown; empty where they do not.</param>
    public static string? Read(string text, out string doubt)
    {
        doubt = "";
        // Midnight to midnight is a whole day to the syntax and a day off to many who type it.
        if (EmptySpan().Match(text) is { Success: true } empty)
            doubt = $"'{empty.Value}' may mean the whole day or none of it.";
        else if (OpeningHours.TryParse(text, out _, out var error))
            return text;
        else
            return Repair(text, error, out doubt);
        return null;
    }

    private static string? Repair(string text, HoursError error, out string doubt)
    {
        var spans = LunchBreak().Replace(text, "${end},${start}");
        var groups = GroupBreak().Split(spans);
        var repaired = GroupComma().IsMatch(spans) ? string.Join("; ", groups) : spans;
        doubt = !OpeningHours.TryParse(repaired, out _, out _) ? $"column {error.Column}: {error.English}"
            : repaired != spans && !IsCertain(groups) ? "a day is named twice with hours apart: the second may replace the first or add to it."
            : "";
        return doubt.Length == 0 ? repaired : null;
    }

    // A comma adds hours to a day, a semicolon replaces them. The two differ only for a day that is named again; there, hours that overlap
    // those it has already add little or nothing, so that they were meant to replace them.
    private static bool IsCertain(string[] groups)
    {
        var week = new List<LocalSpan>[7];
        foreach (var group in groups)
        {
            if (!OpeningHours.TryParse(group, out var hours, out _))
                return false;
            for (var day = 0; day < week.Length; day++)
            {
                List<LocalSpan> spans = [];
                hours.SpansOf(Monday.PlusDays(day), DayKind.Plain, DayKind.Plain, spans);
                if (spans.Count > 0 && week[day] is { } before && !before.Exists(span => spans.Exists(other => span.Start < other.End && other.Start < span.End)))
                    return false;
                if (spans.Count > 0)
                    week[day] = spans;
            }
        }
        return true;
    }

    [GeneratedRegex("(?<![0-9:])(?<time>[0-9]{1,2}:[0-9]{2}) ?- ?\\k<time>(?![0-9])", Options, 1000)]
    private static partial Regex EmptySpan();

    // Only between two spans: "08:00-18:00/01:30" is a period.
    [GeneratedRegex("(?<end>-[0-9]{1,2}:[0-9]{2}) ?/ ?(?<start>[0-9]{1,2}:[0-9]{2} ?-)", Options, 1000)]
    private static partial Regex LunchBreak();

    // A comma that follows a time and goes before a weekday.
    [GeneratedRegex("(?<=[0-9]{2}) *, *(?=(Mo|Tu|We|Th|Fr|Sa|Su)\\b)", Options, 1000)]
    private static partial Regex GroupComma();

    [GeneratedRegex(" *; *|(?<=[0-9]{2}) *, *(?=(Mo|Tu|We|Th|Fr|Sa|Su)\\b)", Options, 1000)]
    private static partial Regex GroupBreak();
}
