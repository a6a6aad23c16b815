namespace Realtime.Hours;

/// <summary>What a word of an opening-hours text stands for.</summary>
internal enum WordKind : byte
{
    Other,
    Weekday,
    Month,
    PublicHoliday,
    SchoolHoliday,
    Easter,
    Week,
    Open,
    Off,
    Unknown,
    Unsupported,
}

/// <summary>The words of the syntax, in any case. Only the two- and three-letter English forms are words; <c>Monday</c> and <c>lundi</c> are not.</summary>
internal static class HoursWords
{
    private static readonly string[] Weekdays = ["mo", "tu", "we", "th", "fr", "sa", "su"];

    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    private static readonly (string Word, string English, string French)[] Unsupported =
    [
        ("sunrise", "Sunrise is", "Lever du soleil :"),
        ("sunset", "Sunset is", "Coucher du soleil :"),
        ("dawn", "Dawn is", "Aube :"),
        ("dusk", "Dusk is", "Crépuscule :"),
    ];

    /// <summary>What the word is, and its number: 1 = Monday, 1 = January.</summary>
    public static (WordKind Kind, int Number) Read(ReadOnlySpan<char> word) => word.Length switch
    {
        2 when IndexOf(Weekdays, word) is var day and >= 0 => (WordKind.Weekday, day + 1),
        2 when Is(word, "ph") => (WordKind.PublicHoliday, 0),
        2 when Is(word, "sh") => (WordKind.SchoolHoliday, 0),
        3 when IndexOf(Months, word) is var month and >= 0 => (WordKind.Month, month + 1),
        3 when Is(word, "off") => (WordKind.Off, 0),
        4 when Is(word, "open") => (WordKind.Open, 0),
        4 when Is(word, "week") => (WordKind.Week, 0),
        6 when Is(word, "closed") => (WordKind.Off, 0),
        6 when Is(word, "easter") => (WordKind.Easter, 0),
        7 when Is(word, "unknown") => (WordKind.Unknown, 0),
        _ => (IndexOfUnsupported(word) >= 0 ? WordKind.Unsupported : WordKind.Other, 0),
    };

    /// <summary>Whether the word counts days, as in <c>easter +1 day</c>.</summary>
    public static bool IsDays(ReadOnlySpan<char> word) => Is(word, "day") || Is(word, "days");

    /// <summary>The refusal of a word that the full syntax knows.</summary>
    public static HoursError Refuse(ReadOnlySpan<char> word, int column)
    {
        var (_, english, french) = Unsupported[IndexOfUnsupported(word)];
        return HoursError.Unsupported(column, english, french);
    }

    private static int IndexOfUnsupported(ReadOnlySpan<char> word)
    {
        for (var i = 0; i < Unsupported.Length; i++)
            if (Is(word, Unsupported[i].Word))
                return i;
        return -1;
    }

    private static int IndexOf(string[] words, ReadOnlySpan<char> word)
    {
        for (var i = 0; i < words.Length; i++)
            if (Is(word, words[i]))
                return i;
        return -1;
    }

    private static bool Is(ReadOnlySpan<char> word, string lower) => word.Equals(lower, StringComparison.OrdinalIgnoreCase);
}
