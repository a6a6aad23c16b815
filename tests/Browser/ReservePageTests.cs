using System.Text.Json;
using Microsoft.Playwright;
using Realtime.Tests.Counter;
using Realtime.Tests.Orders;
using static Microsoft.Playwright.Assertions;

namespace Realtime.Tests.Browser;

/// <summary>An order as a patient makes it, in a real browser against the real service, with a counter that acts by its script.</summary>
public sealed class ReservePageTests(ReserveHost host, ChromiumFixture chromium, ITestOutputHelper output) : IClassFixture<ReserveHost>, IClassFixture<ChromiumFixture>
{
    private const string Url = "**/api/v1/pharmacies/*/orders";

    private OrderDesk Desk => host.Desk;

    [Fact]
    public async Task An_order_goes_from_the_search_to_its_collection()
    {
        var id = await Desk.ByDay();
        await using var phone = await Open(id);
        var page = phone.Page;
        await Expect(page.Locator("[data-reading]")).ToContainTextAsync("Ouverte, ferme aujourd’hui à 19 h. Votre réservation sera lue dans les 30 minutes.");
        await Seen(phone, "reserver-vide");
        await page.GetByRole(AriaRole.Combobox).FillAsync("ibuprofene 400");
        await Expect(page.GetByRole(AriaRole.Option).Filter(new() { HasText = "En stock" }).First).ToBeVisibleAsync();
        await Seen(phone, "reserver-recherche", fullPage: false);
        await page.GetByRole(AriaRole.Option).Filter(new() { HasText = "IBUPROFENE BIOGARAN CONSEIL 400 mg, comprimé" }).TapAsync();
        await Expect(page.GetByText("4 g sur 6 g")).ToBeVisibleAsync();
        await Expect(page.GetByText("Une boîte de plus dépasserait la limite")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Réserver", Exact = false }).Last.TapAsync();
        await Expect(page.GetByText("points à compléter")).ToBeVisibleAsync();
        await Expect(page.Locator("#name")).ToBeFocusedAsync();
        await Seen(phone, "reserver-a-completer");
        await Fill(page);
        await page.GetByLabel("Rappelez-moi").CheckAsync();
        await Seen(phone, "reserver-remplie");
        await page.GetByRole(AriaRole.Button, new() { Name = "Réserver" }).TapAsync();
        await Expect(page.Locator("section.state")).ToBeVisibleAsync();

        var order = await OnlyOrder(id);
        Assert.Equal("Merci de me rappeler au 06 12 34 56 78 quand la commande est prête. Sonnez fort", order.Text("note"));
        Assert.Equal("""{"treated":{"birthYear":1985,"relation":"self"}}""", order.Text("answers"));
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Transmise à la pharmacie" })).ToBeVisibleAsync();
        await Act(order, "accept", 1);
        await Act(order, "ready", 2);
        var code = page.Locator(".code strong");
        await Expect(code).ToBeVisibleAsync();
        await Expect(page.GetByText("Vous pouvez la retirer maintenant. La pharmacie ferme aujourd’hui à 19 h.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Img, new() { Name = "Code de retrait" })).ToBeVisibleAsync();
        var calendar = await (await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Ajouter à mon agenda" }).TapAsync())).PathAsync();
        Assert.Contains("DTSTART:20261123T090", await File.ReadAllTextAsync(calendar, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await Seen(phone, "commande-retrait");
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await Expect(page.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await Picture(phone, "commande-imprimee");
        await page.EmulateMediaAsync(new() { Media = Media.Screen });
        await Act(order, "collect", 3, new { pickupCode = await code.InnerTextAsync() });
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Retirée" })).ToBeVisibleAsync();
        Assert.Empty(phone.Complaints);
    }

    [Fact]
    public async Task Keys_alone_make_the_same_journey_for_a_child_with_the_questions_of_the_pharmacy()
    {
        var id = await Desk.ByDay(new { clickAndCollect = true, questions = true });
        await using var phone = await Open(id, locale: "en-GB", dark: true, width: 1280);
        var (page, keys) = (phone.Page, phone.Page.Keyboard);
        await TabTo(page, "#product");
        await keys.TypeAsync("ibuprofene biogaran conseil 400 mg comprime");
        await Expect(page.GetByRole(AriaRole.Option).First).ToBeVisibleAsync();
        await keys.PressAsync("ArrowDown");
        await keys.PressAsync("Enter");
        await Expect(page.GetByText("4 g of 6 g")).ToBeVisibleAsync();
        foreach (var (field, text) in ((string, string)[])[("#name", "Zoé Dupont"), ("#birth", "23041985"), ("#email", "zoe@example.org")])
        {
            await TabTo(page, field);
            await keys.TypeAsync(text);
        }
        await TabTo(page, "[name='relation']");
        await keys.PressAsync("ArrowDown");
        await TabTo(page, "#birthYear");
        await keys.TypeAsync("2019");
        await TabTo(page, "#weight");
        await keys.TypeAsync("18,5");
        await TabTo(page, "[name='treatments']");
        await keys.PressAsync("Space");
        await TabTo(page, "[name='allergies']");
        await keys.PressAsync("ArrowLeft");
        await TabTo(page, "#allergies-what");
        await keys.TypeAsync("pénicilline");
        await TabTo(page, "#consent");
        await keys.PressAsync("Space");
        await Seen(phone, "reserver-enfant-en-bureau-sombre");
        await TabTo(page, "form .strong");
        await keys.PressAsync("Enter");
        await Expect(page.Locator("section.state")).ToBeVisibleAsync();

        var order = await OnlyOrder(id);
        Assert.Equal("""{"allergies":"pénicilline","treated":{"birthYear":2019,"relation":"child","weightKg":18.5},"treatments":"aucun"}""", order.Text("answers"));
        Assert.Contains("minor", order.GetProperty("flags").Texts());
        await Act(order, "accept", 1);
        await TabTo(page, "textarea");
        await keys.TypeAsync("On my way");
        await keys.PressAsync("Tab");
        await keys.PressAsync("Enter");
        await Expect(page.GetByText("On my way")).ToBeVisibleAsync();
        await Act(order, "ready", 3);
        await Expect(page.Locator(".code strong")).ToBeVisibleAsync();
        await Seen(phone, "commande-prete-en-bureau-sombre");
        await Act(order, "collect", 4, new { pickupCode = await page.Locator(".code strong").InnerTextAsync() });
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Collected" })).ToBeVisibleAsync();
        Assert.Empty(phone.Complaints);
    }

    [Fact]
    public async Task A_network_that_is_cut_while_the_order_is_sent_neither_loses_nor_doubles_it()
    {
        var id = await Desk.ByDay();
        await using var phone = await Open(id);
        var page = phone.Page;
        await Choose(page);
        await Fill(page);
        await page.Context.SetOfflineAsync(true);
        await page.GetByRole(AriaRole.Button, new() { Name = "Réserver" }).TapAsync();
        await Expect(page.GetByText("repart toute seule")).ToBeVisibleAsync();
        await Expect(page.Locator("#name")).ToHaveValueAsync("Zoé Dupont");
        await Seen(phone, "reserver-coupee");
        Assert.Empty(await Orders(id));

        // The network is back, the order arrives, and its answer is cut off; the page is loaded again and the same written once more.
        var arrived = new TaskCompletionSource();
        await page.RouteAsync(Url, async route =>
        {
            await route.FetchAsync();
            await route.AbortAsync();
            arrived.TrySetResult();
        });
        await page.Context.SetOfflineAsync(false);
        await arrived.Task.WaitAsync(OrderDesk.Patience, TestContext.Current.CancellationToken);
        await Expect(page.GetByText("repart toute seule")).ToBeVisibleAsync();
        await page.UnrouteAllAsync(new() { Behavior = UnrouteBehavior.IgnoreErrors });
        await page.RouteAsync(Url, route => route.AbortAsync());
        await page.ReloadAsync();
        await Expect(page.GetByText("sans que la réponse arrive")).ToBeVisibleAsync();
        await Expect(page.GetByText("4 g sur 6 g")).ToBeVisibleAsync();
        Assert.Equal("", await page.Locator("#name").InputValueAsync());
        Assert.Equal(0, await page.EvaluateAsync<int>("Object.keys(localStorage).length"));
        Assert.DoesNotContain("Zoé", await page.EvaluateAsync<string>("JSON.stringify(sessionStorage)"), StringComparison.Ordinal);
        await Seen(phone, "reserver-reprise");
        await page.UnrouteAllAsync();
        await Fill(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Réserver" }).TapAsync();
        await Expect(page.Locator("section.state")).ToBeVisibleAsync();
        Assert.Contains((await OnlyOrder(id)).Text("orderId")!, page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_reserved_is_explained_and_a_limit_is_told_before_it_blocks()
    {
        var id = await Desk.ByDay();
        await Empty(id, OrderDesk.Spedifen);
        await using var phone = await Open(id, dark: true);
        var page = phone.Page;
        await Choose(page, "codéine exemple", "CODÉINE EXEMPLE");
        await Expect(page.GetByText("est sur ordonnance")).ToBeVisibleAsync();
        await Expect(page.GetByText("Apportez votre ordonnance")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-product]")).ToHaveCountAsync(0);
        await Seen(phone, "reserver-ordonnance-sombre");
        await page.GetByRole(AriaRole.Button, new() { Name = "Fermer" }).TapAsync();
        await Expect(page.GetByText("Apportez votre ordonnance")).ToHaveCountAsync(0);

        await Choose(page, "spedifen 400 mg comprime", "SPEDIFEN 400 mg, comprimé", "Épuisé ici");
        await Expect(page.GetByText("Cette pharmacie n’en a plus.")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-product]")).ToHaveCountAsync(0);

        await Choose(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Une boîte de plus" }).TapAsync();
        await Expect(page.GetByText("8 g sur 6 g")).ToBeVisibleAsync();
        await Expect(page.GetByText("plus qu'une commande ne peut en contenir (6 g).")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Réserver" })).ToBeDisabledAsync();
        await Seen(phone, "reserver-limite-sombre");
        await page.EmulateMediaAsync(new() { ForcedColors = ForcedColors.Active });
        await Picture(phone, "reserver-limite-couleurs-forcees");
        await page.EmulateMediaAsync(new() { ForcedColors = ForcedColors.None });
        await page.GetByRole(AriaRole.Button, new() { Name = "English" }).TapAsync();
        await Expect(page.GetByText("8 g of 6 g")).ToBeVisibleAsync();
        await Expect(page.GetByText("more than may be ordered at once (6 g).")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "One box less" }).TapAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Reserve" })).ToBeEnabledAsync();
        Assert.Empty(phone.Complaints);
    }

    [Fact]
    public async Task What_the_pharmacy_refuses_is_said_where_it_can_be_mended()
    {
        var id = await Desk.ByDay();
        await using var phone = await Open(id, width: 320);
        var page = phone.Page;
        await Choose(page, "doliprane 150", "DOLIPRANE 150 mg");
        await Fill(page, born: "23/04/2015");
        await page.GetByRole(AriaRole.Button, new() { Name = "Réserver" }).TapAsync();
        await Expect(page.GetByText("Il faut avoir 16 ans pour commander.")).ToBeVisibleAsync();
        await page.GetByLabel("Date de naissance").FillAsync("23/04/1985");

        await Desk.Stock(id, "3400934809408", 0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Réserver" }).TapAsync();
        await Expect(page.Locator("[data-product]").GetByText("Il n’en reste plus.")).ToBeVisibleAsync();
        await Seen(phone, "reserver-epuise-320");

        await Desk.Stock(id, "3400934809408", 5);
        for (var i = 0; i < 2; i++)
            await Desk.Place(id, Desk.Asks(phone: "0612345678"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Réserver" }).TapAsync();
        await Expect(page.GetByText("Vous avez déjà des commandes en cours")).ToBeVisibleAsync();
        Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));

        await Desk.Change(HttpMethod.Post, id, "pause", new { reason = "Nous manquons de monde" }, 2).Expect(200);
        await page.GetByRole(AriaRole.Button, new() { Name = "Réserver" }).TapAsync();
        await Expect(page.GetByText("Les réservations sont suspendues : Nous manquons de monde")).ToBeVisibleAsync();
        await Expect(page.Locator("#name")).ToHaveValueAsync("Zoé Dupont");
        await Seen(phone, "reserver-suspendue-320");
    }

    [Fact]
    public async Task Where_the_door_is_shut_it_is_said_before_ordering_when_the_order_is_read()
    {
        var id = await Desk.NextPharmacy("Sa 09:00-12:00; PH off", new { clickAndCollect = true });
        await using (var phone = await Open(id, width: 1280))
        {
            await Expect(phone.Page.GetByText("votre réservation sera lue samedi à 9 h")).ToBeVisibleAsync();
            await Choose(phone.Page);
            await Seen(phone, "reserver-fermee-bureau");
            await Fill(phone.Page);
            await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Réserver" }).TapAsync();
            await Expect(phone.Page.GetByText("Elle sera lue samedi à 9 h.")).ToBeVisibleAsync();
            var order = await OnlyOrder(id);
            await Act(order, "accept", 1);
            await Act(order, "ready", 2);
            await Expect(phone.Page.GetByText("Vous pourrez la retirer dès l’ouverture, samedi à 9 h.")).ToBeVisibleAsync();
            await Seen(phone, "commande-prete-fermee-bureau");
            Assert.Empty(phone.Complaints);
        }
        await using (var phone = await Open("990000000", locale: "en-GB"))
        {
            await Expect(phone.Page.GetByText("This pharmacy is not known here.")).ToBeVisibleAsync();
            await Seen(phone, "reserver-inconnue-en");
        }
    }

    [Fact]
    public async Task A_proposal_is_declined_and_the_page_can_be_read_without_a_network()
    {
        var id = await Desk.ByDay();
        var taken = await Desk.Place(id, Desk.Asks(2, OrderDesk.Suppository));
        await Desk.Act(taken, "accept", null, 1).Expect(200);
        await Desk.Act(taken, "propose", new { lines = new[] { new { cip13 = OrderDesk.Suppository, quantity = 1 } } }, 2).Expect(200);
        await using var phone = await Open(id, $"/commande#{taken.Id}.{taken.Token}");
        var page = phone.Page;
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "La pharmacie vous propose une modification" })).ToBeVisibleAsync();
        await Seen(phone, "commande-proposee");
        await page.GetByRole(AriaRole.Button, new() { Name = "Refuser, et annuler la commande" }).TapAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Annulée" })).ToBeVisibleAsync();
        Assert.Equal("cancelled", (await Desk.Seen(taken)).Text("state"));
        Assert.Empty(phone.Complaints);

        await page.RouteAsync("**/api/**", route => route.AbortAsync());
        await page.RouteAsync("**/hubs/**", route => route.AbortAsync());
        await page.ReloadAsync();
        await Expect(page.GetByText("Hors connexion. Dernière réponse aujourd’hui à 10 h")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Annulée" })).ToBeVisibleAsync();
        await Seen(phone, "commande-hors-connexion");
    }

    /// <summary>A page on a phone whose clock shows what the service's shows.</summary>
    private async Task<Phone> Open(string pharmacy, string? path = null, string locale = "fr-FR", bool dark = false, int width = 390)
    {
        var phone = await chromium.Open(Desk.Host.Address, "/commande", locale, dark, width);
        await phone.Page.Clock.SetFixedTimeAsync(Desk.Now.ToDateTimeUtc());
        await phone.Page.GotoAsync(new Uri(Desk.Host.Address, path ?? $"/reserver/{pharmacy}").ToString());
        return phone;
    }

    /// <summary>None is left, and this node knows.</summary>
    private async Task Empty(string id, string cip13)
    {
        await Desk.Stock(id, cip13, 0);
        for (var started = TimeProvider.System.GetTimestamp(); !(await Desk.Client.GetStringAsync($"/api/v1/pharmacies/{id}?product={cip13}")).Contains("outOfStock", StringComparison.Ordinal); await Task.Delay(20))
            Assert.True(TimeProvider.System.GetElapsedTime(started) < OrderDesk.Patience, "The empty shelf is not taken in.");
    }

    private static async Task Choose(IPage page, string text = "ibuprofene 400", string name = "IBUPROFENE BIOGARAN CONSEIL 400 mg, comprimé", string remark = "")
    {
        await page.GetByRole(AriaRole.Combobox).FillAsync(text);
        await page.GetByRole(AriaRole.Option).Filter(new() { HasText = name }).Filter(new() { HasText = remark }).First.TapAsync();
    }

    private static async Task Fill(IPage page, string born = "23/04/1985")
    {
        await page.GetByLabel("Nom et prénom").FillAsync("Zoé Dupont");
        await page.GetByLabel("Date de naissance").FillAsync(born);
        await page.GetByLabel("Téléphone").FillAsync("06 12 34 56 78");
        await page.GetByLabel("Un mot au pharmacien").FillAsync("Sonnez fort");
        await page.Locator("#consent").CheckAsync();
    }

    private static async Task TabTo(IPage page, string selector)
    {
        const int patience = 80;
        for (var i = 0; i < patience; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>("selector => document.activeElement?.matches(selector) ?? false", selector))
                return;
        }
        Assert.Fail($"{patience} steps do not lead to {selector}.");
    }

    private async Task<JsonElement[]> Orders(string id) =>
        [.. (await Desk.Change(HttpMethod.Get, id, "orders", null, null).Expect(200)).GetProperty("items").EnumerateArray()];

    private async Task<JsonElement> OnlyOrder(string id) => Assert.Single(await Orders(id));

    private async Task Act(JsonElement order, string act, long seq, object? body = null)
    {
        var id = order.Text("orderId")!;
        await Desk.Change(HttpMethod.Post, id[..9], $"orders/{id}/{act}", body, seq).Expect(200);
    }

    private async Task Seen(Phone phone, string name, bool fullPage = true)
    {
        Assert.Empty(await phone.Violations());
        await Picture(phone, name, fullPage);
    }

    private async Task Picture(Phone phone, string name, bool fullPage = true)
    {
        var path = Path.Combine(Path.GetTempPath(), "realtime-pages", $"{name}.png");
        await phone.Page.ScreenshotAsync(new() { Path = path, FullPage = fullPage });
        output.WriteLine(path);
    }
}
