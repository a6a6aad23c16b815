using NodaTime;

namespace Realtime.Products;

/// <summary>What the DataMatrix of a box says (GS1 General Specifications, application identifiers 01, 17, 10 and 21).</summary>
/// <param name="Cip13">The presentation.</param>
/// <param name="Expiry">The last day it may be used; null where the code does not say.</param>
/// <param name="Lot">The lot, 1 to 20 characters; null where the code does not say.</param>
/// <param name="Serial">The box's own number, 1 to 20 characters; most boxes without prescription have none.</param>
internal sealed record BoxScan(Cip13 Cip13, LocalDate? Expiry, string? Lot, string? Serial)
{
    private const char Separator = '\u001d';
    private const int LongestField = 20;

    /// <summary>
    /// Reads what a scanner sends, with or without the symbology prefix <c>]d2</c>: (01) a zero and the code, (17) a day as YYMMDD whose 00 means the end
    /// of the month, (10) and (21) up to twenty characters, each ended by GS unless it is the last. False where it is anything else.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out BoxScan? scan)
    {
        scan = null;
        if (text.StartsWith("]d2") || text.StartsWith("]C1"))
            text = text[3..];
        Cip13? cip13 = null;
        LocalDate? expiry = null;
        string? lot = null, serial = null;
        for (text = text.TrimStart(Separator); text.Length > 0; text = text.TrimStart(Separator))
        {
            if (text.Length < 3)
                return false;
            var identifier = text[..2];
            var rest = text[2..];
            if (identifier is "01" && cip13 is null && rest.Length >= 14 && rest[0] == '0' && Cip13.TryParse(rest[1..14], out var code))
            {
                cip13 = code;
                text = rest[14..];
            }
            else if (identifier is "17" && expiry is null && rest.Length >= 6 && TryReadDay(rest[..6], out var day))
            {
                expiry = day;
                text = rest[6..];
            }
            else if (identifier is "10" && lot is null && TryReadField(rest, out var length))
            {
                lot = new string(rest[..length]);
                text = rest[length..];
            }
            else if (identifier is "21" && serial is null && TryReadField(rest, out length))
            {
                serial = new string(rest[..length]);
                text = rest[length..];
            }
            else
            {
                return false;
            }
        }
        if (cip13 is { } found)
            scan = new(found, expiry, lot, serial);
        return scan is not null;
    }

    private static bool TryReadField(ReadOnlySpan<char> text, out int length)
    {
        var end = text.IndexOf(Separator);
        length = end < 0 ? text.Length : end;
        return length is > 0 and <= LongestField;
    }

    private static bool TryReadDay(ReadOnlySpan<char> digits, out LocalDate day)
    {
        day = default;
        if (digits.ContainsAnyExceptInRange('0', '9'))
            return false;
        int Two(ReadOnlySpan<char> two) => ((two[0] - '0') * 10) + two[1] - '0';
        // No box of this century carries a date of the last one.
        var (year, month, dayOfMonth) = (2000 + Two(digits), Two(digits[2..]), Two(digits[4..]));
        if (month is < 1 or > 12 || dayOfMonth > CalendarSystem.Iso.GetDaysInMonth(year, month))
            return false;
        day = new LocalDate(year, month, dayOfMonth == 0 ? CalendarSystem.Iso.GetDaysInMonth(year, month) : dayOfMonth);
        return true;
    }
}
