using System.Text;
using Realtime.Products;

namespace Realtime.Mail;

/// <summary>Text in the letters that a short message carries one octet short of a byte each (GSM 03.38, basic table): one letter beyond them more than halves what it holds.</summary>
internal static class ShortText
{
    /// <summary>Letters in one short message.</summary>
    public const int Longest = 160;

    /// <summary>What stands where a text was cut.</summary>
    public const string Cut = "...";

    private const string Accented = "àèéùìòÄÖÑÜäöñüÇÉ";
    private const string Signs = " !\"#%&'()*+,-./:;<=>?@_";

    /// <summary>The text with each letter that is not in the table replaced by the one it looks like, or else by a question mark.</summary>
    public static string Of(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var letter in text)
            _ = IsIn(letter) ? plain.Append(letter) : plain.Append(Nearest(letter));
        return plain.ToString();
    }

    private static bool IsIn(char letter) => char.IsAsciiLetterOrDigit(letter) || Accented.Contains(letter) || Signs.Contains(letter);

    private static string Nearest(char letter) => letter switch
    {
        '’' or '‘' or '`' => "'",
        '«' or '»' or '“' or '”' => "\"",
        '–' or '—' or '\u2011' => "-",
        '\u00a0' or '\u202f' => " ",
        _ when PlainText.Fold(letter.ToString()) is var folded && folded.All(char.IsAsciiLetter) => char.IsUpper(letter) ? folded.ToUpperInvariant() : folded,
        _ => "?",
    };
}
