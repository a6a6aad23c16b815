using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NodaTime;
using Realtime.Products;
using Realtime.Stock;
using Realtime.Tests.Edge;
using Realtime.Tests.Identity;
using static Microsoft.Playwright.Assertions;

namespace Realtime.Tests.Browser;

/// <summary>The counter's page, in a real browser, signed in through the demo's provider, against the whole product.</summary>
public sealed class CounterPageTests(DemoHost demo, ChromiumFixture chromium) : IClassFixture<DemoHost>, IClassFixture<ChromiumFixture>
{
    private static readonly Cip13 Ibuprofen = Cip13.Parse("3400938358926"), Spedifen = Cip13.Parse("3400936251892");

    // Browsers take cookies that are for encrypted connections alone from localhost by its name.
    private Uri Service => new UriBuilder(demo.Address) { Host = "localhost" }.Uri;

    [Fact]
    public async Task The_titulaire_signs_in_changes_the_hours_and_a_colleague_sees_it()
    {
        await using var desk = await SignedIn("Claire Martin");
        await using var colleague = await SignedIn("Inès Petit");
        await Expect(desk.Page.GetByText("titulaire", new() { Exact = false }).First).ToBeVisibleAsync();
        await Expect(colleague.Page.GetByRole(AriaRole.Heading, new() { Name = "Équipe" })).ToHaveCountAsync(0);

        var hours = desk.Page.GetByLabel("Horaires, dans la syntaxe d’OpenStreetMap");
        await hours.FillAsync("Mo-Fr 08:15-19:45; PH off");
        await Expect(desk.Page.GetByText("lundi 08:15–19:45")).ToBeVisibleAsync();
        await hours.FillAsync("Mo-Fr 25:00");
        await Expect(desk.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await hours.FillAsync("Mo-Fr 08:15-19:45; PH off");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer" }).First.ClickAsync();

        await Expect(desk.Page.GetByText("Enregistré.")).ToBeVisibleAsync();
        await Expect(colleague.Page.GetByLabel("Horaires, dans la syntaxe d’OpenStreetMap")).ToHaveValueAsync("Mo-Fr 08:15-19:45; PH off", new() { Timeout = 2_000 });
        Assert.Empty(await desk.Violations());
        Assert.All([.. desk.Complaints, .. colleague.Complaints], AssertIsPreview);
    }

    [Fact]
    public async Task A_vacation_an_opening_and_the_hours_of_a_holiday_are_declared_seen_and_withdrawn()
    {
        await using var desk = await SignedIn("Hugo Bernard");
        await desk.Page.GetByRole(AriaRole.Combobox, new() { Name = "Pharmacie" }).SelectOptionAsync("990000028");
        await Expect(desk.Page.GetByText("990000028 ·")).ToBeVisibleAsync();
        var declared = desk.Page.Locator("ul.exceptions li");
        var day = TimeProvider.System.GetUtcNow().AddDays(30);

        await desk.Page.GetByLabel("Premier jour").FillAsync(day.ToString("yyyy-MM-dd", null));
        await desk.Page.GetByLabel("Dernier jour").FillAsync(day.AddDays(6).ToString("yyyy-MM-dd", null));
        await desk.Page.GetByLabel("Motif des congés").FillAsync("fêtes de fin d’année");
        await desk.Page.GetByLabel("Pharmacie qui prend le relais des congés").FillAsync("990000010");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Annoncer ces congés" }).ClickAsync();
        await Expect(declared.Filter(new() { HasText = "fêtes de fin d’année" })).ToContainTextAsync("relais :");

        await desk.Page.GetByLabel("Ouverte du").FillAsync($"{day:yyyy-MM-dd}T20:00");
        await desk.Page.GetByLabel("jusqu’au").FillAsync($"{day:yyyy-MM-dd}T22:30");
        await desk.Page.GetByLabel("Motif de l’ouverture").FillAsync("campagne de vaccination");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Annoncer cette ouverture" }).ClickAsync();
        await Expect(declared.Filter(new() { HasText = "campagne de vaccination" })).ToBeVisibleAsync();

        await desk.Page.GetByLabel("Heures d’ouverture, Toussaint").FillAsync("9h-12h");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Ouverte, Toussaint" }).ClickAsync();
        await Expect(desk.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await desk.Page.GetByLabel("Heures d’ouverture, Toussaint").FillAsync("09:00-12:30");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Ouverte, Toussaint" }).ClickAsync();
        await Expect(declared.Filter(new() { HasText = "ouverte 09:00-12:30" })).ToBeVisibleAsync();
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Fermée, Assomption" }).ClickAsync();
        await Expect(declared.Filter(new() { HasText = "Assomption" })).ToContainTextAsync("fermée");
        await Expect(declared).ToHaveCountAsync(4);
        Assert.Empty(await desk.Violations());

        for (var left = 3; left >= 0; left--)
        {
            await declared.First.GetByRole(AriaRole.Button).ClickAsync();
            await Expect(declared).ToHaveCountAsync(left);
        }
        await Expect(desk.Page.GetByText("Rien d’annoncé.")).ToBeVisibleAsync();
        Assert.Empty(await desk.Violations());
        Assert.All(desk.Complaints, AssertIsPreview);
    }

    [Fact]
    public async Task A_pause_is_one_button_and_its_way_back_is_too()
    {
        await using var desk = await SignedIn("Hugo Bernard");
        await desk.Page.GetByRole(AriaRole.Combobox, new() { Name = "Pharmacie" }).SelectOptionAsync("990000028");
        await Expect(desk.Page.GetByText("990000028 ·")).ToBeVisibleAsync();

        await desk.Page.GetByLabel("Motif").First.FillAsync("inventaire");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Mettre en pause" }).ClickAsync();
        await Expect(desk.Page.GetByText("En pause : inventaire")).ToBeVisibleAsync();
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Reprendre les commandes" }).ClickAsync();

        await Expect(desk.Page.GetByRole(AriaRole.Button, new() { Name = "Mettre en pause" })).ToBeVisibleAsync();
        Assert.Empty(desk.Complaints);
    }

    [Fact]
    public async Task A_recall_stands_on_the_page_of_who_holds_its_lots_until_somebody_has_seen_it()
    {
        const string product = "3400933905569";
        await using var desk = await SignedIn("Hugo Bernard");
        await desk.Page.GetByRole(AriaRole.Combobox, new() { Name = "Pharmacie" }).SelectOptionAsync("990000028");
        await Expect(desk.Page.GetByText("990000028 ·")).ToBeVisibleAsync();
        using var client = new HttpClient { BaseAddress = demo.Address };
        var (owner, feeder) = (await client.Token("operator"), await client.Token("lgo:990000028"));
        var feed = $$"""
            {"kind":"snapshot","seq":1,"takenAt":"{{TimeProvider.System.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}}"}
            {"cip13":"{{product}}","quantity":7,"lot":"PAGE7"}
            """;
        using var body = new StringContent(feed, System.Text.Encoding.UTF8, "application/x-ndjson");
        client.DefaultRequestHeaders.Authorization = new("Bearer", feeder);
        using var fed = await client.PostAsync("/api/v1/lgo/990000028/stock", body);
        Assert.True(fed.IsSuccessStatusCode, await fed.Content.ReadAsStringAsync());

        using var declared = await client.Send(HttpMethod.Post, "/api/v1/recalls", owner, new { reference = "MED26/117", cip13 = product, lots = new[] { "PAGE7" }, source = "ANSM" });
        Assert.True(declared.IsSuccessStatusCode, await declared.Content.ReadAsStringAsync());

        var banner = desk.Page.GetByRole(AriaRole.Alert, new() { Name = "Rappel de lots" });
        await Expect(banner).ToContainTextAsync("Lot PAGE7 · 7 boîtes en rayon, 0 commande à vérifier", new() { Timeout = 20_000 });
        Assert.Empty(await desk.Violations());
        if (Environment.GetEnvironmentVariable("REALTIME_SHOTS") is { Length: > 0 } shots)
            await desk.Page.ScreenshotAsync(new() { Path = Path.Combine(shots, "recall.png") });
        await banner.GetByRole(AriaRole.Button, new() { Name = "J’en ai pris connaissance" }).ClickAsync();
        await Expect(banner).ToHaveCountAsync(0);
        Assert.Empty(desk.Complaints);
    }

    [Fact]
    public async Task A_student_joins_by_a_link_and_takes_over_the_post_by_PIN()
    {
        await using var desk = await SignedIn("Claire Martin");
        await desk.Page.GetByLabel("Nom", new() { Exact = true }).FillAsync("Léa Roux");
        await desk.Page.GetByLabel("Rôle").SelectOptionAsync("student");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Ajouter" }).Nth(1).ClickAsync();
        var link = await desk.Page.Locator(".once code").InnerTextAsync();
        await Expect(desk.Page.GetByText("invitation en attente")).ToBeVisibleAsync();
        await desk.Page.GetByLabel("Nom du poste").FillAsync("Comptoir 1");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Faire de ce navigateur un poste" }).ClickAsync();
        await Expect(desk.Page.GetByText("Comptoir 1")).ToBeVisibleAsync();
        Assert.Empty(await desk.Violations());

        await using (var phone = await chromium.Open(Service, new Uri(link).PathAndQuery + new Uri(link).Fragment))
        {
            await phone.Page.GetByLabel("Code").FillAsync("5823");
            await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Rejoindre l’équipe" }).TapAsync();
            await Expect(phone.Page.GetByText("C’est fait")).ToBeVisibleAsync();
            Assert.Empty(await phone.Violations());
            Assert.Empty(phone.Complaints);
        }

        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Se déconnecter" }).ClickAsync();
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Léa Roux", Exact = true }).ClickAsync();
        Assert.Empty(await desk.Violations());
        await desk.Page.GetByLabel("Code").FillAsync("5823");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Déverrouiller" }).ClickAsync();

        await Expect(desk.Page.GetByText("étudiant")).ToBeVisibleAsync();
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Verrouiller le poste" }).ClickAsync();
        await Expect(desk.Page.GetByRole(AriaRole.Heading, new() { Name = "Qui est au poste ?" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_shelves_show_what_left_what_expires_and_every_lot()
    {
        var today = demo.Host.Time.Now.InUtc().Date;
        await Feed(1, (Ibuprofen, 30, "LOT42", today.PlusDays(20)), (Ibuprofen, 8, "LOT43", today.PlusDays(400)), (Spedifen, 5, "GONE", today.PlusDays(-3)));
        await Feed(2, (Ibuprofen, 12, "LOT42", today.PlusDays(20)), (Ibuprofen, 8, "LOT43", today.PlusDays(400)), (Spedifen, 5, "GONE", today.PlusDays(-3)));
        await using var desk = await SignedIn("Claire Martin");
        var shelves = desk.Page.GetByRole(AriaRole.Region, new() { Name = "Stock" });
        var rows = shelves.Locator("tbody tr");

        await Expect(shelves.GetByText("Sorties observées depuis 0 jour :")).ToBeVisibleAsync();
        Assert.EndsWith(": 18", await shelves.GetByRole(AriaRole.Img).First.GetAttributeAsync("aria-label"), StringComparison.Ordinal);
        await Expect(rows).ToHaveCountAsync(20);
        await shelves.GetByLabel("Chercher un produit ou un lot").FillAsync("lot43");
        await Expect(rows).ToHaveCountAsync(1);
        await rows.GetByText("2 lots, dans l’ordre de sortie").ClickAsync();
        await Expect(rows.Locator("li")).ToContainTextAsync(["lot LOT42 : 12 boîtes", "lot LOT43 : 8 boîtes"]);
        await shelves.GetByLabel("Chercher un produit ou un lot").FillAsync("");
        await shelves.GetByRole(AriaRole.Button, new() { Name = "périmés (1)" }).ClickAsync();
        await Expect(rows).ToContainTextAsync(["5 à écarter"]);
        await shelves.GetByRole(AriaRole.Button, new() { Name = "tout" }).ClickAsync();
        await shelves.GetByRole(AriaRole.Button, new() { Name = "Boîtes" }).ClickAsync();
        await shelves.GetByRole(AriaRole.Button, new() { Name = "Boîtes" }).ClickAsync();
        await Expect(rows.First).ToContainTextAsync($"{Ibuprofen}");
        await Expect(shelves.GetByRole(AriaRole.Columnheader, new() { Name = "Boîtes" })).ToHaveAttributeAsync("aria-sort", "descending");
        Assert.Empty(await desk.Violations());
        Assert.Empty(desk.Complaints);
    }

    private async Task Feed(int seq, params (Cip13 Product, int Boxes, string Lot, LocalDate Expiry)[] lines)
    {
        var set = new FeedSet.Builder();
        foreach (var line in lines)
            set.Add(line.Product, line.Boxes, line.Lot, line.Expiry);
        var feed = new StockFeed(FeedKind.Snapshot, seq, demo.Host.Time.Now, $"{seq}", set.Build(), lines.Length, RejectedLines.None);
        Assert.Null((await demo.Host.Services.GetRequiredService<IGrainFactory>().GetGrain<IStockGrain>("990000010").Feed(feed, "software")).Refusal);
    }

    private async Task<Phone> SignedIn(string name)
    {
        var desk = await chromium.Open(Service, "/counter", width: 1280);
        await Expect(desk.Page.Locator("html")).ToHaveAttributeAsync("lang", "fr");
        await desk.Page.GetByRole(AriaRole.Link, new() { Name = "S’identifier" }).ClickAsync();
        await Expect(desk.Page.GetByRole(AriaRole.Heading, new() { Name = "S'identifier" })).ToBeVisibleAsync();
        Assert.Empty(await desk.Violations());
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = name }).ClickAsync();
        await Expect(desk.Page.GetByText(name.Split(' ')[0]).First).ToBeVisibleAsync();
        return desk;
    }

    // The browser itself notes every answer that is a refusal; of hours that are being typed there are some.
    private static void AssertIsPreview(string complaint) => Assert.Contains("400", complaint, StringComparison.Ordinal);
}
