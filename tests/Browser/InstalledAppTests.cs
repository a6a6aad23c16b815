using System.Buffers.Binary;
using System.Text.Json;
using Microsoft.Playwright;
using Realtime.Tests.Counter;
using Realtime.Tests.Push;
using static Microsoft.Playwright.Assertions;

namespace Realtime.Tests.Browser;

/// <summary>
/// The page as it is installed on a phone: without a network, and told of an order. This Chromium knows no push service, so that its subscription is given to it, and what the
/// service sent to a push service of ours is handed to its service worker by the debugger; all between is the product.
/// </summary>
public sealed class InstalledAppTests(PushHost host, ChromiumFixture chromium, ITestOutputHelper output) : IClassFixture<PushHost>, IClassFixture<ChromiumFixture>
{
    private const string AllKept = "async () => { const names = []; for (const name of await caches.keys()) for (const key of await (await caches.open(name)).keys()) names.push(key.url); return names; }";

    private const string AllAsked = "async () => { const asked = []; for (const name of await caches.keys()) { const cache = await caches.open(name); for (const key of await cache.keys()) asked.push((await cache.match(key)).headers.get('x-asked') ?? ''); } return asked; }";

    private readonly Uri _address = host.Desk.Host.Address;

    [Fact]
    public async Task Without_a_network_the_page_opens_again_with_the_last_list_and_says_how_old_it_is()
    {
        await using var phone = await chromium.Open(_address, "/?town=Nantes&show=all");
        var first = phone.Page.GetByRole(AriaRole.Article).First;
        await Expect(first).ToBeVisibleAsync();
        var name = await first.GetByRole(AriaRole.Heading).InnerTextAsync();
        await Kept(phone, "/kept/nearest/any");
        await Kept(phone, "/kept/towns");

        var pharmacy = new Uri(_address, $"/pharmacie/{await phone.Page.Locator("[data-pharmacy]").First.GetAttributeAsync("data-pharmacy")}").ToString();
        await phone.Page.GotoAsync(pharmacy);
        await Kept(phone, $"/kept/api/v1/pharmacies/{pharmacy[^9..]}/schedule");
        await phone.Page.GoBackAsync();
        await Expect(first).ToBeVisibleAsync();

        await phone.Page.Context.SetOfflineAsync(true);
        await phone.Page.ReloadAsync();

        await Expect(phone.Page.GetByText("Hors connexion, dernière réponse")).ToBeVisibleAsync();
        await Expect(first.GetByRole(AriaRole.Heading)).ToHaveTextAsync(name);
        Assert.Empty(await phone.Violations());
        await Picture(phone, "installee-hors-connexion");
        // The pharmacy that was looked at opens too,
        await phone.Page.GotoAsync(pharmacy);
        await Expect(phone.Page.GetByRole(AriaRole.Heading, new() { Name = name })).ToBeVisibleAsync();
        await Expect(phone.Page.GetByText("dernière réponse").First).ToBeVisibleAsync();
        await Picture(phone, "installee-pharmacie-hors-connexion");
        // and so does the order's page, which says that it knows nothing.
        await phone.Page.GotoAsync(new Uri(_address, $"/commande#{new string('9', 9)}-{new string('0', 26)}.{new string('x', 43)}").ToString());
        await Expect(phone.Page.GetByRole(AriaRole.Heading, new() { Name = "Votre commande" })).ToBeVisibleAsync();

        await phone.Page.Context.SetOfflineAsync(false);
        await phone.Page.GotoAsync(new Uri(_address, "/?town=Nantes&show=all").ToString());
        await Expect(phone.Page.GetByText("En direct")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        Assert.DoesNotContain(phone.Complaints, complaint => complaint.StartsWith("A request to a third party", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_phone_can_install_it_and_nothing_of_what_it_keeps_tells_where_somebody_is_or_what_he_ordered()
    {
        var order = await host.Desk.Place(await host.Desk.ByDay());
        await using var phone = await chromium.Open(_address);
        await phone.Page.Context.GrantPermissionsAsync(["geolocation"]);
        await phone.Page.Context.SetGeolocationAsync(new() { Latitude = 45.7578137f, Longitude = 4.8320114f });
        await Until(phone, "async () => (await navigator.serviceWorker.ready) !== undefined && navigator.serviceWorker.controller !== null");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Utiliser ma position" }).TapAsync();
        await Expect(phone.Page.GetByRole(AriaRole.Heading, new() { Name = "autour de vous" })).ToBeVisibleAsync();
        await Expect(phone.Page.Locator(".ghost")).ToHaveCountAsync(0);
        // Answers are kept one after another: once the next one is there, the list around him would be as well.
        await phone.Page.EvaluateAsync("async () => (await fetch('/api/v1/services')).ok");
        await Kept(phone, "/kept/services");
        Assert.DoesNotContain(await phone.Page.EvaluateAsync<string[]>(AllAsked), asked => asked.Contains("45.75", StringComparison.Ordinal));
        await Installs(phone);

        await phone.Page.GotoAsync(new Uri(_address, $"/commande#{order.Id}.{order.Token}").ToString());
        await Expect(phone.Page.GetByRole(AriaRole.Heading, new() { Name = "Transmise à la pharmacie" })).ToBeVisibleAsync();
        var kept = await phone.Page.EvaluateAsync<string[]>(AllKept);
        Assert.Contains(kept, key => key.EndsWith("/commande", StringComparison.Ordinal));
        Assert.All(kept, key => Assert.Matches(@"^http://[^/]+/(commande|kept/(nearest/(serving|any)|towns|services|api/v1/pharmacies/\d{9}(/schedule)?)|assets/[\w.-]+)?$", key));
        Assert.Empty(phone.Complaints);
    }

    [Fact]
    public async Task Who_taps_is_told_on_the_phone_and_the_notice_leads_to_the_order_until_it_is_turned_off()
    {
        await using var service = await PushService.Start();
        using var browser = new Push.Browser();
        var order = await host.Desk.Place(await host.Desk.ByDay());
        await using var phone = await chromium.Open(_address);
        await phone.Page.Context.GrantPermissionsAsync(["notifications"]);
        await phone.Page.AddInitScriptAsync($$"""
            const given = { toJSON: () => ({{JsonSerializer.Serialize(browser.Asks(service.Endpoint("phone")))}}), unsubscribe: () => (localStorage.removeItem('given'), Promise.resolve(true)) };
            PushManager.prototype.subscribe = async ({ applicationServerKey }) => (localStorage.setItem('given', applicationServerKey), given);
            PushManager.prototype.getSubscription = async () => (localStorage.getItem('given') === null ? null : given);
            """);
        await phone.Page.GotoAsync(new Uri(_address, $"/commande#{order.Id}.{order.Token}").ToString());
        await Picture(phone, "prevenir-proposer");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Me prévenir sur ce téléphone" }).TapAsync();
        await Expect(phone.Page.GetByText("Ce téléphone vous préviendra.")).ToBeVisibleAsync();
        Assert.Empty(await phone.Violations());
        await Picture(phone, "prevenir-oui");

        await host.Desk.Act(order, "accept", null, 1).Expect(200);
        var told = await browser.Open((await service.Next("phone", 0)).Body);
        await Deliver(phone, told!);

        await Until(phone, "async () => (await (await navigator.serviceWorker.ready).getNotifications()).length === 1");
        var shown = await phone.Page.EvaluateAsync<JsonElement>("async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(n => ({ title: n.title, body: n.body, link: n.data.link, lang: n.lang }))[0]");
        Assert.Equal(("Votre commande a changé d’état", "Ouvrez-la pour la voir.", $"/commande#{order.Id}.{order.Token}", "fr"),
            (shown.GetProperty("title").GetString(), shown.GetProperty("body").GetString(), shown.GetProperty("link").GetString(), shown.GetProperty("lang").GetString()));

        // After a reload it is known, and then it is turned off: nothing of the order is left on the phone.
        await phone.Page.ReloadAsync();
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Ne plus me prévenir" }).TapAsync();
        await Expect(phone.Page.GetByRole(AriaRole.Button, new() { Name = "Me prévenir sur ce téléphone" })).ToBeVisibleAsync();
        Assert.Equal(0, await Followed(phone));
        await host.Desk.Act(order, "ready", null, 2).Expect(200);
        await Task.Delay(300);
        Assert.Single(service.To("phone"));

        // Turned on once more, an order that ends is let go of.
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Me prévenir sur ce téléphone" }).TapAsync();
        await Expect(phone.Page.GetByText("Ce téléphone vous préviendra.")).ToBeVisibleAsync();
        await host.Desk.Act(order, "collect", new { pickupCode = host.Desk.CodeOf(order) }, 3).Expect(200);
        await Expect(phone.Page.GetByText("Ce téléphone vous préviendra.")).ToHaveCountAsync(0);
        Assert.Equal(0, await Followed(phone));
        Assert.Empty(phone.Complaints);
    }

    [Fact]
    public async Task A_phone_that_may_not_or_cannot_be_told_says_so()
    {
        var order = await host.Desk.Place(await host.Desk.ByDay());
        await using (var refused = await chromium.Open(_address, dark: true))
        {
            // As the browser says it where its owner has refused.
            await refused.Page.AddInitScriptAsync("Object.defineProperty(Notification, 'permission', { get: () => 'denied' });");
            await refused.Page.GotoAsync(new Uri(_address, $"/commande#{order.Id}.{order.Token}").ToString());
            await Expect(refused.Page.GetByText("Les notifications sont bloquées pour ce site")).ToBeVisibleAsync();
            Assert.Empty(await refused.Violations());
            await Picture(refused, "prevenir-bloque-sombre");
        }
        // Granted, but it has no push service to subscribe at.
        await using (var alone = await chromium.Open(_address))
        {
            await alone.Page.Context.GrantPermissionsAsync(["notifications"]);
            await alone.Page.GotoAsync(new Uri(_address, $"/commande#{order.Id}.{order.Token}").ToString());
            await alone.Page.GetByRole(AriaRole.Button, new() { Name = "Me prévenir sur ce téléphone" }).TapAsync();
            await Expect(alone.Page.GetByText("Cela n’a pas fonctionné")).ToBeVisibleAsync(new() { Timeout = 20_000 });
            await Picture(alone, "prevenir-echec");
        }
        await using (var old = await chromium.Open(_address, locale: "en-GB"))
        {
            await old.Page.AddInitScriptAsync("delete window.PushManager;");
            await old.Page.GotoAsync(new Uri(_address, $"/commande#{order.Id}.{order.Token}").ToString());
            await Expect(old.Page.GetByText("This browser cannot tell you")).ToBeVisibleAsync();
        }
    }

    // What the browser, and whoever looks at the files, finds.
    private async Task Installs(Phone phone)
    {
        var debugger = await phone.Page.Context.NewCDPSessionAsync(phone.Page);
        var manifest = (await debugger.SendAsync("Page.getAppManifest"))!.Value;
        Assert.Equal(0, manifest.GetProperty("errors").GetArrayLength());
        // A window of this test is a private one, in which nothing can be installed; that is all that stands in the way.
        Assert.Equal(["in-incognito"], (await debugger.SendAsync("Page.getInstallabilityErrors"))!.Value.GetProperty("installabilityErrors").EnumerateArray().Select(error => error.GetProperty("errorId").GetString()!));

        var client = host.Desk.Client;
        var icons = JsonElement.Parse(manifest.GetProperty("data").GetString()!).GetProperty("icons").EnumerateArray().ToArray();
        Assert.Contains(icons, icon => icon.GetProperty("purpose").GetString() == "maskable");
        foreach (var icon in icons)
        {
            var png = await client.GetByteArrayAsync(icon.GetProperty("src").GetString());
            Assert.Equal(icon.GetProperty("sizes").GetString(), $"{BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16))}x{BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20))}");
        }
        using var worker = await client.GetAsync("/sw.js");
        Assert.Equal(("no-cache", "text/javascript"), (worker.Headers.CacheControl!.ToString(), worker.Content.Headers.ContentType!.MediaType));
        using var described = await client.GetAsync("/manifest.webmanifest");
        Assert.Equal("application/manifest+json", described.Content.Headers.ContentType!.MediaType);
    }

    private static Task Kept(Phone phone, string name) => Until(phone, $"async () => (await caches.has('answers')) && (await (await caches.open('answers')).match('{name}')) !== undefined");

    private static async Task Until(Phone phone, string isSo)
    {
        for (var started = TimeProvider.System.GetTimestamp(); !await phone.Page.EvaluateAsync<bool>(isSo); await Task.Delay(20))
            Assert.True(TimeProvider.System.GetElapsedTime(started).TotalSeconds < 15, $"It did not come about that {isSo}");
    }

    private static Task<int> Followed(Phone phone) => phone.Page.EvaluateAsync<int>("""
        () => new Promise((resolve) => {
          const opening = indexedDB.open('followed', 1);
          opening.onsuccess = () => { const all = opening.result.transaction('orders').objectStore('orders').getAll(); all.onsuccess = () => { opening.result.close(); resolve(all.result.length); }; };
        })
        """);

    // What a push service would hand to the browser.
    private async Task Deliver(Phone phone, string data)
    {
        var debugger = await phone.Page.Context.NewCDPSessionAsync(phone.Page);
        var registered = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        debugger.Event("ServiceWorker.workerRegistrationUpdated").OnEvent += (_, told) =>
        {
            if (told!.Value.GetProperty("registrations").EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } one)
                registered.TrySetResult(one.GetProperty("registrationId").GetString()!);
        };
        await debugger.SendAsync("ServiceWorker.enable");
        await debugger.SendAsync("ServiceWorker.deliverPushMessage", new Dictionary<string, object>
        {
            ["origin"] = _address.GetLeftPart(UriPartial.Authority) + "/",
            ["registrationId"] = await registered.Task.WaitAsync(TimeSpan.FromSeconds(10)),
            ["data"] = data,
        });
    }

    private async Task Picture(Phone phone, string name)
    {
        var path = Path.Combine(Path.GetTempPath(), "realtime-pages", $"{name}.png");
        await phone.Page.ScreenshotAsync(new() { Path = path, FullPage = true });
        output.WriteLine(path);
    }
}
