using Microsoft.Playwright;

namespace Realtime.Tests.Browser;

/// <summary>
/// One headless Chromium for all browser tests: the one of REALTIME_CHROMIUM, else /usr/bin/chromium. Without one the tests fail and say so; they are never skipped.
/// </summary>
public sealed class ChromiumFixture : IAsyncLifetime
{
    // The sandbox needs rights that containers lack; the rest keeps the browser from talking to anybody but the page.
    private static readonly string[] Flags =
        ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        var path = Environment.GetEnvironmentVariable("REALTIME_CHROMIUM") ?? "/usr/bin/chromium";
        if (!File.Exists(path))
            throw new InvalidOperationException($"The browser tests need Chromium, and there is none at {path}. Install it (apt-get install chromium) or name another in REALTIME_CHROMIUM.");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = Flags, IgnoreDefaultArgs = ["--hide-scrollbars"] });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>A phone with the page of a service on it: nothing kept from earlier tests, a clock in Paris.</summary>
    /// <param name="service">Where the service answers.</param>
    /// <param name="path">The address within it.</param>
    /// <param name="locale">What the phone speaks, for example <c>fr-FR</c>.</param>
    /// <param name="dark">Whether the phone prefers dark colours.</param>
    /// <param name="width">Of its screen, in CSS pixels; from 600 on it is a desk's, with a scroll bar that takes its room.</param>
    /// <param name="before">What is done before the page is opened.</param>
    public async Task<Phone> Open(Uri service, string path = "/", string locale = "fr-FR", bool dark = false, int width = 390, Func<IPage, Task>? before = null)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 844 },
            IsMobile = width < 600,
            HasTouch = true,
            Locale = locale,
            TimezoneId = "Europe/Paris",
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
        });
        var phone = new Phone(context, await context.NewPageAsync(), service);
        if (before is not null)
            await before(phone.Page);
        await phone.Page.GotoAsync(new Uri(service, path).ToString());
        // What the page is made by may come after all that the document names.
        if (await phone.Page.Locator("#app").CountAsync() > 0)
            await phone.Page.Locator("#app > *").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        return phone;
    }
}

/// <summary>A page on a phone, and what went wrong on it.</summary>
public sealed class Phone : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];

    internal Phone(IBrowserContext context, IPage page, Uri service)
    {
        _context = context;
        Page = page;
        page.PageError += (_, error) => Complain(error);
        page.Console += (_, message) => Complain(message.Type is "error" or "warning" ? message.Text : null);
        // Of the whole context: what workers ask for counts too.
        context.Request += (_, request) => ComplainOfOthers(request.Url, service);
        page.WebSocket += (_, socket) => ComplainOfOthers(socket.Url, service);
    }

    public IPage Page { get; }

    /// <summary>Errors, refusals of the content security policy and requests to third parties, so far.</summary>
    public IReadOnlyList<string> Complaints
    {
        get
        {
            lock (_complaints)
                return [.. _complaints];
        }
    }

    /// <summary>Types a town and takes the first one offered, as a thumb would.</summary>
    public async Task SearchAround(string town)
    {
        await Page.GetByRole(AriaRole.Combobox).FillAsync(town);
        await Page.GetByRole(AriaRole.Option).First.TapAsync();
    }

    /// <summary>What is said of a pharmacy on the list.</summary>
    public ILocator StateOf(string pharmacy) => Page.Locator($"[data-pharmacy='{pharmacy}'] [data-state]");

    /// <summary>What axe finds wrong with the page as it stands, for people who use it otherwise than by looking and pointing.</summary>
    public async Task<string[]> Violations()
    {
        // Evaluated through the browser's own debugger: the page's content security policy admits no foreign script, and stays on.
        await Page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(Campaign.Root, "web", "app", "node_modules", "axe-core", "axe.min.js")));
        return await Page.EvaluateAsync<string[]>("async () => (await axe.run()).violations.map(v => `${v.id}: ${v.nodes.map(n => n.target.join(' ')).join(', ')}`)");
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    private void ComplainOfOthers(string url, Uri service) => Complain(new Uri(url).Authority == service.Authority ? null : $"A request to a third party: {url}");

    private void Complain(string? complaint)
    {
        if (complaint is null)
            return;
        lock (_complaints)
            _complaints.Add(complaint);
    }
}
