#:property RestorePackagesWithLockFile=false

// A connector in a hundred lines: it takes the stock files that a pharmacy's software writes into a folder (CSV: cip13;quantity;lot;expiry) and posts each as a snapshot. Copy it, and change what differs.
//
//   dotnet run Connector.cs -- --url http://localhost:5080 --pharmacy 990000010 --client ID --secret SECRET --folder FOLDER [--scope SCOPE] [--once]
//
// A file counts once it is named *.csv and looks the same a second later. It goes to done/ when it was accepted, to failed/ when it never will be; until then it is tried again.
// Rejected lines are told with the file's own line numbers. Where the feed stands is the server's to know: after a crash, or a 409, the connector asks. It keeps no state that could be wrong.

using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

var asked = args.Select((word, i) => (word, value: i + 1 < args.Length ? args[i + 1] : "")).Where(one => one.word.StartsWith("--")).ToDictionary(one => one.word[2..], one => one.value);
if (((string[])["url", "pharmacy", "client", "secret", "folder"]).FirstOrDefault(name => !asked.ContainsKey(name)) is { } missing)
    return Fail($"--{missing} is missing");
var folder = Directory.CreateDirectory(asked["folder"]);
using var server = new HttpClient { BaseAddress = new Uri(asked["url"]), Timeout = TimeSpan.FromMinutes(2) };
var stock = $"/api/v1/lgo/{asked["pharmacy"]}/stock";
var before = new Dictionary<string, (long, DateTime)>();
while (true)
{
    var files = folder.GetFiles("*.csv").OrderBy(file => file.LastWriteTimeUtc).ToList();
    foreach (var file in files.Where(file => before.GetValueOrDefault(file.Name) == (file.Length, file.LastWriteTimeUtc)))
        Move(file, await Post(file) ? "done" : "failed");
    if (asked.ContainsKey("once") && files.Count == 0)
        return 0;
    before = files.ToDictionary(file => file.Name, file => (file.Length, file.LastWriteTimeUtc));
    await Task.Delay(TimeSpan.FromSeconds(1));
}

// Posts a file until the server has taken or refused it; false where it never will take it.
async Task<bool> Post(FileInfo file)
{
    var (lines, numbers) = Read(file);
    var body = Array.Empty<byte>();
    var wait = TimeSpan.FromSeconds(0.25);
    while (true)
    {
        // The bytes are made once for each seq: a repeat must be the same to the last byte, so that it is known as one.
        if (body.Length == 0 && await Next() is { } seq)
            body = Pack($$"""{"kind":"snapshot","seq":{{seq}},"takenAt":"{{file.LastWriteTimeUtc:yyyy-MM-dd'T'HH:mm:ss'Z'}}"}""", lines);
        var (status, answer) = body.Length > 0 ? await Send(HttpMethod.Post, body) : (0, null);
        switch (status)
        {
            case 200:
                foreach (var line in answer!["rejected"]!.AsArray())
                    Console.WriteLine($"{file.Name}:{numbers[(int)line!["line"]!]}: {line["error"]}");
                Console.WriteLine($"{file.Name}: seq {answer["seq"]}, {answer["accepted"]} lines accepted");
                return true;
            case 409: // Another connector was faster, or the server was restored: its word counts.
                body = [];
                break;
            case 400 or 413: // Too old, too long or no feed at all: sent again it would be no better.
                return false;
        }
        await Task.Delay(wait);
        wait = TimeSpan.FromSeconds(Math.Min(60, wait.TotalSeconds * 2));
    }
}

async Task<long?> Next() => await Send(HttpMethod.Get, null) is (200, { } standing) ? (long)standing["seq"]! + 1 : null;

// The lines of the feed, and of each which line of the file it is: feed lines are counted from 1, the header included.
static (List<string> Lines, List<int> Numbers) Read(FileInfo file)
{
    var (lines, numbers) = (new List<string>(), new List<int> { 0, 0 });
    foreach (var (number, text) in File.ReadLines(file.FullName).Select((text, i) => (i + 1, text)).Where(one => one.text.Length > 0 && !one.text.StartsWith("cip13")))
    {
        var fields = text.Split(';').Select(field => field.Trim()).ToArray();
        var line = new JsonObject { ["cip13"] = fields[0], ["quantity"] = fields.Length > 1 && int.TryParse(fields[1], out var boxes) ? boxes : -1 };
        foreach (var (name, i) in ((string[])["lot", "expiry"]).Select((name, i) => (name, i + 2)).Where(one => one.Item2 < fields.Length && fields[one.Item2].Length > 0))
            line[name] = fields[i];
        lines.Add(line.ToJsonString());
        numbers.Add(number);
    }
    return (lines, numbers);
}

static byte[] Pack(string header, List<string> lines)
{
    using var packed = new MemoryStream();
    using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        gzip.Write(Encoding.UTF8.GetBytes($"{header}\n{string.Join('\n', lines)}\n"));
    return packed.ToArray();
}

// What the server answered; 0 where it did not answer.
async Task<(int Status, JsonNode? Answer)> Send(HttpMethod method, byte[]? body)
{
    try
    {
        server.DefaultRequestHeaders.Authorization ??= new AuthenticationHeaderValue("Bearer", await Token());
        using var request = new HttpRequestMessage(method, stock);
        if (body is not null)
            request.Content = new ByteArrayContent(body) { Headers = { { "Content-Type", "application/x-ndjson" }, { "Content-Encoding", "gzip" } } };
        using var response = await server.SendAsync(request);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
            server.DefaultRequestHeaders.Authorization = null;
        if (response.Headers.RetryAfter?.Delta is { } wait)
            await Task.Delay(wait);
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
            Fail($"{method} {stock}: {(int)response.StatusCode} {text}");
        return ((int)response.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : null);
    }
    catch (Exception lost) when (lost is HttpRequestException or TaskCanceledException)
    {
        Fail($"{method} {stock}: no answer ({lost.Message})");
        return (0, null);
    }
}

async Task<string> Token()
{
    var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = asked["client"], ["client_secret"] = asked["secret"] };
    if (asked.TryGetValue("scope", out var scope))
        form["scope"] = scope;
    using var response = await server.PostAsync("/connect/token", new FormUrlEncodedContent(form));
    response.EnsureSuccessStatusCode();
    return (string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["access_token"]!;
}

void Move(FileInfo file, string to) => file.MoveTo(Path.Combine(folder.CreateSubdirectory(to).FullName, file.Name), overwrite: true);

static int Fail(string message)
{
    Console.Error.WriteLine(message);
    return 2;
}
