using System.Buffers;
using NodaTime;

namespace Realtime.Products;

/// <summary>Whether a presentation may be sold online at all, each box for itself. Stored nowhere: it is computed.</summary>
internal enum Sale : byte
{
    /// <summary>It may.</summary>
    Allowed,

    /// <summary>Not on the market.</summary>
    NotMarketed,

    /// <summary>A prescription is needed.</summary>
    Prescription,

    /// <summary>A limited substance in it has a mass that is not known, until a pharmacist enters it.</summary>
    UnknownMass,
}

/// <summary>
/// What may be sold online, and how much of it: limits are per active substance and hold for all lines of a basket together (Ordre des pharmaciens on online
/// sale, read 2026-11-22: per active substance, not per medicine). Forms of one substance with limits of their own share them: the sum of grams ÷ limit is
/// at most 1, the careful reading of the arrêté's own rule for associations. Pure; what is not known is never taken for allowed.
/// </summary>
internal static class DoseLaw
{
    // Shares of several forms are added as floating point: what lies within a billionth of the limit is the limit.
    private const double Whole = 1 + 1e-9;

    /// <summary>Decides a basket. O(parts²) for at most a few dozen parts; allocates the verdict and nothing else.</summary>
    /// <param name="lines">The lines; the same presentation may come several times.</param>
    /// <param name="rules">The rules of all years.</param>
    /// <param name="at">When.</param>
    public static DoseVerdict Decide(IReadOnlyList<DoseLine> lines, DoseRules rules, Instant at)
    {
        var parts = 0;
        for (var i = 0; i < lines.Count; i++)
            parts += lines[i].Facts.Parts.Count;
        var rented = ArrayPool<DoseTally>.Shared.Rent(parts);
        try
        {
            var draft = new DoseDraft(lines, rented);
            for (var i = 0; i < lines.Count; i++)
                draft.Add(lines[i], rules, at);
            return draft.End(at);
        }
        finally
        {
            // The pool outlives the catalogue that the strings belong to.
            ArrayPool<DoseTally>.Shared.Return(rented, clearArray: true);
        }
    }

    /// <summary>Whether one presentation may be sold online at all.</summary>
    public static Sale SaleOf(DoseFacts facts, DoseRules rules, Instant at)
    {
        if (!facts.Marketed)
            return Sale.NotMarketed;
        if (facts.Prescription)
            return Sale.Prescription;
        var unknown = false;
        for (var i = 0; i < facts.Parts.Count; i++)
        {
            var bearing = DoseBearing.Of(facts, facts.Parts[i], rules, at);
            if (bearing.Prescription is not null)
                return Sale.Prescription;
            unknown |= bearing.IsUnknown;
        }
        return unknown ? Sale.UnknownMass : Sale.Allowed;
    }

    /// <summary>The greatest number of boxes of one presentation that may be sold online by itself, at most <paramref name="most"/>.</summary>
    public static int MostBoxes(Cip13 cip13, DoseFacts facts, DoseRules rules, Instant at, int most)
    {
        // More boxes are never allowed where fewer are not.
        var (allowed, refused) = (0, most + 1);
        while (refused - allowed > 1)
        {
            var middle = (allowed + refused) / 2;
            if (Decide([new DoseLine(cip13, middle, facts)], rules, at).IsAllowed)
                allowed = middle;
            else
                refused = middle;
        }
        return allowed;
    }

    internal static bool Exceeds(double share) => share > Whole;
}

/// <summary>The rules that bear on one substance of one box at an instant: of each kind the strictest.</summary>
internal readonly record struct DoseBearing(DosePart Part, DoseRule? Limit, DoseRule? BoxLimit, DoseRule? Boxes, DoseRule? Prescription, DoseRule? Suspension)
{
    public static DoseBearing Of(DoseFacts facts, DosePart part, DoseRules rules, Instant at)
    {
        var found = new DoseBearing { Part = part };
        foreach (var rule in rules.Of(part.Substance))
            if (rule.HoldsAt(at) && (rule.Forms & facts.Forms) != DoseForms.None && (!rule.Alone || facts.Parts.Count == 1))
                found = found.With(rule);
        if (found.Limit is null && found.Boxes is null)
            foreach (var rule in rules.General)
                if (rule.HoldsAt(at))
                    found = found.With(rule);
        return found;
    }

    /// <summary>Whether a limit cannot be held against this box.</summary>
    public bool IsUnknown => (BoxLimit is not null && Part.Grams is null)
        || Limit switch
        {
            null => false,
            { Grams: not null } => Part.Grams is null,
            { InternationalUnits: true } => Part.InternationalUnits is null,
            _ => Part.Units is null,
        };

    private DoseBearing With(DoseRule rule) => rule.Kind switch
    {
        DoseRuleKind.OrderLimit => this with { Limit = Stricter(Limit, rule) },
        DoseRuleKind.BoxLimit => this with { BoxLimit = Stricter(BoxLimit, rule) },
        DoseRuleKind.Boxes => this with { Boxes = Stricter(Boxes, rule) },
        DoseRuleKind.Prescription => this with { Prescription = Prescription ?? rule },
        _ => this with { Suspension = Suspension ?? rule },
    };

    // Where one limit is in grams and another is counted, the one in grams stands.
    private static DoseRule Stricter(DoseRule? known, DoseRule rule) =>
        known is null ? rule
        : known.Grams is { } grams ? rule.Grams < grams ? rule : known
        : rule.Grams is not null || rule.Count < known.Count ? rule
        : known;
}
