using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Realtime.Tests.Counter;
using Realtime.Tests.Orders;

namespace Realtime.Tests.Lgo;

/// <summary>Calls as a pharmacy's software makes them.</summary>
internal static class LgoCalls
{
    /// <summary>Sends the bytes of a feed.</summary>
    /// <param name="desk">The node.</param>
    /// <param name="id">Whose stock.</param>
    /// <param name="body">The bytes as they go over the wire.</param>
    /// <param name="coding">Content-Encoding; none where it is null.</param>
    /// <param name="type">Content-Type; none where it is null.</param>
    /// <param name="scope">Whose token; that of the pharmacy's software where it is null, nobody's where it is empty.</param>
    /// <param name="language">Accept-Language.</param>
    /// <param name="query">Behind the address.</param>
    /// <param name="asksFirst">Whether the body waits until the node wants it.</param>
    public static async Task<HttpResponseMessage> Send(this OrderDesk desk, string id, byte[] body, string? coding = null, string? type = "application/x-ndjson", string? scope = null, string? language = null, string query = "", bool asksFirst = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/lgo/{id}/stock{query}") { Content = new ByteArrayContent(body) };
        request.Headers.ExpectContinue = asksFirst;
        if (scope?.Length != 0)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await desk.Token(scope ?? $"lgo:{id}"));
        if (type is not null)
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (coding is not null)
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        if (language is not null)
            request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue(language));
        return await desk.Client.SendAsync(request);
    }

    /// <summary>Sends a feed that was counted now.</summary>
    public static Task<HttpResponseMessage> Feed(this OrderDesk desk, string id, long seq, params IEnumerable<string> lines) => desk.Send(id, FeedText.Of([FeedText.Header(desk.Now, seq), .. lines]));

    /// <summary>Where the feed stands.</summary>
    public static async Task<JsonElement> Standing(this OrderDesk desk, string id) => await desk.Ask(id, "stock").Expect(200);

    /// <summary>Asks for something.</summary>
    public static async Task<HttpResponseMessage> Ask(this OrderDesk desk, string id, string path, string? language = null) =>
        await desk.Send(HttpMethod.Get, $"/api/v1/lgo/{id}/{path}", await desk.Token($"lgo:{id}"), language: language);

    /// <summary>A page of order changes.</summary>
    public static Task<JsonElement> Changes(this OrderDesk desk, string id, long after, int limit = 100, int wait = 0) => desk.Ask(id, $"orders?after={after}&limit={limit}&wait={wait}").Expect(200);

    /// <summary>An act about an order, by the software of a pharmacy: its own, unless another is named.</summary>
    public static async Task<HttpResponseMessage> Book(this OrderDesk desk, Taken order, string act, object? body, long? seq, string? key = null, string? at = null, string? scope = null, string? language = null)
    {
        var id = at ?? order.Pharmacy;
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/lgo/{id}/orders/{order.Id}/{act}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await desk.Token(scope ?? $"lgo:{id}"));
        if (seq is not null)
            request.Headers.TryAddWithoutValidation("If-Match", $"\"{seq}\"");
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (language is not null)
            request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue(language));
        request.Content = body is null ? null : JsonContent.Create(body);
        return await desk.Client.SendAsync(request);
    }
}
