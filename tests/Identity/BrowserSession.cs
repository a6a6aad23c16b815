using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Realtime.Tests.Identity;

/// <summary>What a browser does for its user: keeps cookies (secure ones on localhost too), follows the way in, carries the antiforgery token.</summary>
internal sealed partial class BrowserSession(Uri address) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = address };

    public Dictionary<string, string> Cookies { get; } = new(StringComparer.Ordinal);

    public List<string> SetCookies { get; } = [];

    public string? Antiforgery { get; set; }

    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, object? body = null, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content ?? (body is null ? null : JsonContent.Create(body)) };
        if (Cookies.Count > 0)
            request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(c => $"{c.Key}={c.Value}")));
        if (Antiforgery is not null)
            request.Headers.Add("X-Antiforgery", Antiforgery);
        var answer = await _http.SendAsync(request);
        foreach (var cookie in answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
            Keep(cookie);
        return answer;
    }

    /// <summary>Signs in at the demo's provider as the person whose number is given, by the very steps a browser takes.</summary>
    public async Task SignIn(string number)
    {
        using var begin = await Send(HttpMethod.Get, "/signin");
        Assert.Equal(HttpStatusCode.Redirect, begin.StatusCode);
        using var page = await Send(HttpMethod.Get, begin.Headers.Location!.ToString());
        var html = await page.Content.ReadAsStringAsync();
        Assert.True(page.IsSuccessStatusCode, html);
        var form = Hidden().Matches(html).ToDictionary(m => WebUtility.HtmlDecode(m.Groups["name"].Value), m => WebUtility.HtmlDecode(m.Groups["value"].Value));
        form["person"] = number;
        using var chosen = await Send(HttpMethod.Post, "/connect/authorize", content: new FormUrlEncodedContent(form));
        Assert.True(chosen.StatusCode == HttpStatusCode.Redirect, await chosen.Content.ReadAsStringAsync());
        using var back = await Send(HttpMethod.Get, chosen.Headers.Location!.ToString());
        Assert.Equal("/counter", back.Headers.Location?.ToString());
        await Refresh();
    }

    /// <summary>Asks who one is, and takes the antiforgery token.</summary>
    public async Task<JsonElement> Refresh()
    {
        using var me = await Send(HttpMethod.Get, "/api/v1/me");
        var body = await me.Content.ReadFromJsonAsync<JsonElement>();
        Antiforgery = body.GetProperty("antiforgery").GetString();
        return body;
    }

    public void Dispose() => _http.Dispose();

    private void Keep(string cookie)
    {
        SetCookies.Add(cookie);
        var pair = cookie.Split(';')[0].Split('=', 2);
        if (pair[1].Length == 0 || cookie.Contains("expires=Thu, 01 Jan 1970", StringComparison.OrdinalIgnoreCase))
            Cookies.Remove(pair[0]);
        else
            Cookies[pair[0]] = pair[1];
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]*)\" value=\"(?<value>[^\"]*)\">", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Hidden();
}
