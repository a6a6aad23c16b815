using Microsoft.Playwright;
using NodaTime;
using Realtime.Pharmacies;
using Realtime.Tests.Counter;
using Realtime.Tests.Edge;
using Realtime.Tests.OnCall;
using static Microsoft.Playwright.Assertions;

namespace Realtime.Tests.Browser;

/// <summary>The page about on-call duty, in a real browser, for a planner, a titulaire and a dispatcher signed in through the demo's provider.</summary>
public sealed class OnCallPageTests(DemoHost demo, ChromiumFixture chromium, ITestOutputHelper output) : IClassFixture<DemoHost>, IClassFixture<ChromiumFixture>
{
    // Browsers take cookies that are for encrypted connections alone from localhost by its name.
    private Uri Service => new UriBuilder(demo.Address) { Host = "localhost" }.Uri;

    [Fact]
    public async Task A_planner_makes_a_sector_is_proposed_a_month_publishes_it_and_another_screen_sees_it()
    {
        var ids = RotaDesk.Pharmacies(400, 4);
        await using var desk = await SignedIn("Nadia Moreau", "#sectors");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Nouveau secteur" }).ClickAsync();
        await desk.Page.GetByLabel("Code").FillAsync("T-PAGE");
        await desk.Page.GetByLabel("Nom du secteur").FillAsync("Secteur d’essai");
        foreach (var id in ids)
        {
            await desk.Page.GetByLabel("Ajouter une pharmacie").FillAsync(id);
            await desk.Page.GetByLabel("Ajouter une pharmacie").PressAsync("Enter");
        }
        await Expect(desk.Page.Locator("fieldset ol li")).ToHaveCountAsync(4);
        Assert.Empty(await desk.Violations());
        await Picture(desk, "garde-secteur");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer" }).ClickAsync();
        await Expect(desk.Page.Locator("[data-sector='T-PAGE']")).ToContainTextAsync("4 pharmacies");
        await using var other = await SignedIn("Nadia Moreau", "#calendar", width: 375);
        await other.Page.GetByRole(AriaRole.Combobox, new() { Name = "Secteur" }).SelectOptionAsync("T-PAGE");

        await desk.Page.GetByRole(AriaRole.Link, new() { Name = "Proposer, importer" }).ClickAsync();
        await desk.Page.GetByLabel("Du", new() { Exact = true }).FillAsync("2027-03-01");
        await desk.Page.GetByLabel("au (inclus)").FillAsync("2027-03-31");
        await desk.Page.GetByText("Tous les secteurs").ClickAsync();
        await desk.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Secteur d’essai" }).CheckAsync();
        await desk.Page.GetByRole(AriaRole.Combobox, new() { Name = "Pharmacie" }).SelectOptionAsync(ids[0]);
        await desk.Page.GetByLabel("Ne pas servir le").FillAsync("2027-03-08");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Ajouter" }).ClickAsync();
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Proposer", Exact = true }).ClickAsync();
        await Expect(desk.Page.GetByRole(AriaRole.Row, new() { Name = "Plus grand écart de charge" })).ToContainTextAsync("1");
        await Expect(desk.Page.GetByRole(AriaRole.Row, new() { Name = "Dates à éviter respectées" }).GetByRole(AriaRole.Cell).First).ToHaveTextAsync("1 / 1");
        Assert.Contains("T-PAGE, nuits : de 7 à 8 dans la proposition", await desk.Page.Locator("svg[role=img]").GetAttributeAsync("aria-label"), StringComparison.Ordinal);
        Assert.Empty(await desk.Violations());
        await Picture(desk, "garde-proposition");

        await Expect(other.Page.GetByRole(AriaRole.Heading, new() { Name = "Brouillons" })).ToBeVisibleAsync(new() { Timeout = 2_000 });
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Publier" }).ClickAsync();
        Assert.Empty(await desk.Violations());
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Oui : publier" }).ClickAsync();
        await Expect(desk.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "publié" })).ToBeVisibleAsync();

        await Expect(other.Page.GetByRole(AriaRole.Heading, new() { Name = "Brouillons" })).ToHaveCountAsync(0, new() { Timeout = 2_000 });
        await other.Page.GetByRole(AriaRole.Button, new() { Name = "Année suivante" }).ClickAsync();
        await other.Page.GetByRole(AriaRole.Button, new() { Name = "mars : 31 gardes, 0 jour à revoir" }).ClickAsync();
        await Expect(other.Page.Locator("[data-day='2027-03-08'] .duty")).ToHaveCountAsync(1);
        Assert.Empty(await other.Violations());
        await Picture(other, "garde-calendrier-375");
        Assert.Empty(desk.Complaints.Concat(other.Complaints));
    }

    [Fact]
    public async Task An_exchange_that_both_titulaires_want_is_confirmed_on_screen_and_a_duty_is_changed_in_a_draft()
    {
        var calls = new RotaDesk(demo.Client);
        var ids = RotaDesk.Pharmacies(410, 3);
        await calls.Sector("T-SWAP", ids);
        var day = new LocalDate(2027, 4, 5);
        await calls.Rota("T-SWAP", RotaDesk.Night(ids[0], day), RotaDesk.Night(ids[1], day.PlusDays(1)));
        await using var desk = await SignedIn("Nadia Moreau", "#swaps");
        var swap = (await calls.Call(HttpMethod.Post, "swaps", new { give = RotaDesk.KeyOf("T-SWAP", ids[0], day), take = RotaDesk.KeyOf("T-SWAP", ids[1], day.PlusDays(1)) }, $"titulaire:{ids[0]}").Expect(201)).GetProperty("swap").GetProperty("id").GetString();
        await Expect(desk.Page.Locator($"[data-swap='{swap}']")).ToContainTextAsync("Proposé", new() { Timeout = 2_000 });
        await calls.Call(HttpMethod.Post, $"swaps/{swap}/accept", null, $"titulaire:{ids[1]}").Expect(200);
        await Expect(desk.Page.Locator($"[data-swap='{swap}']")).ToContainTextAsync("Accepté des deux", new() { Timeout = 2_000 });
        Assert.Empty(await desk.Violations());
        await Picture(desk, "garde-echange");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Confirmer" }).ClickAsync();
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Oui : confirmer" }).ClickAsync();
        await Expect(desk.Page.GetByText("Échange confirmé.")).ToBeVisibleAsync();

        await desk.Page.GetByRole(AriaRole.Link, new() { Name = "Calendrier" }).ClickAsync();
        await desk.Page.GetByRole(AriaRole.Combobox, new() { Name = "Secteur" }).SelectOptionAsync("T-SWAP");
        await ToApril2027(desk);
        await Expect(desk.Page.Locator("[data-day='2027-04-05'] .number")).ToHaveTextAsync("2");
        await Expect(desk.Page.Locator("[data-day='2027-04-06'] .number")).ToHaveTextAsync("1");

        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Ouvrir un brouillon" }).ClickAsync();
        await desk.Page.Locator("[data-day='2027-04-06'] button.duty").ClickAsync();
        await desk.Page.GetByLabel("Qui assure la garde").SelectOptionAsync(ids[2]);
        Assert.Empty(await desk.Violations());
        await Picture(desk, "garde-changer");
        await desk.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Enregistrer" }).ClickAsync();
        await Expect(desk.Page.Locator("[data-day='2027-04-06'] .number")).ToHaveTextAsync("3");
        await Expect(desk.Page.Locator("[data-day='2027-04-05'] .number")).ToHaveTextAsync("2");
        await desk.Page.GetByLabel("Montrer les brouillons").UncheckAsync();
        await Expect(desk.Page.Locator("[data-day='2027-04-06'] .number")).ToHaveTextAsync("1");
        Assert.Empty(await desk.Violations());
        await Picture(desk, "garde-calendrier");
        Assert.Empty(desk.Complaints);
    }

    [Fact]
    public async Task A_file_with_a_wrong_line_changes_nothing_and_names_the_line_and_a_sending_keeps_its_hash()
    {
        var calls = new RotaDesk(demo.Client);
        var ids = RotaDesk.Pharmacies(420, 2);
        await calls.Sector("T-FILE", ids);
        await using var desk = await SignedIn("Nadia Moreau", "#plan");
        const string Head = "sector;kind;start;end;pharmacy;access;phone;instructions;instructionsEn\n";
        var good = $"T-FILE;night;2027-05-03T20:00:00+02:00;2027-05-04T08:00:00+02:00;{ids[0]};bell;;;\n";
        await Pick(desk, Head + good + $"T-FILE;night;2027-05-04T20:00:00+02:00;never;{ids[1]};bell;;;\n");
        await Expect(desk.Page.GetByText("2 lignes lues : 1 bonne, 1 refusée.")).ToBeVisibleAsync();
        await Expect(desk.Page.GetByRole(AriaRole.Rowheader, new() { Name = "3" })).ToBeVisibleAsync();
        Assert.Empty(await desk.Violations());
        await Picture(desk, "garde-import");
        await Expect(desk.Page.GetByRole(AriaRole.Button, new() { Name = "En faire des brouillons" })).ToHaveCountAsync(0);
        await Pick(desk, Head + good);
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "En faire des brouillons" }).ClickAsync();
        await Expect(desk.Page.GetByText("Importé")).ToBeVisibleAsync();
        await Expect(desk.Page.Locator(".drafts")).ToContainTextAsync("Secteur T-FILE");

        await desk.Page.GetByRole(AriaRole.Link, new() { Name = "ARS et CPAM" }).ClickAsync();
        await desk.Page.GetByLabel("Preuve de l’envoi").FillAsync("RAR 1A 234 567");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Inscrire l’envoi" }).ClickAsync();
        Assert.Equal("SHA-256 ".Length + 64, (await desk.Page.Locator("code").InnerTextAsync()).Length);
        Assert.Empty(await desk.Violations());

        await desk.Page.GetByRole(AriaRole.Link, new() { Name = "Mesures" }).ClickAsync();
        await desk.Page.GetByRole(AriaRole.Combobox, new() { Name = "Mesure" }).SelectOptionAsync("requisition");
        await desk.Page.GetByRole(AriaRole.Combobox, new() { Name = "Secteur" }).SelectOptionAsync("T-FILE");
        await desk.Page.GetByRole(AriaRole.Combobox, new() { Name = "Pharmacie" }).SelectOptionAsync(ids[1]);
        await desk.Page.GetByLabel("Référence de l’arrêté").FillAsync("2027-05-118");
        await desk.Page.GetByLabel("Du", new() { Exact = true }).FillAsync("2027-05-08T20:00");
        await desk.Page.GetByLabel("au", new() { Exact = true }).FillAsync("2027-05-09T08:00");
        await desk.Page.GetByLabel("Motif").FillAsync("Grève annoncée");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Prendre la mesure" }).ClickAsync();
        await Expect(desk.Page.Locator("[data-measure]")).ToContainTextAsync("Réquisition · sam. 8 mai 20:00–08:00");
        Assert.Empty(await desk.Violations());
        await Picture(desk, "garde-mesures");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Mettre fin" }).ClickAsync();
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Oui : mettre fin" }).ClickAsync();
        await Expect(desk.Page.Locator("[data-measure]")).ToHaveCountAsync(0);
        await desk.Page.GetByRole(AriaRole.Link, new() { Name = "Historique" }).ClickAsync();
        await Expect(desk.Page.GetByText("Mesure levée")).ToBeVisibleAsync();
        Assert.Empty(await desk.Violations());
        Assert.Empty(desk.Complaints);
    }

    [Fact]
    public async Task A_titulaire_offers_an_exchange_and_a_dispatcher_sees_who_is_on_duty()
    {
        var calls = new RotaDesk(demo.Client);
        var (mine, theirs, day) = (DemoCountry.IdOf(0).Value, RotaDesk.Pharmacies(430, 1)[0], new LocalDate(2027, 1, 11));
        await calls.Sector("T-OWN", [mine, theirs]);
        await calls.Rota("T-OWN", RotaDesk.Night(mine, day), RotaDesk.Night(theirs, day.PlusDays(1)));
        await using var own = await SignedIn("Claire Martin", "", width: 375);
        await Expect(own.Page.Locator("[data-live=true]")).ToBeVisibleAsync();
        await own.Page.GetByLabel("Je cède").SelectOptionAsync($"T-OWN night 2027-01-11T20:00:00+01:00 {mine}");
        await own.Page.GetByLabel("Je prends").SelectOptionAsync($"T-OWN night 2027-01-12T20:00:00+01:00 {theirs}");
        await own.Page.GetByRole(AriaRole.Button, new() { Name = "Proposer l’échange" }).ClickAsync();
        await Expect(own.Page.Locator("[data-swap]")).ToContainTextAsync("Proposé");
        Assert.Empty(await own.Violations());
        await Picture(own, "garde-titulaire-375");
        await own.Page.GetByRole(AriaRole.Button, new() { Name = "Retirer l’offre" }).ClickAsync();
        await Expect(own.Page.Locator("[data-swap]")).ToContainTextAsync("Retiré");
        Assert.Empty(own.Complaints);

        await using var dispatcher = await SignedIn("Paul Girard", "", dark: true, locale: "en-GB");
        await dispatcher.Page.GetByLabel("At another instant").FillAsync("2026-12-24T23:00");
        await dispatcher.Page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await Expect(dispatcher.Page.GetByText("pharmacies on duty, Thu 24 Dec 23:00")).ToBeVisibleAsync();
        await Expect(dispatcher.Page.GetByText("Each look is recorded")).ToBeVisibleAsync();
        Assert.Empty(await dispatcher.Violations());
        await Picture(dispatcher, "garde-regulation-en");
        await dispatcher.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await Expect(dispatcher.Page.GetByRole(AriaRole.Button, new() { Name = "Print" })).ToBeHiddenAsync();
        Assert.Empty(dispatcher.Complaints);
    }

    private static async Task ToApril2027(Phone desk)
    {
        if (await desk.Page.GetByRole(AriaRole.Heading, new() { Name = "L’année 2027" }).CountAsync() == 0)
            await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Année suivante" }).ClickAsync();
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "avril :" }).ClickAsync();
    }

    private static Task Pick(Phone desk, string text) =>
        desk.Page.GetByLabel("Fichier CSV").SetInputFilesAsync(new FilePayload { Name = "tour.csv", MimeType = "application/vnd.ms-excel", Buffer = System.Text.Encoding.UTF8.GetBytes(text) });

    private async Task<Phone> SignedIn(string name, string part, int width = 1280, bool dark = false, string locale = "fr-FR")
    {
        var desk = await chromium.Open(Service, "/oncall", locale, dark, width);
        await desk.Page.GetByRole(AriaRole.Link, new() { Name = locale == "fr-FR" ? "S’identifier" : "Sign in", Exact = true }).ClickAsync();
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = name }).ClickAsync();
        await Expect(desk.Page.GetByText(name.Split(' ')[0]).First).ToBeVisibleAsync();
        if (part.Length > 0)
            await desk.Page.EvaluateAsync("part => { location.hash = part }", part);
        return desk;
    }

    private async Task Picture(Phone phone, string name)
    {
        var path = Path.Combine(Path.GetTempPath(), "realtime-pages", $"{name}.png");
        await phone.Page.ScreenshotAsync(new() { Path = path, FullPage = true });
        output.WriteLine(path);
    }
}
