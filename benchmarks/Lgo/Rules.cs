namespace Realtime.Benchmarks.Lgo;

/// <summary>All rules, in the order in which they are tried, and where each is written.</summary>
internal static class Rules
{
    /// <summary>Sections of the vendors' page.</summary>
    public const string
        Access = "docs/connectors.md#credentials",
        Header = "docs/connectors.md#the-feed",
        Lines = "docs/connectors.md#lines",
        Sequence = "docs/connectors.md#sequence-and-recovery",
        Bounds = "docs/connectors.md#limits",
        Meaning = "docs/connectors.md#what-a-feed-means",
        Lots = "docs/connectors.md#lots-and-expiry-dates",
        Fresh = "docs/connectors.md#freshness",
        Orders = "docs/connectors.md#orders",
        Acts = "docs/connectors.md#ready-and-collect";

    /// <summary>The rules.</summary>
    public static IReadOnlyList<Rule> All { get; } =
        [.. AccessRules.All, .. SequenceRules.All, .. BodyRules.All, .. LineRules.All, .. StockRules.All, .. OrderRules.All, .. CollectionRules.All];
}
