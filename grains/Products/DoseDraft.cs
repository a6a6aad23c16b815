using NodaTime;

namespace Realtime.Products;

/// <summary>One substance under one limit, while a basket is added up.</summary>
internal struct DoseTally
{
    public string Substance;
    public DoseForms Forms;
    public DoseRule? Limit;
    public DoseRule? Boxes;
    public Mass Grams;
    public decimal Counted;
    public long Quantity;
    public bool Incomplete;

    public readonly double? Share => Limit switch
    {
        null => null,
        { Grams: { } most } => (double)Grams.Nanograms / most.Nanograms,
        var limit => (double)(Counted / limit.Count!.Value),
    };

    // Within one form the comparison is exact: six grams of six are allowed, a nanogram more is not.
    public readonly bool ExceedsAlone => Limit is { } limit && (limit.Grams is { } most ? Grams > most : Counted > limit.Count);
}

/// <summary>A verdict in the making.</summary>
/// <param name="lines">The basket.</param>
/// <param name="tallies">Room for one tally per part of the basket.</param>
internal ref struct DoseDraft(IReadOnlyList<DoseLine> lines, Span<DoseTally> tallies)
{
    private readonly IReadOnlyList<DoseLine> _lines = lines;
    private readonly Span<DoseTally> _tallies = tallies;
    private int _count;
    private List<DoseProblem>? _problems;
    private List<DoseRule>? _rules;

    public void Add(DoseLine line, DoseRules rules, Instant at)
    {
        var facts = line.Facts;
        if (!facts.Marketed)
            Object(new(DoseProblemKind.NotMarketed, [line.Cip13], null, null));
        if (facts.Prescription)
            Object(new(DoseProblemKind.PrescriptionOnly, [line.Cip13], null, null));
        for (var i = 0; i < facts.Parts.Count; i++)
        {
            var bearing = DoseBearing.Of(facts, facts.Parts[i], rules, at);
            Object(line, bearing);
            Count(line, bearing);
        }
    }

    public DoseVerdict End(Instant at)
    {
        var found = _tallies[.._count];
        found.Sort(static (a, b) => string.CompareOrdinal(a.Substance, b.Substance) is not 0 and var order ? order : a.Forms.CompareTo(b.Forms));
        for (int start = 0, end; start < _count; start = end)
        {
            for (end = start + 1; end < _count && found[end].Substance == found[start].Substance; end++)
            {
            }
            CheckLimits(found[start..end]);
            CheckBoxes(found[start..end]);
        }
        return new(at, _lines, Doses(found), Problems(), Rules());
    }

    private void Object(DoseLine line, in DoseBearing bearing)
    {
        Note(bearing.Limit);
        Note(bearing.BoxLimit);
        Note(bearing.Boxes);
        Note(bearing.Prescription);
        Note(bearing.Suspension);
        var substance = bearing.Part.Substance;
        if (bearing.Prescription is { } prescription && !line.Facts.Prescription)
            Object(new(DoseProblemKind.PrescriptionOnly, [line.Cip13], substance, prescription));
        if (bearing.IsUnknown)
            Object(new(DoseProblemKind.MassUnknown, [line.Cip13], substance, bearing.Limit ?? bearing.BoxLimit));
        if (bearing.Suspension is { } suspension)
            Object(new(DoseProblemKind.QuantityLimit, [line.Cip13], substance, suspension) { Requested = line.Quantity, Allowed = 0 });
        if (bearing.BoxLimit?.Grams is { } most && bearing.Part.Grams > most)
            Object(new(DoseProblemKind.DoseLimitExceeded, [line.Cip13], substance, bearing.BoxLimit) { Grams = bearing.Part.Grams, Share = (double)bearing.Part.Grams.Value.Nanograms / most.Nanograms });
    }

    private void Count(DoseLine line, in DoseBearing bearing)
    {
        ref var tally = ref Find(bearing.Part.Substance, bearing.Limit, bearing.Boxes, bearing.Limit?.Forms ?? line.Facts.Forms);
        tally.Quantity += line.Quantity;
        if (bearing.Part.Grams is { } grams)
            tally.Grams += grams * line.Quantity;
        if (bearing.Limit is { Grams: null } limit && (limit.InternationalUnits ? bearing.Part.InternationalUnits : bearing.Part.Units) is { } counted)
            tally.Counted += counted * line.Quantity;
        tally.Incomplete |= bearing.IsUnknown || bearing.Part.Grams is null;
    }

    private ref DoseTally Find(string substance, DoseRule? limit, DoseRule? boxes, DoseForms forms)
    {
        for (var i = 0; i < _count; i++)
        {
            ref var tally = ref _tallies[i];
            if (tally.Substance == substance && tally.Forms == forms && ReferenceEquals(tally.Limit, limit) && ReferenceEquals(tally.Boxes, boxes))
                return ref tally;
        }
        ref var added = ref _tallies[_count++];
        added = new DoseTally { Substance = substance, Limit = limit, Boxes = boxes, Forms = forms };
        return ref added;
    }

    // All tallies of one substance.
    private void CheckLimits(ReadOnlySpan<DoseTally> forms)
    {
        var (share, limited, exceeds, grams) = (0.0, 0, false, default(Mass));
        DoseRule? strictest = null;
        foreach (ref readonly var tally in forms)
        {
            grams += tally.Grams;
            if (tally.Share is not { } part)
                continue;
            (share, limited, exceeds) = (share + part, limited + 1, exceeds || tally.ExceedsAlone);
            strictest = strictest?.Grams is null || tally.Limit!.Grams < strictest.Grams ? tally.Limit : strictest;
        }
        if (exceeds || (limited > 1 && DoseLaw.Exceeds(share)))
            Object(new(DoseProblemKind.DoseLimitExceeded, LinesWith(forms[0].Substance), forms[0].Substance, strictest) { Grams = grams, Share = share });
    }

    private void CheckBoxes(ReadOnlySpan<DoseTally> forms)
    {
        for (var i = 0; i < forms.Length; i++)
        {
            if (forms[i].Boxes is not { } rule)
                continue;
            var (quantity, isFirst) = (0L, true);
            for (var j = 0; j < forms.Length; j++)
            {
                if (!ReferenceEquals(forms[j].Boxes, rule))
                    continue;
                isFirst &= j >= i;
                quantity += forms[j].Quantity;
            }
            if (isFirst && quantity > rule.Count)
                Object(new(DoseProblemKind.QuantityLimit, LinesWith(forms[i].Substance), forms[i].Substance, rule) { Requested = quantity, Allowed = (long)rule.Count!.Value });
        }
    }

    private readonly Cip13[] LinesWith(string substance) =>
        [.. _lines.Where(line => line.Facts.Parts.Any(part => part.Substance == substance)).Select(line => line.Cip13).Distinct().Order()];

    private void Object(DoseProblem problem) => (_problems ??= []).Add(problem);

    private void Note(DoseRule? rule)
    {
        if (rule is null)
            return;
        _rules ??= [];
        // By reference: a rule is one object, and comparing all its members would cost more than the rest of the decision.
        foreach (var known in _rules)
            if (ReferenceEquals(known, rule))
                return;
        _rules.Add(rule);
    }

    private static Dose[] Doses(ReadOnlySpan<DoseTally> tallies)
    {
        var shown = 0;
        foreach (ref readonly var tally in tallies)
            shown += IsShown(tally) ? 1 : 0;
        var doses = new Dose[shown];
        foreach (ref readonly var tally in tallies)
            if (IsShown(tally))
                doses[^shown--] = new(tally.Substance, tally.Forms, tally.Grams, tally.Incomplete, tally.Limit, tally.Share);
        return doses;

        // A dilution without a mass or a limit has no dose to speak of.
        static bool IsShown(in DoseTally tally) => tally.Limit is not null || tally.Grams.Nanograms > 0;
    }

    private readonly IReadOnlyList<DoseProblem> Problems()
    {
        if (_problems is null)
            return [];
        // The same presentation on two lines is told once, with the boxes of both where boxes are told.
        return [.. _problems
            .GroupBy(problem => (problem.Kind, problem.Substance, problem.Rule, First: problem.Cip13s[0]))
            .Select(same => same.First() with { Requested = same.First().Cip13s.Count == 1 ? same.Sum(problem => problem.Requested) is > 0 and var sum ? sum : null : same.First().Requested })
            .OrderBy(problem => problem.Kind).ThenBy(problem => problem.Substance, StringComparer.Ordinal).ThenBy(problem => problem.Cip13s[0]).ThenBy(problem => problem.Rule?.Kind)];
    }

    private readonly List<DoseRule> Rules()
    {
        if (_rules is null)
            return [];
        _rules.Sort(static (a, b) =>
            string.CompareOrdinal(a.Substance, b.Substance) is not 0 and var substance ? substance
            : a.Kind.CompareTo(b.Kind) is not 0 and var kind ? kind
            : a.Forms.CompareTo(b.Forms) is not 0 and var forms ? forms
            : a.From.CompareTo(b.From));
        return _rules;
    }
}
