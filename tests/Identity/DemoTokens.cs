using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Realtime.Tests.Identity;

/// <summary>Tokens as any script gets them.</summary>
internal static class DemoTokens
{
    /// <summary>Asks <c>/connect/token</c> as the demo's client.</summary>
    public static Task<HttpResponseMessage> Ask(this HttpClient client, string? scope, string id = "demo", string secret = "demo-secret")
    {
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = id, ["client_secret"] = secret };
        if (scope is not null)
            form["scope"] = scope;
        return client.PostAsync("/connect/token", new FormUrlEncodedContent(form));
    }

    /// <summary>A token of a scope.</summary>
    public static async Task<string> Token(this HttpClient client, string? scope, string id = "demo", string secret = "demo-secret")
    {
        using var answer = await client.Ask(scope, id, secret);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {body}");
        return JsonDocument.Parse(body).RootElement.GetProperty("access_token").GetString()!;
    }

    /// <summary>Calls with a token.</summary>
    public static async Task<HttpResponseMessage> Send(this HttpClient client, HttpMethod method, string path, string? token, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        return await client.SendAsync(request);
    }
}
