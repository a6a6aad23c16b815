using System.Buffers;

namespace Realtime.Web.Edge;

/// <summary>What members of a body may be, beyond their JSON type.</summary>
internal static class Bodies
{
    // Marks that turn the direction of what follows them, and the two line breaks that are no control characters.
    private static readonly SearchValues<char> Turning = SearchValues.Create("\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069\u2028\u2029");

    /// <summary>What a PIN is.</summary>
    public static readonly Sentence PinSentence = new("takes 4 to 8 digits that are not all the same", "prend de 4 à 8 chiffres qui ne sont pas tous les mêmes");

    /// <summary>Whether a text can be a PIN.</summary>
    public static bool IsPin(string text) => text.Length is >= 4 and <= 8 && text.All(char.IsAsciiDigit) && text.Distinct().Skip(1).Any();

    /// <summary>What a PIN is that somebody chooses.</summary>
    public static readonly Sentence PinToBeSentence = new(
        "takes 4 to 8 digits, other than a digit or two repeated and a run such as 1234 or 4321",
        "prend de 4 à 8 chiffres, autres qu'un ou deux chiffres répétés et qu'une suite comme 1234 ou 4321");

    /// <summary>Whether a text can become a PIN: those that everybody tries first cannot.</summary>
    public static bool IsPinToBe(string text) =>
        IsPin(text) && !IsRun(text, 1) && !IsRun(text, -1) && text.Where((digit, i) => i >= 2 && digit != text[i - 2]).Any();

    /// <summary>Whether a text is one line, not blank, of a bounded length, of characters that are to be seen and do not make what stands around them look like something else.</summary>
    public static bool IsLine(string text, int longest) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= longest && !text.AsSpan().ContainsAny(Turning)
        && !text.Any(c => char.IsControl(c) || char.IsSurrogate(c) && !IsPaired(text)) && text.IsNormalized();

    /// <summary>Notes the culprit where a text is not such a line.</summary>
    public static void RequireText(HttpContext context, Dictionary<string, string[]> errors, string path, string text, int longest)
    {
        if (!IsLine(text, longest))
            errors[path] = [context.Say(new($"takes one line of 1 to {longest} characters", $"prend une ligne de 1 à {longest} caractères"))];
    }

    private static bool IsRun(string digits, int step) => digits.Zip(digits.Skip(1)).All(pair => pair.Second - pair.First == step);

    private static bool IsPaired(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (char.IsHighSurrogate(text[i]) ? ++i >= text.Length || !char.IsLowSurrogate(text[i]) : char.IsLowSurrogate(text[i]))
                return false;
        return true;
    }
}
