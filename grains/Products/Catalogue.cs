using System.Diagnostics.CodeAnalysis;
using NodaTime;

namespace Realtime.Products;

/// <summary>
/// Every presentation, in memory: found by its code, as people type, or as what else would do. Immutable: a new set of files makes a new catalogue, and readers
/// of the old one are not disturbed.
/// </summary>
internal sealed class Catalogue
{
    private const string Active = "Autorisation active", OnMarket = "Commercialisée", ActiveBox = "Présentation active", DeclaredBox = "Déclaration de commercialisation";

    private readonly Dictionary<Cip13, Product> _byCode;
    private readonly Dictionary<string, List<Product>> _byGroup;
    private readonly ProductSearch _search;

    private Catalogue(string version, List<Product> products, DoseRules rules, Instant at)
    {
        Version = version;
        // What may be sold comes first wherever several would do equally.
        products.Sort((a, b) => Order(a, b, rules, at));
        Products = products;
        _byCode = products.ToDictionary(product => product.Cip13);
        _byGroup = products.SelectMany(product => product.Groups.Select(group => (Group: group, product)))
            .GroupBy(pair => pair.Group, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Select(pair => pair.product).ToList(), StringComparer.Ordinal);
        _search = new ProductSearch(products);
    }

    /// <summary>No product at all.</summary>
    public static Catalogue Empty { get; } = new("", [], new DoseRules([]), Instant.MinValue);

    /// <summary>The name of the set it was made of: its hash, <c>demo</c>, or empty where there is none.</summary>
    public string Version { get; }

    /// <summary>Every product; what may be sold online first.</summary>
    public IReadOnlyList<Product> Products { get; }

    /// <summary>Makes the catalogue of a set.</summary>
    /// <param name="version">The set's name.</param>
    /// <param name="set">The set.</param>
    /// <param name="rules">Rules by which it is sorted.</param>
    /// <param name="at">Instant at which they are looked at.</param>
    public static Catalogue Of(string version, BdpmSet set, DoseRules rules, Instant at)
    {
        var specialities = set.Specialities.ToDictionary(s => s.Cis, StringComparer.Ordinal);
        var components = set.Components.ToLookup(c => c.Cis, StringComparer.Ordinal);
        var conditions = set.Conditions.Select(c => c.Cis).ToHashSet(StringComparer.Ordinal);
        var groups = set.Groups.ToLookup(g => g.Cis, g => g.Group, StringComparer.Ordinal);
        var disruptions = set.Disruptions.ToLookup(d => d.Cis, StringComparer.Ordinal);
        var majors = set.MajorInterests.GroupBy(m => m.Cis, StringComparer.Ordinal).ToDictionary(m => m.Key, m => m.First().Atc, StringComparer.Ordinal);
        // One object per distinct label and form: a third of all labels say the same.
        var labels = new Dictionary<string, BoxLabel>(StringComparer.Ordinal);
        Product Of(Presentation box)
        {
            var speciality = specialities.GetValueOrDefault(box.Cis);
            if (!labels.TryGetValue(box.Label, out var label))
                labels[box.Label] = label = new BoxLabel(box.Label);
            var facts = new DoseFacts(
                speciality is { Authorisation: Active, Marketing: OnMarket } && box is { Status: ActiveBox, Marketing: DeclaredBox },
                conditions.Contains(box.Cis),
                speciality is null ? DoseForms.None : DoseFormWords.Of(speciality.Form, speciality.Routes),
                BoxMasses.Of([.. components[box.Cis]], label));
            return new Product(box.Cip13, box.Cis, speciality?.Name ?? box.Label, box.Label, speciality?.Form ?? "", box.PriceCents, facts,
                [.. groups[box.Cis].Distinct(StringComparer.Ordinal)], ShortageOf(box, disruptions[box.Cis]), majors.GetValueOrDefault(box.Cis));
        }

        return new(version, [.. set.Presentations.Select(Of)], rules, at);
    }

    /// <summary>The product of a code.</summary>
    public bool TryFind(Cip13 cip13, [NotNullWhen(true)] out Product? product) => _byCode.TryGetValue(cip13, out product);

    /// <summary>Products that match what was typed or scanned, the likeliest first; see <see cref="ProductSearch"/>.</summary>
    public IReadOnlyList<Product> Search(string typed, int limit) => _search.Find(typed, limit);

    /// <summary>Other products of the same generic groups that are on the market.</summary>
    public IEnumerable<Product> EquivalentsOf(Product product) => product.Groups
        .SelectMany(group => _byGroup[group])
        .Where(other => other.Cip13 != product.Cip13 && other.Facts.Marketed)
        .Distinct();

    private static int Order(Product a, Product b, DoseRules rules, Instant at)
    {
        var order = Rank(a, rules, at).CompareTo(Rank(b, rules, at));
        order = order != 0 ? order : string.CompareOrdinal(a.Name, b.Name);
        return order != 0 ? order : a.Cip13.CompareTo(b.Cip13);
    }

    private static int Rank(Product product, DoseRules rules, Instant at) => DoseLaw.SaleOf(product.Facts, rules, at) switch
    {
        Sale.Allowed => 0,
        Sale.UnknownMass => 1,
        Sale.Prescription => 2,
        _ => 3,
    };

    // News of the box itself goes before news of the whole speciality, the latest before older.
    private static Shortage? ShortageOf(Presentation box, IEnumerable<Disruption> disruptions) => disruptions
        .Where(d => d.Cip13 is null || d.Cip13 == box.Cip13)
        .OrderByDescending(d => d.Cip13 is not null).ThenByDescending(d => d.Updated, StringComparer.Ordinal).ThenByDescending(d => d.Start, StringComparer.Ordinal).ThenBy(d => d.Code)
        .Select(d => new Shortage(d.Code switch { 1 => "outOfStock", 2 => "tension", 3 => "stopped", _ => "availableAgain" }, Day(d.Start), Day(d.Updated), Day(d.Back), d.Link))
        .FirstOrDefault();

    private static string? Day(string iso) => iso.Length == 0 ? null : iso;
}
