using System.Diagnostics.CodeAnalysis;

namespace Realtime.People;

/// <summary>The national number of a health professional (RPPS): eleven digits, the last a check digit by Luhn's rule.</summary>
public readonly record struct Rpps
{
    private readonly string? _value;

    private Rpps(string value) => _value = value;

    /// <summary>The eleven digits.</summary>
    public string Value => _value ?? throw new InvalidOperationException("Not a number: made without Parse.");

    /// <summary>Reads eleven digits, or Pro Santé Connect's form of them: an 8 in front, which says that it is an RPPS number.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Rpps rpps)
    {
        if (text is { Length: 12 } && text[0] == '8')
            text = text[1..];
        var holds = text is { Length: 11 } && text.All(char.IsAsciiDigit) && Luhn(text);
        rpps = holds ? new Rpps(text!) : default;
        return holds;
    }

    /// <inheritdoc/>
    public override string ToString() => "(RPPS)";

    private static bool Luhn(string digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            sum += i % 2 == 0 ? digit : digit > 4 ? (2 * digit) - 9 : 2 * digit;
        }
        return sum % 10 == 0;
    }
}
