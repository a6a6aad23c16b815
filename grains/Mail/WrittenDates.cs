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
    public static string French(LocalDateTime at) => $"{French(at.Date)} à {at.Hour} h{(at.Minute == 0 ? "" : $" {at.Minute:00}")}";

    /// <summary><c>lundi 30 novembre</c>, <c>mardi 1er décembre</c>.</summary>
    public static string French(LocalDate day) => $"{FrenchDays[(int)day.DayOfWeek - 1]} {(day.Day == 1 ? "1er" : $"{day.Day}")} {FrenchMonths[day.Month - 1]}";

    /// <summary><c>Monday 30 November at 19:30</c>, <c>Tuesday 1 December at 09:00</c>; seconds are dropped.</summary>
    public static string English(LocalDateTime at) => $"{English(at.Date)} at {at.Hour:00}:{at.Minute:00}";

    /// <summary><c>Monday 30 November</c>.</summary>
    public static string English(LocalDate day) => $"{EnglishDays[(int)day.DayOfWeek - 1]} {day.Day} {EnglishMonths[day.Month - 1]}";
}
