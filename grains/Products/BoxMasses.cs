namespace Realtime.Products;

/// <summary>
/// Mass of each active substance in a box: its dosage times what the box holds. The salt and the therapeutic fraction of one link are the same substance
/// and count once; links of one substance add up. Anything that can be read in two ways has no mass.
/// </summary>
internal static class BoxMasses
{
    /// <summary>The parts of one presentation.</summary>
    /// <param name="components">Rows of its speciality.</param>
    /// <param name="label">Its label.</param>
    public static IReadOnlyList<DosePart> Of(IReadOnlyList<Component> components, BoxLabel label)
    {
        // A box of several elements, as tablets for the day and for the night, does not say which of its units are of which.
        var elements = components.Select(row => row.Element).Distinct(StringComparer.Ordinal).Count();
        var counted = components.GroupBy(row => (row.Element, row.Link)).SelectMany(link => OfLink([.. link], label, elements == 1));
        return [.. counted.GroupBy(part => part.Substance, StringComparer.Ordinal).Select(Sum)];
    }

    // One link may hold one substance as salt and as fraction, and rarely several salts of different substances.
    private static IEnumerable<DosePart> OfLink(IReadOnlyList<Component> rows, BoxLabel label, bool isAlone)
    {
        var named = rows.Where(row => Substances.Find(row.Code) is not null).GroupBy(row => Substances.Find(row.Code)!.Name, StringComparer.Ordinal).ToList();
        foreach (var substance in named)
        {
            var ranked = substance.OrderBy(row => Substances.Find(row.Code)!.Rank).ToList();
            var row = ranked.FirstOrDefault(row => Dosage.TryParse(row.Dosage, row.Reference, out _)) ?? ranked[0];
            yield return Of(row, substance.Key, Substances.Find(row.Code)!.Factor, label, isAlone);
        }
        if (named.Count > 0)
            yield break;
        // No rule names it: the fraction where it is stated, else the salt.
        var chosen = rows.FirstOrDefault(row => row.IsMoiety && row.Dosage.Length > 0) ?? rows.FirstOrDefault(row => !row.IsMoiety) ?? rows[0];
        yield return Of(chosen, chosen.Substance.ToLowerInvariant(), 1, label, isAlone);
    }

    private static DosePart Of(Component row, string substance, decimal factor, BoxLabel label, bool isAlone)
    {
        if (!isAlone || !Dosage.TryParse(row.Dosage, row.Reference, out var dosage))
            return new(substance, null, null, label.Count("dispositif"));
        var content = label.Content();
        decimal? times = dosage.Unit is { } unit ? label.Count(unit)
            : content?.Unit == dosage.Per.Unit ? content.Value.Value / dosage.Per.Value
            : null;
        var units = dosage.Unit is { } counted ? label.Count(counted) : null;
        if (times is not { } boxful)
            return new(substance, null, null, units);
        var amount = dosage.Of.Value * boxful * factor;
        var international = dosage.Of.Unit == AmountUnit.InternationalUnit ? dosage.Of.Value * boxful : (decimal?)null;
        var grams = international is { } ui ? Substances.GramsOf(substance, ui) : amount;
        return new(substance, grams is { } known && known <= Mass.MostGramsPerBox ? Mass.OfGrams(known) : null, international, units);
    }

    // A sum of which one term is unknown is unknown.
    private static DosePart Sum(IGrouping<string, DosePart> parts) => parts.Aggregate((sum, next) => new(
        sum.Substance,
        sum.Grams is { } grams && next.Grams is { } more ? grams + more : null,
        sum.InternationalUnits is { } units && next.InternationalUnits is { } others ? units + others : null,
        // The same units hold both salts.
        sum.Units == next.Units ? sum.Units : null));
}
