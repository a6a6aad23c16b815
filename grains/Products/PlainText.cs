using System.Text;

namespace Realtime.Products;

/// <summary>Texts of the medicines database as they are compared: lower case, without accents.</summary>
internal static class PlainText
{
    /// <summary>One letter without case and accent; <c>œ</c> and <c>æ</c> become their first letter's pair by <see cref="Fold"/>.</summary>
    public static char Of(char letter) => char.ToLowerInvariant(letter) switch
    {
        'à' or 'á' or 'â' or 'ã' or 'ä' => 'a',
        'ç' => 'c',
        'è' or 'é' or 'ê' or 'ë' => 'e',
        'ì' or 'í' or 'î' or 'ï' => 'i',
        'ñ' => 'n',
        'ò' or 'ó' or 'ô' or 'ö' => 'o',
        'ù' or 'ú' or 'û' or 'ü' => 'u',
        'ÿ' => 'y',
        var plain => plain,
    };

    /// <summary>A text without case and accents; combining accents disappear, so that a decomposed é is an e.</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var letter in text)
            _ = letter switch
            {
                'œ' or 'Œ' => folded.Append("oe"),
                'æ' or 'Æ' => folded.Append("ae"),
                >= '\u0300' and <= '\u036f' => folded,
                _ => folded.Append(Of(letter)),
            };
        return folded.ToString();
    }

    /// <summary>The words of a text, folded: runs of letters and runs of digits, so that <c>1000mg</c> and <c>1 000 mg</c> differ in no more than a space.</summary>
    public static List<string> Words(string text)
    {
        var folded = Fold(text);
        var words = new List<string>();
        for (int start = 0, end; start < folded.Length; start = end)
        {
            end = start + 1;
            if (!char.IsLetterOrDigit(folded[start]))
                continue;
            while (end < folded.Length && char.IsLetterOrDigit(folded[end]) && char.IsDigit(folded[end]) == char.IsDigit(folded[start]))
                end++;
            words.Add(folded[start..end]);
        }
        return words;
    }
}
