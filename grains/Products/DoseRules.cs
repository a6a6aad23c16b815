using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json.Serialization;
using NodaTime;
using NodaTime.Text;

namespace Realtime.Products;

/// <summary>What a rule does. Stored by name.</summary>
internal enum DoseRuleKind : byte
{
    /// <summary>At most so much of a substance in an order, in grams, units or international units.</summary>
    [JsonStringEnumMemberName("orderLimit")]
    OrderLimit,

    /// <summary>At most so many grams of a substance in one box.</summary>
    [JsonStringEnumMemberName("boxLimit")]
    BoxLimit,

    /// <summary>At most so many boxes with a substance in an order; without a substance, for each that no order limit is in force for.</summary>
    [JsonStringEnumMemberName("boxes")]
    Boxes,

    /// <summary>The substance needs a prescription.</summary>
    [JsonStringEnumMemberName("prescription")]
    Prescription,

    /// <summary>It may not be sold online for now.</summary>
    [JsonStringEnumMemberName("suspension")]
    Suspension,
}

/// <summary>A dated rule with its source. It is kept whole with each verdict that it bore on.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Substance">Whose; empty for every substance.</param>
/// <param name="Forms">In which forms.</param>
/// <param name="From">First instant at which it holds: the start of its first day, in Paris.</param>
/// <param name="Until">First instant at which it holds no more; null while no end is known.</param>
/// <param name="Source">The text it comes from.</param>
[GenerateSerializer, Immutable, Alias("realtime.DoseRule")]
internal sealed record DoseRule(
    [property: Id(0)] DoseRuleKind Kind, [property: Id(1)] string Substance, [property: Id(2)] DoseForms Forms, [property: Id(3)] Instant From, [property: Id(4)] Instant? Until,
    [property: Id(5)] string Source)
{
    /// <summary>The limit in grams; null where it is counted otherwise.</summary>
    [Id(6)] public Mass? Grams { get; init; }

    /// <summary>The limit in units or boxes, or in international units; null where it is counted otherwise.</summary>
    [Id(7)] public decimal? Count { get; init; }

    /// <summary>Whether <see cref="Count"/> is of international units.</summary>
    [Id(8)] public bool InternationalUnits { get; init; }

    /// <summary>Whether it only bears on medicines of this substance and no other.</summary>
    [Id(9)] public bool Alone { get; init; }

    /// <summary>Whether it holds at an instant.</summary>
    public bool HoldsAt(Instant at) => at >= From && (Until is null || at < Until);
}

/// <summary>A set of rules, as in force over the years. Immutable; the rules of the product are <see cref="Of(int)"/>.</summary>
internal sealed class DoseRules
{
    private static readonly DateTimeZone Paris = DateTimeZoneProviders.Tzdb["Europe/Paris"];
    private static readonly DoseRule[] None = [];

    private readonly FrozenDictionary<string, DoseRule[]> _bySubstance;

    /// <summary>A set of any rules.</summary>
    public DoseRules(IEnumerable<DoseRule> rules)
    {
        All = [.. rules];
        _bySubstance = All.GroupBy(rule => rule.Substance, StringComparer.Ordinal).ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        General = _bySubstance.GetValueOrDefault("", None);
    }

    /// <summary>Every rule.</summary>
    public IReadOnlyList<DoseRule> All { get; }

    /// <summary>Those that name no substance.</summary>
    internal DoseRule[] General { get; }

    /// <summary>Those of a substance, whenever in force.</summary>
    internal DoseRule[] Of(string substance) => _bySubstance.GetValueOrDefault(substance, None);

    /// <summary>
    /// The rules the product ships: limits per order from <c>data/dose-limits.csv</c>, per box from <c>data/box-limits.csv</c>, prescriptions and suspensions
    /// from <c>data/sale-rules.csv</c>; each row names its source.
    /// </summary>
    /// <param name="mostBoxes">Boxes of a substance in one order where no law says how much, 1 or more.</param>
    public static DoseRules Of(int mostBoxes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostBoxes, 1);
        return new([.. OrderLimits(), .. BoxLimits(), .. SaleRules(), new(DoseRuleKind.Boxes, "", DoseForms.Any, Instant.FromUnixTimeTicks(0), null, "setting Realtime:MostBoxes") { Count = mostBoxes }]);
    }

    private static IEnumerable<DoseRule> OrderLimits() => Table.Read("dose-limits.csv").Select(row =>
    {
        var international = row["internationalUnits"].Length > 0;
        return Rule(DoseRuleKind.OrderLimit, row, DoseFormWords.Parse(row["forms"])) with
        {
            Grams = Decimal(row["grams"]) is { } grams ? Mass.OfGrams(grams) : null,
            Count = Decimal(international ? row["internationalUnits"] : row["units"]),
            InternationalUnits = international,
        };
    });

    private static IEnumerable<DoseRule> BoxLimits() => Table.Read("box-limits.csv").SelectMany(row => new[]
    {
        Rule(DoseRuleKind.BoxLimit, row, DoseFormWords.Parse(row["forms"])) with { Grams = Mass.OfGrams(Decimal(row["gramsPerBox"])!.Value) },
        Rule(DoseRuleKind.Boxes, row, DoseFormWords.Parse(row["forms"])) with { Count = Decimal(row["boxes"]) },
    });

    private static IEnumerable<DoseRule> SaleRules() => Table.Read("sale-rules.csv").Select(row =>
        Rule(row["rule"] == "prescription" ? DoseRuleKind.Prescription : DoseRuleKind.Suspension, row, DoseForms.Any) with { Alone = row["alone"] == "yes" });

    private static DoseRule Rule(DoseRuleKind kind, Dictionary<string, string> row, DoseForms forms) =>
        new(kind, string.Intern(row["substance"]), forms, StartOf(row["from"]), row["until"].Length == 0 ? null : StartOf(row["until"]), row["source"]);

    private static Instant StartOf(string day) => LocalDatePattern.Iso.Parse(day).GetValueOrThrow().AtStartOfDayInZone(Paris).ToInstant();

    private static decimal? Decimal(string text) => text.Length == 0 ? null : decimal.Parse(text, CultureInfo.InvariantCulture);
}
