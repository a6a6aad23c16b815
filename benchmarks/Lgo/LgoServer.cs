using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Realtime.Benchmarks.Lgo;

/// <summary>The server that is tried, over plain HTTP. It waits where it is told to come back, as every client of the contract should.</summary>
internal sealed class LgoServer(Uri address, TimeProvider time) : IDisposable
{
    private const int MostTries = 6;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly HttpClient _client = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(100) };

    /// <summary>Where it is.</summary>
    public Uri Address => address;

    /// <summary>From when on it is asked for nothing more. What is under way and may change something is waited for, so that nothing is done of which the kit does not know.</summary>
    public CancellationToken Stop { get; set; }

    public void Dispose() => _client.Dispose();

    /// <summary>A token of client credentials; what came instead where there is none.</summary>
    public async Task<(string? Token, Answer Answer)> Token(string client, string secret, string? scope)
    {
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = client, ["client_secret"] = secret };
        if (scope is not null)
            form["scope"] = scope;
        var answer = await Send(HttpMethod.Post, "/connect/token", null, () => new FormUrlEncodedContent(form));
        return (answer.Text("access_token"), answer);
    }

    /// <summary>Reads.</summary>
    public Task<Answer> Get(string path, string? token = null) => Send(HttpMethod.Get, path, token, () => null);

    /// <summary>Sends JSON.</summary>
    /// <param name="method">PUT or POST.</param>
    /// <param name="path">Where to.</param>
    /// <param name="token">Whose; null for anybody's.</param>
    /// <param name="body">What; null for nothing.</param>
    /// <param name="headers">Headers beside it.</param>
    public Task<Answer> Send(HttpMethod method, string path, string? token, object? body, params (string Name, string Value)[] headers) =>
        Send(method, path, token, () => body is null ? null : JsonContent.Create(body, body.GetType(), options: JsonSerializerOptions.Web), headers);

    /// <summary>Posts a feed.</summary>
    public Task<Answer> Feed(string path, string? token, byte[] body, bool gzip, string type = "application/x-ndjson") => Send(HttpMethod.Post, path, token, () =>
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (gzip)
            content.Headers.ContentEncoding.Add("gzip");
        return content;
    });

    private async Task<Answer> Send(HttpMethod method, string path, string? token, Func<HttpContent?> body, params (string Name, string Value)[] headers)
    {
        for (var tries = 1; ; tries++)
        {
            using var request = new HttpRequestMessage(method, path) { Content = body() };
            if (token is not null)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            foreach (var (name, value) in headers)
                request.Headers.TryAddWithoutValidation(name, value);
            Stop.ThrowIfCancellationRequested();
            using var response = await _client.SendAsync(request, method == HttpMethod.Get ? Stop : CancellationToken.None);
            if ((int)response.StatusCode is not (429 or 503) || tries == MostTries)
                return await Answer.Of(response);
            await Task.Delay(WaitOf(response.Headers.RetryAfter), time, Stop);
        }
    }

    private TimeSpan WaitOf(RetryConditionHeaderValue? said)
    {
        var wait = said?.Delta ?? said?.Date - time.GetUtcNow() ?? TimeSpan.FromSeconds(1);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait;
    }
}
