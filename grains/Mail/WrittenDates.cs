using NodaTime;

namespace Realtime.Mail;

/// <summary>A day and a time in words, by tables of its own: the process knows no culture. The year is left out, since nothing is told of that lies a year ahead.</summary>
internal static class WrittenDates
{
    private static readonly string[] FrenchDays = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
    private static readonly string[] EnglishDays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    private static readonly string[] FrenchMonths = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];
    private static readonly string[] EnglishMonths = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    /// <summary><c>lundi 30 novembre à 19 h 30</c>, <c>mardi 1er décembre à 9 h</c>; seconds are dropped.</summary>
    public static string French(LocalDateTime at)
    {
        var day = at.Day == 1 ? "1er" : $"{at.Day}";
        var minutes = at.Minute == 0 ? "" : $" {at.Minute:00}";
        return $"{FrenchDays[(int)at.DayOfWeek - 1]} {day} {FrenchMonths[at.Month - 1]} à {at.Hour} h{minutes}";
    }

    /// <summary><c>Monday 30 November at 19:30</c>, <c>Tuesday 1 December at 09:00</c>; seconds are dropped.</summary>
    public static string English(LocalDateTime at) =>
        $"{EnglishDays[(int)at.DayOfWeek - 1]} {at.Day} {EnglishMonths[at.Month - 1]} at {at.Hour:00}:{at.Minute:00}";
}
