using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Realtime.Pharmacies;

/// <summary>
/// The hours hidden in the HTML of a Santé.fr reception text: <c>&lt;div class="horaires"&gt;&lt;li&gt;Lundi : 09h00-12h00 et 14h00-19h00&lt;/li&gt;…</c>.
/// Measured on the file as published (read 2026-11-22): 3,258 such lists, at most two spans a day, no day twice, no span past midnight.
/// </summary>
internal static partial class SanteFrHours
{
    private const int MinutesPerDay = 24 * 60;
    private static readonly string[] FrenchDays = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
    private static readonly string[] OsmDays = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

    /// <summary>
    /// Seven texts of spans as OSM writes them (<c>08:00-12:00,14:00-19:00</c>), Monday first, null for a day that is not listed. Null where the
    /// text lists no day at all. False where it lists one that is not understood; <paramref name="strange"/> then holds the words.
    /// </summary>
    public static bool TryReadWeek(string html, out string?[]? week, out string strange)
    {
        week = null;
        strange = "";
        var list = HoursList().Match(html);
        if (!list.Success)
            return true;
        foreach (var item in ListItem().EnumerateMatches(list.ValueSpan))
        {
            var words = Words(list.Value.Substring(item.Index, item.Length));
            week ??= new string?[FrenchDays.Length];
            if (TryReadDay(words, out var day, out var spans) && week[day] is null)
            {
                week[day] = spans;
                continue;
            }
            (week, strange) = (null, words);
            return false;
        }
        return true;
    }

    /// <summary>Whether Monday to Friday are all there. Fewer days are hours at which one is received, not hours at which the door is open.</summary>
    public static bool CoversWorkingDays(string?[] week) => week.Take(5).All(day => day is not null);

    /// <summary>The week in OSM syntax, days with equal spans in one rule: <c>Mo-We,Fr 09:00-19:00; Th,Sa 09:00-12:00</c>.</summary>
    public static string ToOsm(string?[] week) => string.Join("; ", Enumerable.Range(0, week.Length)
        .Where(day => week[day] is not null)
        .GroupBy(day => week[day])
        .Select(group => $"{DayList([.. group])} {group.Key}"));

    private static string DayList(int[] days)
    {
        var parts = new List<string>();
        for (int first = 0, next; first < days.Length; first = next)
        {
            next = first + 1;
            while (next < days.Length && days[next] == days[next - 1] + 1)
                next++;
            parts.Add(next - first == 1 ? OsmDays[days[first]] : $"{OsmDays[days[first]]}-{OsmDays[days[next - 1]]}");
        }
        return string.Join(',', parts);
    }

    private static bool TryReadDay(string words, out int day, out string spans)
    {
        var colon = words.IndexOf(':', StringComparison.Ordinal);
        day = colon < 0 ? -1 : Array.IndexOf(FrenchDays, words[..colon].Trim().ToLowerInvariant());
        spans = "";
        if (day < 0)
            return false;

        var texts = new List<string>();
        var free = 0;
        foreach (var text in words[(colon + 1)..].Split(" et ", StringSplitOptions.TrimEntries))
        {
            if (!TryReadSpan(text, out var start, out var end) || start < free)
                return false;
            texts.Add(string.Create(CultureInfo.InvariantCulture, $"{start / 60:D2}:{start % 60:D2}-{end / 60:D2}:{end % 60:D2}"));
            free = end;
        }
        spans = string.Join(',', texts);
        return true;
    }

    private static bool TryReadSpan(string text, out int start, out int end)
    {
        (start, end) = (0, 0);
        if (Span().Match(text) is not { Success: true } match)
            return false;
        int Number(int group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        start = (Number(1) * 60) + Number(2);
        end = (Number(3) * 60) + Number(4);
        // 00h00 at the end is the midnight that ends the day.
        if (end == 0)
            end = MinutesPerDay;
        return Number(2) < 60 && Number(4) < 60 && start < end && end <= MinutesPerDay;
    }

    /// <summary>Text without markup or entities, spaces single.</summary>
    public static string Words(string html) => Spaces().Replace(WebUtility.HtmlDecode(Tag().Replace(html, " ")), " ").Trim();

    [GeneratedRegex("<div class=\"horaires\">.*?</div>", RegexOptions.Singleline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex HoursList();

    [GeneratedRegex("<li>.*?</li>", RegexOptions.Singleline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ListItem();

    [GeneratedRegex("^(\\d{1,2})h(\\d{2}) ?- ?(\\d{1,2})h(\\d{2})$", RegexOptions.CultureInvariant | RegexOptions.ECMAScript, 1000)]
    private static partial Regex Span();

    [GeneratedRegex("<[^>]*>", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Tag();

    [GeneratedRegex("\\s+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Spaces();
}
