using System.Globalization;
using System.Text.RegularExpressions;

namespace Realtime.Products;

/// <summary>What an amount is counted in.</summary>
internal enum AmountUnit : byte
{
    /// <summary>Grams.</summary>
    Gram,

    /// <summary>Millilitres.</summary>
    Millilitre,

    /// <summary>International units, whose mass differs from substance to substance.</summary>
    InternationalUnit,
}

/// <summary>An amount of a substance or of a preparation.</summary>
internal readonly record struct Amount(decimal Value, AmountUnit Unit)
{
    /// <summary>The amount under one name of its unit; false for a unit that is none of ours.</summary>
    public static bool TryOf(string number, string unit, out Amount amount)
    {
        amount = default;
        // Nothing in a box is larger; the bound keeps the arithmetic exact and far from overflow.
        const decimal most = 1_000_000_000_000m;
        if (!decimal.TryParse(number.Replace(" ", "", StringComparison.Ordinal).Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || value <= 0 || value > most)
            return false;
        (decimal Factor, AmountUnit Unit)? known = unit switch
        {
            "kg" => (1_000m, AmountUnit.Gram),
            "g" or "gramme" or "grammes" => (1m, AmountUnit.Gram),
            "mg" or "milligramme" or "milligrammes" => (0.001m, AmountUnit.Gram),
            "µg" or "μg" or "mcg" or "microgramme" or "microgrammes" => (0.000_001m, AmountUnit.Gram),
            "l" or "litre" or "litres" => (1_000m, AmountUnit.Millilitre),
            "cl" => (10m, AmountUnit.Millilitre),
            "ml" or "millilitre" or "millilitres" => (1m, AmountUnit.Millilitre),
            // Some lines write the I of UI as a small L.
            "ui" or "u.i." or "ul" => (1m, AmountUnit.InternationalUnit),
            _ => null,
        };
        if (known is { } found)
            amount = new(value * found.Factor, found.Unit);
        return known is not null;
    }
}

/// <summary>How much of a substance is in how much of a medicine, as the composition file states it: <c>400 mg</c> of <c>un comprimé</c>, <c>1,16 g</c> of <c>100 g de gel</c>.</summary>
/// <param name="Of">How much.</param>
/// <param name="Unit">In one of these, as <c>comprime</c>; null where it is in <paramref name="Per"/>.</param>
/// <param name="Per">In so much; meaningless where there is a unit.</param>
internal readonly partial record struct Dosage(Amount Of, string? Unit, Amount Per)
{
    /// <summary>Reads it; false where either half is missing, is a range, or is in words that are not understood.</summary>
    public static bool TryParse(string dosage, string reference, out Dosage read)
    {
        read = default;
        if (AmountAlone().Match(PlainText.Fold(dosage)) is not { Success: true } amount || !Amount.TryOf(amount.Groups["number"].Value, amount.Groups["unit"].Value, out var of) || of.Unit == AmountUnit.Millilitre)
            return false;
        var folded = PlainText.Fold(reference).Trim();
        if (AmountFirst().Match(folded) is { Success: true } per)
        {
            if (!Amount.TryOf(per.Groups["number"].Value, per.Groups["unit"].Value, out var within) || within.Unit == AmountUnit.InternationalUnit)
                return false;
            read = new(of, null, within);
            return true;
        }
        if (BoxLabel.UnitOf(folded) is not { } unit)
            return false;
        read = new(of, unit, default);
        return true;
    }

    [GeneratedRegex(@"^\s*(?<number>\d[\d ]*(?:[.,]\d+)?)\s*(?<unit>[a-zµμ.]+)\s*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AmountAlone();

    [GeneratedRegex(@"^(?<number>\d[\d ]*(?:[.,]\d+)?)\s*(?<unit>[a-zµμ]+)\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AmountFirst();
}
