using System.Globalization;
using Realtime.Products;
using Realtime.Web.Edge;

namespace Realtime.Web.Products;

/// <summary>The reasons against a basket as sentences and wire shapes, for a question and for the refusal of an order alike.</summary>
internal static class DoseProblems
{
    private static readonly CultureInfo French = new("") { NumberFormat = { NumberDecimalSeparator = "," } };

    /// <summary>A reason in the language of the request.</summary>
    public static DoseProblemItem Of(HttpContext context, DoseProblem problem, Catalogue catalogue) => new(
        Problems.TypePrefix + Words.Of(problem.Kind), context.Say(SentenceOf(problem, catalogue)), [.. problem.Cip13s.Select(cip13 => cip13.ToString())],
        problem.Kind == DoseProblemKind.DoseLimitExceeded ? [Exceeded(problem)] : null, problem.Requested, problem.Allowed, problem.Rule?.Source);

    private static SubstanceExceeded Exceeded(DoseProblem problem) =>
        new(problem.Substance!, problem.Grams!.Value.Grams, problem.Rule?.Grams?.Grams, problem.Share!.Value, [.. problem.Cip13s.Select(cip13 => cip13.ToString())]);

    private static Sentence SentenceOf(DoseProblem problem, Catalogue catalogue)
    {
        var name = catalogue.TryFind(problem.Cip13s[0], out var product) ? product.Name : problem.Cip13s[0].ToString();
        var substance = problem.Substance;
        return problem.Kind switch
        {
            DoseProblemKind.NotMarketed => new($"{name} is not on the market.", $"{name} n'est pas commercialisé."),
            DoseProblemKind.PrescriptionOnly => new($"{name} needs a prescription and cannot be ordered online.", $"{name} est sur ordonnance et ne peut pas être commandé en ligne."),
            DoseProblemKind.MassUnknown => new($"How much {substance} a box of {name} holds is not known here: ask the pharmacist.", $"La quantité {Of(substance!)} dans une boîte de {name} n'est pas connue ici : demandez au pharmacien."),
            DoseProblemKind.DoseLimitExceeded => Exceeds(problem, name),
            _ when problem.Allowed == 0 => new($"Online sale of {name} is suspended: ask at the counter.", $"La vente en ligne de {name} est suspendue : demandez au comptoir."),
            _ => new($"{problem.Requested} boxes with {substance}: at most {problem.Allowed} may be ordered at once.", $"{problem.Requested} boîtes contenant {substance} : {problem.Allowed} au plus par commande."),
        };
    }

    private static Sentence Exceeds(DoseProblem problem, string name)
    {
        var (grams, limit, substance) = (problem.Grams!.Value.Grams, problem.Rule?.Grams?.Grams, problem.Substance!);
        if (problem.Rule is { Kind: DoseRuleKind.BoxLimit })
            return new($"A box of {name} holds {In(grams)} g of {substance}: more than the {In(limit)} g a box sold online may hold.",
                $"Une boîte de {name} contient {En(grams)} g {Of(substance!)} : plus que les {En(limit)} g qu'une boîte vendue en ligne peut contenir.");
        if (limit is null)
            return new($"More of {substance} than may be ordered at once: {In((decimal)problem.Share! * 100)} % of the limit.",
                $"Plus {Of(substance)} qu'une commande ne peut en contenir : {En((decimal)problem.Share * 100)} % de la limite.");
        return new($"{In(grams)} g of {substance} in this basket: more than may be ordered at once ({In(limit)} g).",
            $"{En(grams)} g {Of(substance!)} dans ce panier : plus qu'une commande ne peut en contenir ({En(limit)} g).");
    }

    // "de" loses its vowel before another one, and before the mute h of every substance that has one.
    private static string Of(string substance) => PlainText.Of(substance[0]) is 'a' or 'e' or 'i' or 'o' or 'u' or 'y' or 'h' ? $"d'{substance}" : $"de {substance}";

    private static string In(decimal? number) => number?.ToString("0.####", CultureInfo.InvariantCulture) ?? "";

    private static string En(decimal? number) => number?.ToString("0.####", French) ?? "";
}
