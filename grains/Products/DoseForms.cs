namespace Realtime.Products;

/// <summary>How a medicine is taken, as far as the law tells forms apart; a rule names several, a medicine usually one. Stored by the words of <see cref="DoseFormWords"/>.</summary>
[Flags]
internal enum DoseForms
{
    /// <summary>None that any rule names.</summary>
    None = 0,

    /// <summary>Swallowed, as tablets, capsules, or powders that are dissolved at home.</summary>
    OralSolid = 1,

    /// <summary>Drunk as it is.</summary>
    OralLiquid = 1 << 1,

    /// <summary>Creams, gels, solutions on the skin.</summary>
    Topical = 1 << 2,

    /// <summary>Medicated plasters.</summary>
    Plaster = 1 << 3,

    /// <summary>Nail varnish.</summary>
    Nail = 1 << 4,

    /// <summary>In the vagina.</summary>
    Vaginal = 1 << 5,

    /// <summary>In the rectum.</summary>
    Rectal = 1 << 6,

    /// <summary>In the nose.</summary>
    Nasal = 1 << 7,

    /// <summary>On the eye.</summary>
    Eye = 1 << 8,

    /// <summary>In the ear.</summary>
    Ear = 1 << 9,

    /// <summary>Chewing gum.</summary>
    Gum = 1 << 10,

    /// <summary>Lozenges, left to melt in the mouth.</summary>
    Lozenge = 1 << 11,

    /// <summary>Under the tongue.</summary>
    Sublingual = 1 << 12,

    /// <summary>Otherwise in the mouth or on the gums.</summary>
    Buccal = 1 << 13,

    /// <summary>Breathed in.</summary>
    Inhaled = 1 << 14,

    /// <summary>Patches that act through the skin.</summary>
    Patch = 1 << 15,

    /// <summary>Injected.</summary>
    Injected = 1 << 16,

    /// <summary>Any other.</summary>
    Other = 1 << 17,

    /// <summary>Swallowed in whatever form.</summary>
    Oral = OralSolid | OralLiquid,

    /// <summary>On the skin in whatever form, nails apart.</summary>
    Skin = Topical | Plaster,

    /// <summary>Every form.</summary>
    Any = (1 << 18) - 1,
}

/// <summary>Words for forms, and the form of a medicine from the words of the medicines database.</summary>
internal static class DoseFormWords
{
    private static readonly DoseForms[] Named =
    [
        DoseForms.Any, DoseForms.Oral, DoseForms.Skin, DoseForms.OralSolid, DoseForms.OralLiquid, DoseForms.Topical, DoseForms.Plaster, DoseForms.Nail, DoseForms.Vaginal, DoseForms.Rectal,
        DoseForms.Nasal, DoseForms.Eye, DoseForms.Ear, DoseForms.Gum, DoseForms.Lozenge, DoseForms.Sublingual, DoseForms.Buccal, DoseForms.Inhaled, DoseForms.Patch, DoseForms.Injected, DoseForms.Other,
    ];

    private static readonly Dictionary<DoseForms, string> WordOf = Named.ToDictionary(form => form, form => char.ToLowerInvariant($"{form}"[0]) + $"{form}"[1..]);
    private static readonly Dictionary<string, DoseForms> FormOf = WordOf.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    /// <summary>The word of a form, as <c>oralSolid</c>; of several that share no word, their words with plus signs between them.</summary>
    public static string Word(DoseForms forms) =>
        WordOf.TryGetValue(forms, out var word) ? word : string.Join('+', Named[3..].Where(form => (form & forms) != DoseForms.None).Select(form => WordOf[form]));

    /// <summary>The forms of a word that <see cref="Word"/> gave.</summary>
    /// <exception cref="FormatException">There is no such word.</exception>
    public static DoseForms Parse(string words) => words.Length == 0 ? DoseForms.None
        : words.Split('+').Aggregate(DoseForms.None, (forms, word) => forms | (FormOf.TryGetValue(word, out var form) ? form : throw new FormatException($"'{word}' is not a form of medicine.")));

    /// <summary>The forms of a medicine.</summary>
    /// <param name="form">Pharmaceutical form, as <c>comprimé pelliculé</c>.</param>
    /// <param name="routes">Routes of administration with semicolons between them.</param>
    public static DoseForms Of(string form, string routes)
    {
        var plain = PlainText.Fold(form);
        return PlainText.Fold(routes).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Aggregate(DoseForms.None, (forms, route) => forms | OfRoute(plain, route));
    }

    private static DoseForms OfRoute(string form, string route)
    {
        bool Has(string part) => form.Contains(part, StringComparison.Ordinal);
        return route switch
        {
            "vaginale" => DoseForms.Vaginal,
            "rectale" => DoseForms.Rectal,
            "nasale" => DoseForms.Nasal,
            "ophtalmique" => DoseForms.Eye,
            "auriculaire" => DoseForms.Ear,
            "transdermique" => DoseForms.Patch,
            "cutanee" => Has("vernis a ongles") ? DoseForms.Nail : Has("emplatre") ? DoseForms.Plaster : DoseForms.Topical,
            "sublinguale" => DoseForms.Sublingual,
            "inhalee" => DoseForms.Inhaled,
            "orale" when Has("gomme") => DoseForms.Gum,
            "orale" when Has("pastille") => DoseForms.Lozenge,
            "orale" => IsLiquid(form) ? DoseForms.OralLiquid : DoseForms.OralSolid,
            _ when route.StartsWith("intra", StringComparison.Ordinal) || route.StartsWith("sous-cutanee", StringComparison.Ordinal) => DoseForms.Injected,
            _ when Has("gomme") => DoseForms.Gum,
            _ when Has("pastille") => DoseForms.Lozenge,
            _ when Has("inhalation") => DoseForms.Inhaled,
            _ when route.Contains("bucc", StringComparison.Ordinal) || route is "gingivale" or "dentaire" or "oropharyngee" or "laryngopharyngee" => DoseForms.Buccal,
            _ => DoseForms.Other,
        };
    }

    // A powder for an oral solution is sold as a solid.
    private static bool IsLiquid(string form) =>
        !form.StartsWith("poudre", StringComparison.Ordinal) && !form.StartsWith("granule", StringComparison.Ordinal) && !form.StartsWith("comprime", StringComparison.Ordinal)
        && (form.Contains("buvable", StringComparison.Ordinal) || form.Contains("sirop", StringComparison.Ordinal) || form.StartsWith("solution", StringComparison.Ordinal)
            || form.StartsWith("suspension", StringComparison.Ordinal) || form.StartsWith("emulsion", StringComparison.Ordinal) || form.StartsWith("elixir", StringComparison.Ordinal) || form.StartsWith("liquide", StringComparison.Ordinal));
}
