using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using NodaTime;

namespace Realtime.Products;

/// <summary>
/// Reads what a scanner sends for the DataMatrix of a box, in any order of its fields: (01) a zero and the CIP13, (17) the expiry, (10) the lot, (21) the
/// serial number; others are passed over. Pure, and nothing is thrown whatever the text.
/// Source: GS1's Application Identifier syntax dictionary, and what it and public tools quote of the GS1 General Specifications: lengths that need no
/// separator (7.8.5), characters (figure 7.11-1), centuries (7.12); read 28 November 2026.
/// </summary>
internal static class DataMatrix
{
    /// <summary>Characters of the longest text that is looked at; a box's has some fifty.</summary>
    public const int LongestText = 200;

    private const char Separator = '\u001d';
    private const int IdentifierLength = 2, LongestField = 20, LongestOther = 92, GtinLength = 14, DateLength = 6;
    private const int YearsBack = 49, Century = 100;

    // ASCII 33 to 122 without those that national keyboards and programs mistake.
    private static readonly SearchValues<char> Printable = SearchValues.Create("!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

    // Any year would do where only the code is asked for.
    private static readonly LocalDate SomeDay = new(2026, 1, 1);

    /// <summary>Reads a box.</summary>
    /// <param name="text">With or without the symbology prefix <c>]d2</c>, separators as ASCII 29.</param>
    /// <param name="today">From which two digits of a year are understood: 49 years back to 50 years ahead.</param>
    /// <param name="box">What it says; null where it is none.</param>
    /// <param name="fault">Why it is none.</param>
    public static bool TryRead(ReadOnlySpan<char> text, LocalDate today, [NotNullWhen(true)] out ScannedBox? box, out ScanFault fault)
    {
        var fields = new Fields { FirstYear = today.Year - YearsBack };
        // Scanners end what they send with Enter.
        text = text.Trim(" \r\n");
        fault = text.Length > LongestText ? ScanFault.TooLong : ReadAll(WithoutPrefix(text), ref fields);
        box = fault == ScanFault.None ? new(fields.Cip13!.Value, fields.Lot, fields.Expiry, fields.Serial) : null;
        return box is not null;
    }

    /// <summary>Reads the code alone of a box; false where the text is no box's.</summary>
    public static bool TryReadCode(ReadOnlySpan<char> text, out Cip13 cip13)
    {
        var read = TryRead(text, SomeDay, out var box, out _);
        cip13 = box?.Cip13 ?? default;
        return read;
    }

    private static ReadOnlySpan<char> WithoutPrefix(ReadOnlySpan<char> text) => text.StartsWith("]d2") || text.StartsWith("]C1") ? text[3..] : text;

    private static ScanFault ReadAll(ReadOnlySpan<char> text, ref Fields fields)
    {
        for (text = text.TrimStart(Separator); text.Length > 0; text = text.TrimStart(Separator))
        {
            if (text.Length < IdentifierLength || LengthOf(text) is not { } length)
                return ScanFault.UnknownIdentifier;
            if (length <= IdentifierLength || text.Length < length)
                return ScanFault.Truncated;
            var fault = ReadOne(text[..IdentifierLength], text[IdentifierLength..length], ref fields);
            if (fault != ScanFault.None)
                return fault;
            text = text[length..];
        }
        return fields.Cip13 is null ? ScanFault.NoGtin : ScanFault.None;
    }

    // Characters of the field that begins here, its identifier among them. The two first digits tell which fields end by themselves; all others end at a separator.
    private static int? LengthOf(ReadOnlySpan<char> text) => text[..IdentifierLength] switch
    {
        "00" => 20,
        "01" or "02" or "03" => IdentifierLength + GtinLength,
        "04" => 18,
        "11" or "12" or "13" or "14" or "15" or "16" or "17" or "18" or "19" => IdentifierLength + DateLength,
        "20" => 4,
        "31" or "32" or "33" or "34" or "35" or "36" => 10,
        "41" => 16,
        "10" or "21" or "22" or "23" or "24" or "25" or "30" or "37" or "39" or "40" or "42" or "43" or "70" or "71" or "72" or "80" or "81" or "82"
            => text.IndexOf(Separator) is >= 0 and var end ? end : text.Length,
        ['9', >= '0' and <= '9'] => text.IndexOf(Separator) is >= 0 and var end ? end : text.Length,
        _ => null,
    };

    private static ScanFault ReadOne(ReadOnlySpan<char> identifier, ReadOnlySpan<char> value, ref Fields fields) => identifier switch
    {
        "01" => fields.Cip13 is not null ? ScanFault.Repeated : ReadGtin(value, out fields.Cip13),
        "17" => fields.Expiry is not null ? ScanFault.Repeated : ReadExpiry(value, fields.FirstYear, out fields.Expiry),
        // Recalls name lots in upper case, whatever the printer of a box did.
        "10" => fields.Lot is not null ? ScanFault.Repeated : ReadField(value, LongestField, out fields.Lot, upper: true),
        "21" => fields.Serial is not null ? ScanFault.Repeated : ReadField(value, LongestField, out fields.Serial, upper: false),
        _ => ReadField(value, LongestOther, out _, upper: false),
    };

    private static ScanFault ReadGtin(ReadOnlySpan<char> digits, out Cip13? cip13)
    {
        cip13 = null;
        if (digits.ContainsAnyExceptInRange('0', '9') || !HasCheckDigit(digits))
            return ScanFault.InvalidGtin;
        if (digits[0] != '0' || !Products.Cip13.TryParse(digits[1..], out var code))
            return ScanFault.NotAMedicine;
        cip13 = code;
        return ScanFault.None;
    }

    private static bool HasCheckDigit(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
            sum += (digits[i] - '0') * (i % 2 == 0 ? 3 : 1);
        return sum % 10 == 0;
    }

    private static ScanFault ReadExpiry(ReadOnlySpan<char> digits, int firstYear, out LocalDate? day)
    {
        day = null;
        if (digits.ContainsAnyExceptInRange('0', '9'))
            return ScanFault.InvalidExpiry;
        var (twoDigits, month, dayOfMonth) = (Two(digits), Two(digits[2..]), Two(digits[4..]));
        // The only year of a hundred that ends so.
        var year = firstYear + ((((twoDigits - firstYear) % Century) + Century) % Century);
        if (month is < 1 or > 12 || dayOfMonth > CalendarSystem.Iso.GetDaysInMonth(year, month))
            return ScanFault.InvalidExpiry;
        // Boxes made before 2025 may leave the day open: the month's last.
        day = new LocalDate(year, month, dayOfMonth == 0 ? CalendarSystem.Iso.GetDaysInMonth(year, month) : dayOfMonth);
        return ScanFault.None;
    }

    private static int Two(ReadOnlySpan<char> digits) => ((digits[0] - '0') * 10) + digits[1] - '0';

    private static ScanFault ReadField(ReadOnlySpan<char> value, int longest, out string? read, bool upper)
    {
        read = null;
        if (value.Length > longest || value.ContainsAnyExcept(Printable))
            return ScanFault.InvalidField;
        read = upper ? value.ToString().ToUpperInvariant() : value.ToString();
        return ScanFault.None;
    }

    private ref struct Fields
    {
        public int FirstYear;
        public Cip13? Cip13;
        public LocalDate? Expiry;
        public string? Lot, Serial;
    }
}
