using System.Text.Json.Serialization;
using NodaTime;
using Realtime.Products;

namespace Realtime.Web.Products;

/// <summary>An active substance of a box.</summary>
/// <param name="Name">The substance, as rules name it.</param>
/// <param name="Grams">In one box; null where the medicines database does not let it be computed.</param>
public sealed record SubstanceItem(string Name, decimal? Grams);

/// <summary>A disruption of supply: <c>outOfStock</c>, <c>tension</c>, <c>stopped</c> or <c>availableAgain</c>, with its days.</summary>
public sealed record ShortageItem(string Kind, string? Since, string? Updated, string? Back, string Link);

/// <summary>A presentation in a list.</summary>
public sealed record ProductItem(
    string Cip13, string Name, string Label, string Form, IReadOnlyList<SubstanceItem> Substances, int? PriceCents, string Sale, ShortageItem? Shortage)
{
    internal static ProductItem Of(Product product, DoseRules rules, Instant now) => new(
        product.Cip13.ToString(), product.Name, product.Label, product.Form,
        [.. product.Facts.Parts.Select(part => new SubstanceItem(part.Substance, part.Grams?.Grams))],
        product.PriceCents, Words.Of(DoseLaw.SaleOf(product.Facts, rules, now)),
        product.Shortage is { } shortage ? new(shortage.Kind, shortage.Since, shortage.Updated, shortage.Back, shortage.Link) : null);
}

/// <summary>Another presentation of the same generic group.</summary>
public sealed record EquivalentItem(string Cip13, string Name, string Label, int? PriceCents, string Sale)
{
    internal static EquivalentItem Of(Product product, DoseRules rules, Instant now) =>
        new(product.Cip13.ToString(), product.Name, product.Label, product.PriceCents, Words.Of(DoseLaw.SaleOf(product.Facts, rules, now)));
}

/// <summary>The presentations found.</summary>
public sealed record ProductsAnswer(IReadOnlyList<ProductItem> Items);

/// <summary>A presentation with what else would do, and how many boxes of it alone may be sold online at once.</summary>
public sealed record ProductPage(
    string Cip13, string Name, string Label, string Form, IReadOnlyList<SubstanceItem> Substances, int? PriceCents, string Sale, ShortageItem? Shortage,
    int MostBoxes, IReadOnlyList<EquivalentItem> Equivalents)
{
    internal static ProductPage Of(Product product, Catalogue catalogue, DoseRules rules, Instant now)
    {
        var item = ProductItem.Of(product, rules, now);
        return new(item.Cip13, item.Name, item.Label, item.Form, item.Substances, item.PriceCents, item.Sale, item.Shortage,
            DoseLaw.MostBoxes(product.Cip13, product.Facts, rules, now, DoseEndpoints.MostBoxes),
            [.. catalogue.EquivalentsOf(product).Select(other => EquivalentItem.Of(other, rules, now))]);
    }
}

/// <summary>One line of a basket that is asked about.</summary>
/// <param name="Cip13">Which presentation.</param>
/// <param name="Quantity">Boxes, 1 to 99.</param>
public sealed record DoseLineAsked(string Cip13, int Quantity);

/// <summary>A basket that is asked about: 1 to 50 lines.</summary>
public sealed record DosesAsked(IReadOnlyList<DoseLineAsked> Lines);

/// <summary>All of one substance in a basket, in the forms that share a limit.</summary>
/// <param name="Substance">Which.</param>
/// <param name="Form">The form of the limit, or without one that of the medicines.</param>
/// <param name="Grams">All of it; null where a box has an unknown mass of it.</param>
/// <param name="LimitGrams">The limit; null where there is none in grams.</param>
/// <param name="Share">Part of the limit that is taken, 1 being all of it; null without a limit.</param>
public sealed record DoseItem(string Substance, string Form, decimal? Grams, decimal? LimitGrams, double? Share)
{
    internal static DoseItem Of(Dose dose) =>
        new(dose.Substance, DoseFormWords.Word(dose.Forms), dose.Incomplete ? null : dose.Grams.Grams, dose.Limit?.Grams?.Grams, dose.Share);
}

/// <summary>A substance of which a basket, or one box, holds too much.</summary>
public sealed record SubstanceExceeded(string Substance, decimal Grams, decimal? LimitGrams, double Share, IReadOnlyList<string> Cip13s);

/// <summary>Why a basket cannot be sold online as it is: <c>type</c> ends as that of the refusal that an order would get.</summary>
public sealed record DoseProblemItem(
    string Type, string Detail, IReadOnlyList<string> Cip13s,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<SubstanceExceeded>? Substances,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Requested,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Allowed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Source);

/// <summary>What the law says of a basket now.</summary>
/// <param name="Allowed">Whether it may be sold online as it is.</param>
/// <param name="Doses">By substance and form.</param>
/// <param name="Problems">Empty where it may.</param>
public sealed record DosesAnswer(bool Allowed, IReadOnlyList<DoseItem> Doses, IReadOnlyList<DoseProblemItem> Problems);

/// <summary>The contract's words for the closed lists of this slice.</summary>
internal static class Words
{
    public static string Of(Sale sale) => sale switch
    {
        Sale.Allowed => "allowed",
        Sale.Prescription => "prescription",
        Sale.UnknownMass => "unknownMass",
        _ => "notMarketed",
    };

    public static string Of(DoseProblemKind kind) => kind switch
    {
        DoseProblemKind.NotMarketed => "not-marketed",
        DoseProblemKind.PrescriptionOnly => "prescription-only",
        DoseProblemKind.MassUnknown => "mass-unknown",
        DoseProblemKind.DoseLimitExceeded => "dose-limit-exceeded",
        _ => "quantity-limit",
    };
}
