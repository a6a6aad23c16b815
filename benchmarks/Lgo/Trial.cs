using System.Globalization;
using System.Text.Json;
using Realtime.Web.Edge;

namespace Realtime.Benchmarks.Lgo;

/// <summary>
/// One run of the kit on a pharmacy that is not its own: it starts from where the pharmacy's feed stands, feeds products that the pharmacy knows nothing of or nobody has ordered, keeps what the pharmacy had
/// in every snapshot that it sends, and puts it back in the end.
/// </summary>
internal sealed class Trial
{
    /// <summary>Ibuprofen 400 mg by ten and by twelve: what orders are placed for.</summary>
    private const string Ibuprofen = "3400938358926", Spedifen = "3400936251892";

    private static readonly string[] Searches = ["paracetamol", "cetirizine", "carbocisteine", "loratadine"];

    private readonly LgoServer _server;
    private readonly KitArguments _asked;
    private readonly TimeProvider _time;

    private Trial(LgoServer server, KitArguments asked, TimeProvider time) => (_server, _asked, _time) = (server, asked, time);

    /// <summary>The server.</summary>
    public LgoServer Server => _server;

    /// <summary>The connector's token.</summary>
    public string Token { get; private set; } = "";

    /// <summary>The counter's token; null where the kit may not act as the counter.</summary>
    public string? Staff { get; private set; }

    /// <summary>The product that most rules feed.</summary>
    public string Product { get; private set; } = "";

    // The one whose level tells that all that was sent before has shown.
    private string Barrier { get; set; } = "";

    /// <summary>Another one, for rules that look at two.</summary>
    public string Second => Barrier;

    /// <summary>What orders are placed for, and another product for when a rule needs one of its own.</summary>
    public string Ordered { get; } = Ibuprofen;

    /// <summary>The other.</summary>
    public string AlsoOrdered { get; } = Spedifen;

    /// <summary>A pharmacy that the connector is not of; null where none is near.</summary>
    public string? OtherPharmacy { get; private set; }

    /// <summary>Where the feed stood before the kit came.</summary>
    public long Before { get; private set; }

    /// <summary>What the kit orders, and what becomes of it.</summary>
    public KitOrders Orders { get; private set; } = null!;

    /// <summary>What the pharmacy had when the kit came.</summary>
    public KitShelves Shelves { get; private set; } = null!;

    /// <summary>Now, to whole milliseconds.</summary>
    public DateTimeOffset Now => _time.GetUtcNow();

    private string FeedPath => $"/api/v1/lgo/{_asked.Pharmacy}/stock";

    /// <summary>Signs in, and looks at what the pharmacy has.</summary>
    /// <exception cref="CannotRunException">Nothing can be tried there.</exception>
    public static async Task<Trial> Open(LgoServer server, KitArguments asked, TimeProvider time)
    {
        var trial = new Trial(server, asked, time);
        var page = await trial.Page();
        trial.Token = await trial.SignIn(asked.Client, asked.Secret, asked.Scope);
        trial.Staff = asked.StaffScope is null ? null : await trial.SignIn(asked.StaffClient, asked.StaffSecret, asked.StaffScope);
        var standing = await trial.Standing();
        trial.Before = standing.Number("seq") ?? throw new CannotRunException(
            new($"GET {trial.FeedPath} answered {standing.Told}", $"GET {trial.FeedPath} a répondu {standing.Told}"),
            new("it must answer 200 with seq, which is 0 where nothing was fed yet", "il doit répondre 200 avec seq, qui vaut 0 quand rien n'a encore été reçu"));
        trial.Orders = new KitOrders(server, asked.Pharmacy, trial.Token, trial.Staff, trial.Now);
        trial.Shelves = await KitShelves.Read(trial, asked, page, standing);
        await trial.ChooseProducts();
        await trial.FindOther(page);
        return trial;
    }

    /// <summary>Where the feed stands.</summary>
    public Task<Answer> Standing() => _server.Get(FeedPath, Token);

    /// <summary>The last sequence number that was accepted; −1 where the server does not say.</summary>
    public async Task<long> Last() => (await Standing()).Number("seq") ?? -1;

    /// <summary>A snapshot that goes next: what the pharmacy had stays in it.</summary>
    public async Task<FeedText> Snapshot(params IEnumerable<FeedLine> lines) => Snapshot(await Last() + 1, Now, lines);

    /// <summary>A snapshot of a number and a moment.</summary>
    public FeedText Snapshot(long seq, DateTimeOffset takenAt, params IEnumerable<FeedLine> lines)
    {
        var own = lines.ToList();
        var rest = Shelves.Kept.Where(kept => kept.Cip13 != Product && kept.Cip13 != Barrier && own.TrueForAll(line => line.Cip13 != kept.Cip13));
        return FeedText.Begin("snapshot", seq, takenAt).With(own).With(rest.SelectMany(kept => kept.Lines));
    }

    /// <summary>A delta that goes next.</summary>
    public async Task<FeedText> Delta(params IEnumerable<FeedLine> lines) => FeedText.Begin("delta", await Last() + 1, Now).With(lines);

    /// <summary>Posts a feed.</summary>
    public Task<Answer> Feed(FeedText feed) => _server.Feed(FeedPath, Token, feed.Bytes(), gzip: false);

    /// <summary>Posts a feed compressed.</summary>
    public Task<Answer> FeedPacked(FeedText feed) => _server.Feed(FeedPath, Token, feed.Gzip(), gzip: true);

    /// <summary>Posts bytes as a feed.</summary>
    public Task<Answer> FeedBytes(byte[] body, bool gzip, string? token = null, string type = "application/x-ndjson") => _server.Feed(FeedPath, token ?? Token, body, gzip, type);

    /// <summary>Posts a feed as somebody without a token.</summary>
    public Task<Answer> FeedAsNobody(FeedText feed) => _server.Feed(FeedPath, null, feed.Bytes(), gzip: false);

    /// <summary>The public level of a product as it is now.</summary>
    public async Task<string> LevelOf(string cip13) => LevelIn(await Page(cip13), cip13);

    /// <summary>The public level of a product, waited for as long as it is not the one expected; <c>unknown</c> where the page does not list it.</summary>
    public async Task<string> LevelOf(string cip13, string expected)
    {
        for (var since = _time.GetTimestamp(); ; await Task.Delay(TimeSpan.FromMilliseconds(50), _time))
        {
            var level = await LevelOf(cip13);
            if (level == expected || _time.GetElapsedTime(since) > _asked.Patience)
                return level;
        }
    }

    /// <summary>
    /// Puts the kit's own product at two boxes, one of which can be promised, as a place to start from. A later feed that must not be applied says ten; <see cref="Untouched"/> then finds out.
    /// </summary>
    public async Task<Answer> Begin() => await Feed(await Delta(new FeedLine(Product, 2)));

    /// <summary>The level of the kit's product after everything that was sent has shown: a later feed of another product is waited for, so that nothing is still under way.</summary>
    public async Task<string> Untouched()
    {
        var isUp = await LevelOf(Barrier) == "inStock";
        await Feed(await Delta(new FeedLine(Barrier, isUp ? 0 : 9)));
        await LevelOf(Barrier, isUp ? "outOfStock" : "inStock");
        return await LevelOf(Product);
    }

    /// <summary>How many boxes on hand leave so many that can be promised: what others hold, and the reserve, come on top.</summary>
    public async Task<int> OnHand(string cip13, int available)
    {
        if (await Boxes(cip13) is not { } boxes)
            return available + 1 + Orders.OpenOf(cip13);
        return available + (int)((boxes.Number("reserve") ?? 1) + (boxes.Number("held") ?? 0) + (boxes.Number("toReshelve") ?? 0));
    }

    /// <summary>What the counter is told of a product; null where the kit may not act as the counter or nothing is known of it.</summary>
    public async Task<Answer?> Boxes(string cip13) =>
        Staff is not null && await _server.Get($"/api/v1/counter/{_asked.Pharmacy}/stock/{cip13}", Staff) is { Status: 200 } found ? found : null;

    /// <summary>A page of all that is on the shelves, as the counter sees it.</summary>
    public Task<Answer> Listed(string? cursor) => _server.Get($"/api/v1/counter/{_asked.Pharmacy}/stock?limit=500{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}", Staff);

    /// <summary>Counts a product by hand, as the counter.</summary>
    public Task<Answer> Count(string cip13, int quantity, int? reserve = null) =>
        _server.Send(HttpMethod.Put, $"/api/v1/counter/{_asked.Pharmacy}/stock/{cip13}", Staff, reserve is null ? new { quantity } : new { quantity, reserve });

    /// <summary>Products of which more is held than there is, as the counter sees them.</summary>
    public Task<Answer> Shortages() => _server.Get($"/api/v1/counter/{_asked.Pharmacy}/shortages", Staff);

    /// <summary>Reads where the feed of another pharmacy stands, with the connector's token of this one.</summary>
    public Task<Answer> StandingOf(string pharmacy, string? token) => _server.Get($"/api/v1/lgo/{pharmacy}/stock", token);

    /// <summary>Whether a product is known to the server.</summary>
    public async Task<bool> IsKnown(string cip13) => (await _server.Get($"/api/v1/products/{cip13}")).Status != 404;

    /// <summary>Ends the kit's orders, and says of every product what the pharmacy had before.</summary>
    /// <returns>What is not as it was, in sentences for the report.</returns>
    public async Task<IReadOnlyList<Sentence>> PutBack()
    {
        var left = new List<Sentence>(await Orders.End());
        var answer = await Feed(FeedText.Begin("snapshot", await Last() + 1, Now).With(Shelves.Kept.SelectMany(kept => kept.Lines)));
        if (answer.Status != 200)
            left.Add(new($"the closing snapshot was refused ({answer.Told}): let the pharmacy's software send one", $"l'instantané final a été refusé ({answer.Told}) : faites envoyer un instantané par le logiciel"));
        if (Before == 0 && Staff is not null)
            foreach (var kept in Shelves.Kept)
                await Count(kept.Cip13, kept.Quantity, kept.Reserve == 0 ? null : kept.Reserve);
        left.Add(new($"the feed stands at {await Last()}, where it stood at {Before}: seq never goes back", $"le flux en est à {await Last()} au lieu de {Before} : seq ne recule jamais"));
        foreach (var own in ((string[])[Product, Barrier]).Where(own => !Shelves.Has(own)))
            left.Add(new($"{own}, of which nothing was known, is now known with no boxes", $"{own}, dont rien n'était connu, est maintenant connu avec zéro boîte"));
        if (Before == 0 && Shelves.Kept.Count > 0)
            left.Add(new("one box of each product is in reserve, as wherever a feed has said the stock", "une boîte de chaque produit est en réserve, comme partout où un flux a dit le stock"));
        if (!Shelves.HasLots && Shelves.Kept.Count > 0)
            left.Add(new("lots of the other products are unknown until the software's next feed", "les lots des autres produits sont inconnus jusqu'au prochain flux du logiciel"));
        return left;
    }

    private async Task<string> SignIn(string client, string secret, string? scope)
    {
        var (token, answer) = await _server.Token(client, secret, scope);
        return token ?? throw new CannotRunException(
            new($"/connect/token gave {client} no token{(scope is null ? "" : $" for {scope}")}: {answer.Told}", $"/connect/token n'a pas donné de jeton à {client}{(scope is null ? "" : $" pour {scope}")} : {answer.Told}"),
            new("check --client, --secret and the scopes; the client demo exists only where the demo runs", "vérifiez --client, --secret et les portées ; le client demo n'existe que là où tourne la démo"));
    }

    private async Task<Answer> Page(string? cip13 = null)
    {
        var page = await _server.Get($"/api/v1/pharmacies/{_asked.Pharmacy}{(cip13 is null ? "" : $"?product={cip13}")}");
        return page.Status == 200 ? page : throw new CannotRunException(
            new($"GET /api/v1/pharmacies/{_asked.Pharmacy} answered {page.Told}", $"GET /api/v1/pharmacies/{_asked.Pharmacy} a répondu {page.Told}"),
            new("name a pharmacy that this server knows with --pharmacy", "indiquez avec --pharmacy une pharmacie que ce serveur connaît"));
    }

    private static string LevelIn(Answer page, string cip13) =>
        page.Items("stock").Where(item => item.Text("cip13") == cip13).Select(item => item.Text("level")).FirstOrDefault() ?? "unknown";

    // Rather products that the pharmacy knows nothing of; else some that nobody has ordered and whose reserve is nobody's choice, which are put back in the end.
    private async Task ChooseProducts()
    {
        var known = Shelves.Known;
        var found = new List<string>();
        foreach (var search in Searches)
            found.AddRange((await _server.Get($"/api/v1/products?q={search}&limit=50")).Items("items").Select(item => item.Text("cip13")).OfType<string>());
        var free = found.Distinct(StringComparer.Ordinal).Where(cip13 => cip13 is not (Ibuprofen or Spedifen))
            .Where(cip13 => !known.Contains(cip13) || Staff is null || Shelves.Kept.Any(kept => kept.Cip13 == cip13 && kept.IsFree && kept.Reserve == (Before > 0 ? 1 : 0)))
            .OrderBy(known.Contains).Take(2).ToList();
        if (free.Count < 2)
            throw new CannotRunException(
                new("GET /api/v1/products?q= finds no two products that nobody has ordered there", "GET /api/v1/products?q= ne trouve pas deux produits que personne n'y a commandés"),
                new("load the medicines database, or name another pharmacy", "chargez la base des médicaments, ou indiquez une autre pharmacie"));
        (Product, Barrier) = (free[0], free[1]);
    }

    private async Task FindOther(Answer page)
    {
        if (page.Json.Member("lat") is not { ValueKind: JsonValueKind.Number } lat || page.Json.Member("lon") is not { ValueKind: JsonValueKind.Number } lon)
            return;
        var near = await _server.Get(string.Create(CultureInfo.InvariantCulture, $"/api/v1/pharmacies/nearest?lat={lat.GetDouble()}&lon={lon.GetDouble()}&k=5&status=any"));
        OtherPharmacy = near.Items("items").Select(item => item.Text("id")).FirstOrDefault(id => id != _asked.Pharmacy);
    }
}
