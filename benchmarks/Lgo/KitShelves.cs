using System.Text.Json;

namespace Realtime.Benchmarks.Lgo;

/// <summary>What the pharmacy had when the kit came, as far as the counter is told: what stays in every snapshot of the kit, and is put back in the end.</summary>
/// <param name="Kept">Products with their boxes.</param>
/// <param name="Known">All products of which anything is known.</param>
/// <param name="HasLots">Whether lots and their last days are among it.</param>
internal sealed record KitShelves(IReadOnlyList<Shelved> Kept, IReadOnlySet<string> Known, bool HasLots)
{
    private const int MostKept = 1_000;

    /// <summary>Whether a product was there.</summary>
    public bool Has(string cip13) => Kept.Any(kept => kept.Cip13 == cip13);

    /// <summary>Looks at the shelves.</summary>
    /// <param name="trial">The run, signed in.</param>
    /// <param name="asked">What the kit was asked to do.</param>
    /// <param name="page">The pharmacy's public page.</param>
    /// <param name="standing">Where its feed stands.</param>
    /// <exception cref="CannotRunException">They could not be put back as they are, and nobody said that this does not matter.</exception>
    public static async Task<KitShelves> Read(Trial trial, KitArguments asked, Answer page, Answer standing)
    {
        var (listed, wrong) = trial.Staff is null ? (null, null) : await List(trial);
        var known = listed?.Keys.ToHashSet(StringComparer.Ordinal) ?? [.. page.Items("stock").Select(item => item.Text("cip13")).OfType<string>()];
        // A page that is long lists nothing; where the feed stands, all are counted.
        var count = listed?.Count ?? Math.Max(known.Count, standing.Number("products") ?? 0);
        if (!asked.Yes)
            RefuseLoss(trial, count, isListed: known.Count == count, wrong);
        var kept = new List<Shelved>();
        foreach (var cip13 in known.Take(MostKept))
            if (await trial.Boxes(cip13) is { } boxes && boxes.Number("quantity") is { } quantity)
                kept.Add(new(cip13, (int)quantity, (int)(boxes.Number("reserve") ?? 0), boxes.Number("held") is null or 0 && boxes.Number("toReshelve") is null or 0, listed?[cip13] ?? []));
        return new(kept, known, listed is not null);
    }

    // Without the counter's eyes nobody can say what a snapshot of the kit would wipe out; and a box whose lot is forgotten may be promised though it has expired or is recalled.
    private static void RefuseLoss(Trial trial, long count, bool isListed, Answer? wrong)
    {
        if (count > 0 && trial.Staff is null)
            throw new CannotRunException(
                new($"the pharmacy has {count} products whose boxes cannot be put back without the counter", $"la pharmacie a {count} produits dont les boîtes ne peuvent être rétablies sans le comptoir"),
                new("give --staff-scope with --staff-client and --staff-secret, or --yes and let its software send a snapshot afterwards", "donnez --staff-scope avec --staff-client et --staff-secret, ou --yes puis faites envoyer un instantané par le logiciel"));
        if (count > MostKept)
            throw new CannotRunException(
                new($"the pharmacy has {count} products: more than the kit puts back one by one", $"la pharmacie a {count} produits : plus que le kit n'en rétablit un par un"),
                new("name a smaller pharmacy, or --yes and let its software send a snapshot afterwards", "indiquez une pharmacie plus petite, ou --yes puis faites envoyer un instantané par le logiciel"));
        if (wrong is not null && count > 0 && (trial.Before > 0 || !isListed))
            throw new CannotRunException(
                new($"the lots of {count} products cannot be put back: the counter's list of its stock answered {wrong.Told}", $"les lots de {count} produits ne peuvent être rétablis : la liste du stock au comptoir a répondu {wrong.Told}"),
                new("name a pharmacy that was never fed, or --yes and let its software send a snapshot afterwards", "indiquez une pharmacie qui n'a jamais reçu de flux, ou --yes puis faites envoyer un instantané par le logiciel"));
    }

    // The lots of every product; the answer that was no page of the list, where one came.
    private static async Task<(Dictionary<string, IReadOnlyList<ShelvedLot>>? Lots, Answer? Wrong)> List(Trial trial)
    {
        var lots = new Dictionary<string, IReadOnlyList<ShelvedLot>>(StringComparer.Ordinal);
        for (string? cursor = null; ;)
        {
            var page = await trial.Listed(cursor);
            var items = page.Items("items");
            if (page.Status != 200 || page.Number("total") is null || !items.All(item => item.Text("cip13") is not null && ((JsonElement?)item).Member("lots") is { ValueKind: JsonValueKind.Array }))
                return (null, page);
            foreach (var item in items)
                lots[item.Text("cip13")!] = [.. item.GetProperty("lots").EnumerateArray().Select(ShelvedLot.Of)];
            cursor = page.Text("cursor");
            if (cursor is null || items.Count == 0)
                return (lots, null);
        }
    }
}

/// <summary>What the pharmacy had of a product.</summary>
/// <param name="Cip13">Which.</param>
/// <param name="Quantity">Boxes on hand.</param>
/// <param name="Reserve">Boxes never promised.</param>
/// <param name="IsFree">Whether no order held any.</param>
/// <param name="Lots">The lots that were known; of the other boxes nobody had said one.</param>
internal sealed record Shelved(string Cip13, int Quantity, int Reserve, bool IsFree, IReadOnlyList<ShelvedLot> Lots)
{
    /// <summary>The lines of a feed that say so.</summary>
    public IEnumerable<FeedLine> Lines
    {
        get
        {
            var rest = Math.Max(0, Quantity - Lots.Sum(lot => lot.Boxes));
            if (rest > 0 || Lots.Count == 0)
                yield return new(Cip13, rest);
            foreach (var lot in Lots)
                yield return new(Cip13, lot.Boxes, lot.Code, lot.Expiry);
        }
    }
}

/// <summary>Boxes of a lot.</summary>
/// <param name="Code">The lot; null where only their last day was known.</param>
/// <param name="Expiry">Their last day, an ISO day; null where nobody had said.</param>
/// <param name="Boxes">How many.</param>
internal sealed record ShelvedLot(string? Code, string? Expiry, int Boxes)
{
    /// <summary>As the counter's list tells it.</summary>
    public static ShelvedLot Of(JsonElement lot) => new(lot.Text("code") is { Length: > 0 } code ? code : null, lot.Text("expiry"), (int)(lot.Number("boxes") ?? 0));
}
