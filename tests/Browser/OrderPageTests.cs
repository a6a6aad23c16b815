using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Realtime.Tests.Edge;
using Realtime.Tests.Identity;
using static Microsoft.Playwright.Assertions;

namespace Realtime.Tests.Browser;

/// <summary>The page that the letters of an order lead to, in a real browser, while a counter works on the order.</summary>
public sealed class OrderPageTests(DemoHost demo, ChromiumFixture chromium, ITestOutputHelper output) : IClassFixture<DemoHost>, IClassFixture<ChromiumFixture>
{
    private const string Ibuprofen = "3400938358926";

    [Fact]
    public async Task The_buyer_sees_each_step_as_the_counter_takes_it_and_is_shown_the_code_when_it_is_ready()
    {
        var (pharmacy, order, token) = await Placed(28);
        await using var phone = await chromium.Open(demo.Address, $"/commande#{order}.{token}");
        await Expect(phone.Page.GetByRole(AriaRole.Heading, new() { Name = "Transmise à la pharmacie" })).ToBeVisibleAsync();
        await Expect(phone.Page.GetByText("1 boîte")).ToBeVisibleAsync();
        Assert.Empty(await phone.Violations());
        await Picture(phone, "commande-transmise");

        await Act(pharmacy, order, "accept", 1);
        await Expect(phone.Page.GetByRole(AriaRole.Heading, new() { Name = "Acceptée, en préparation" })).ToBeVisibleAsync(new() { Timeout = 2_000 });
        await phone.Page.GetByLabel("Écrire à la pharmacie").FillAsync("Je passe à 18 h.");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Envoyer" }).TapAsync();
        await Expect(phone.Page.GetByText("Je passe à 18 h.")).ToBeVisibleAsync();
        await Act(pharmacy, order, "ready", 3);

        var code = phone.Page.Locator(".code strong");
        await Expect(code).ToBeVisibleAsync(new() { Timeout = 2_000 });
        Assert.Matches("^[0-9]{3} [0-9]{3}$", await code.InnerTextAsync());
        Assert.Empty(await phone.Violations());
        Assert.Empty(phone.Complaints);
        await Expect(phone.Page.GetByText("Le service ne répond pas")).ToHaveCountAsync(0);
        await Picture(phone, "commande-prete");
    }

    [Fact]
    public async Task A_proposal_is_answered_and_an_order_cancelled_with_a_second_thought_between()
    {
        var (pharmacy, order, token) = await Placed(29, "3400930289112", 2);
        await Act(pharmacy, order, "accept", 1);
        await Act(pharmacy, order, "propose", 2, new { lines = new[] { new { cip13 = "3400930289112", quantity = 1 } } });
        await using var phone = await chromium.Open(demo.Address, $"/commande#{order}.{token}", locale: "en-GB", dark: true);
        await Expect(phone.Page.GetByRole(AriaRole.Heading, new() { Name = "The pharmacy proposes a change" })).ToBeVisibleAsync();
        Assert.Empty(await phone.Violations());
        await Picture(phone, "commande-proposee-en");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Accept the proposal" }).TapAsync();
        await Expect(phone.Page.GetByRole(AriaRole.Heading, new() { Name = "Accepted, being prepared" })).ToBeVisibleAsync();

        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel the order" }).TapAsync();
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Keep the order" }).TapAsync();
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel the order" }).TapAsync();
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Yes, cancel" }).TapAsync();
        await Expect(phone.Page.GetByRole(AriaRole.Heading, new() { Name = "Cancelled" })).ToBeVisibleAsync();
        Assert.Empty(phone.Complaints);
    }

    [Fact]
    public async Task A_link_that_opens_nothing_says_so()
    {
        var (_, order, _) = await Placed(30);
        await using (var phone = await chromium.Open(demo.Address, $"/commande#{order}.{new string('x', 43)}"))
            await Expect(phone.Page.GetByText("Cette commande n’est pas connue ici")).ToBeVisibleAsync();
        await using (var phone = await chromium.Open(demo.Address, "/commande"))
        {
            await Expect(phone.Page.GetByText("Ce lien n’est pas complet")).ToBeVisibleAsync();
            Assert.Empty(await phone.Violations());
        }
    }

    private async Task<(string Pharmacy, string Order, string Token)> Placed(int index, string cip13 = Ibuprofen, int quantity = 1)
    {
        var pharmacy = Realtime.Pharmacies.DemoCountry.IdOf(index).Value;
        using var client = new HttpClient { BaseAddress = demo.Address };
        await Send(client, HttpMethod.Put, $"/api/v1/counter/{pharmacy}/stock/{cip13}", pharmacy, null, new { quantity = 20 });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/pharmacies/{pharmacy}/orders")
        {
            Content = JsonContent.Create(new { lines = new[] { new { cip13, quantity } }, buyer = new { name = "Zoé Dupont", birthDate = "1985-04-23", phone = $"06123456{index}" }, answers = new { }, consent = true }),
        };
        request.Headers.Add("Idempotency-Key", $"page-{index}");
        using var answer = await client.SendAsync(request);
        var placed = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (pharmacy, placed.GetProperty("orderId").GetString()!, placed.GetProperty("token").GetString()!);
    }

    private async Task Act(string pharmacy, string order, string act, long seq, object? body = null)
    {
        using var client = new HttpClient { BaseAddress = demo.Address };
        await Send(client, HttpMethod.Post, $"/api/v1/counter/{pharmacy}/orders/{order}/{act}", pharmacy, seq, body);
    }

    private static async Task Send(HttpClient client, HttpMethod method, string address, string pharmacy, long? seq, object? body)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await client.Token($"staff:{pharmacy}"));
        if (seq is not null)
            request.Headers.TryAddWithoutValidation("If-Match", $"\"{seq}\"");
        request.Content = body is null ? null : JsonContent.Create(body);
        using var answer = await client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    private async Task Picture(Phone phone, string name)
    {
        var path = Path.Combine(Path.GetTempPath(), "realtime-pages", $"{name}.png");
        await phone.Page.ScreenshotAsync(new() { Path = path, FullPage = true });
        output.WriteLine(path);
    }
}
