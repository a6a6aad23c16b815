#:property RestorePackagesWithLockFile=false

// A connector in one file: it takes the stock files that a pharmacy's software writes into a folder (CSV: cip13;quantity;lot;expiry) and posts each as a snapshot. Copy it, and change what differs.
//
//   LGO_SECRET=SECRET dotnet run Connector.cs -- --url http://localhost:5080 --pharmacy 990000010 --client ID --folder FOLDER [--scope SCOPE] [--once] [--secret SECRET]
//
// A snapshot is all that there is: half a file would empty the other half of the shelves. So write NAME.tmp and rename it to NAME.csv once it is whole; a file counts once its name ends in .csv and it looks
// the same a second later. It goes to sending/ before it is read, then to done/, or to failed/ with the reason beside it when it never will be taken; until then it is tried again, after a crash too.
// Rejected lines are told with the file's own line numbers. Where the feed stands is the server's to know: after a crash, or a 409, the connector asks. It keeps no state that could be wrong.

using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

var asked = args.Select((word, i) => (word, value: i + 1 < args.Length ? args[i + 1] : "")).Where(one => one.word.StartsWith("--")).ToDictionary(one => one.word[2..], one => one.value);
// Whoever lists the machine's processes sees their arguments, but not their environment.
if (Environment.GetEnvironmentVariable("LGO_SECRET") is { Length: > 0 } secret)
    asked.TryAdd("secret", secret);
if (((string[])["url", "pharmacy", "client", "secret", "folder"]).FirstOrDefault(name => !asked.ContainsKey(name)) is { } missing)
    return Fail($"--{missing} is missing");
var folder = Directory.CreateDirectory(asked["folder"]);
var sending = folder.CreateSubdirectory("sending");
using var server = new HttpClient { BaseAddress = new Uri(asked["url"]), Timeout = TimeSpan.FromMinutes(2) };
var stock = $"/api/v1/lgo/{asked["pharmacy"]}/stock";
var before = new Dictionary<string, (long, DateTime)>();
while (true)
{
    var isEmpty = false;
    await Try(folder.FullName, async () => isEmpty = await Round());
    if (isEmpty && asked.ContainsKey("once"))
        return 0;
    await Task.Delay(TimeSpan.FromSeconds(1));
}

// Sends what is whole; true where nothing is left.
async Task<bool> Round()
{
    var files = Csv(folder);
    var now = files.ToDictionary(file => file.Name, file => (file.Length, file.LastWriteTimeUtc));
    foreach (var file in files.Where(file => before.GetValueOrDefault(file.Name) == now[file.Name]))
        await Try(file.Name, () => Task.Run(() => file.MoveTo(Path.Combine(sending.FullName, file.Name), overwrite: true)));
    before = now;
    foreach (var file in Csv(sending))
        await Try(file.Name, async () => Move(file, await Post(file)));
    return files.Count == 0 && Csv(sending).Count == 0;
}

// Posts a file until the server has taken or refused it; null once it was taken, else why it never will be.
async Task<string?> Post(FileInfo file)
{
    var (lines, numbers, good) = Read(file);
    if (good == 0)
        return "not one good line, and nothing is sent: as a snapshot it would say that there is not one box";
    byte[]? body = null;
    for (var wait = 0.25; ; wait = Math.Min(60, wait * 2))
    {
        var (status, answer, text) = await Send(body is null ? HttpMethod.Get : HttpMethod.Post, body);
        switch (status)
        {
            // The bytes are made once for each seq: a repeat must be the same to the last byte, so that it is known as one.
            case 200 when body is null && answer is not null && answer["seq"] is { } seq:
                body = Pack($$"""{"kind":"snapshot","seq":{{(long)seq + 1}},"takenAt":"{{file.LastWriteTimeUtc:yyyy-MM-dd'T'HH:mm:ss'Z'}}"}""", lines);
                continue;
            case 200 when body is not null && answer is not null && answer["rejected"] is JsonArray rejected:
                Tell(file, lines.Count, (int)answer["accepted"]!, rejected.Select(line => $"{file.Name}:{numbers[(int)line!["line"]!]}: {line["error"]}"));
                return null;
            case 409: // Another connector was faster, or the server was restored: its word counts.
                body = null;
                break;
            case 400 when text.Contains("/problems/truncated"): // Damaged on its way.
                break;
            case 400 or 403 or 404 or 413 or 415 or 422: // Too old, too long, no feed at all, or not let in: sent again it would be no better.
                return $"{status} {text}";
        }
        await Task.Delay(TimeSpan.FromSeconds(wait));
    }
}

static void Tell(FileInfo file, int sent, int accepted, IEnumerable<string> rejected)
{
    foreach (var line in rejected)
        Console.WriteLine(line);
    Console.WriteLine($"{file.Name}: {accepted} of {sent} lines accepted");
    if (accepted * 2 < sent)
        Fail($"WARNING: {file.Name}: {(accepted == 0 ? "NOT ONE LINE" : "LESS THAN HALF")} of {sent} was accepted. Is it the right file, in the right form?");
}

// Files whose names end in .csv, the oldest first.
static List<FileInfo> Csv(DirectoryInfo place) => [.. place.EnumerateFiles().Where(file => file.Name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)).OrderBy(file => file.LastWriteTimeUtc)];

// The lines of the feed, of each which line of the file it is, and how many look good: feed lines are counted from 1, the header included.
static (List<string> Lines, List<int> Numbers, int Good) Read(FileInfo file)
{
    var (lines, numbers, good) = (new List<string>(), new List<int> { 0, 0 }, 0);
    foreach (var (number, text) in File.ReadLines(file.FullName).Select((text, i) => (i + 1, text)).Where(one => one.text.Trim().Length > 0 && !one.text.StartsWith("cip13", StringComparison.OrdinalIgnoreCase)))
    {
        var fields = text.Split(';').Select(field => field.Trim()).ToArray();
        var line = new JsonObject { ["cip13"] = fields[0], ["quantity"] = fields.Length > 1 && int.TryParse(fields[1], out var boxes) ? boxes : -1 };
        foreach (var (name, i) in ((string[])["lot", "expiry"]).Select((name, i) => (name, i + 2)).Where(one => one.Item2 < fields.Length && fields[one.Item2].Length > 0))
            line[name] = fields[i];
        good += fields[0].Length == 13 && fields[0].All(char.IsAsciiDigit) && (int)line["quantity"]! >= 0 ? 1 : 0;
        lines.Add(line.ToJsonString());
        numbers.Add(number);
    }
    return (lines, numbers, good);
}

static byte[] Pack(string header, List<string> lines)
{
    using var packed = new MemoryStream();
    using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        gzip.Write(Encoding.UTF8.GetBytes($"{header}\n{string.Join('\n', lines)}\n"));
    return packed.ToArray();
}

// What the server answered; 0 where it did not answer.
async Task<(int Status, JsonObject? Answer, string Text)> Send(HttpMethod method, byte[]? body)
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
        return ((int)response.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) as JsonObject : null, text);
    }
    catch (Exception lost) when (lost is HttpRequestException or TaskCanceledException or IOException or JsonException)
    {
        Fail($"{method} {stock}: no answer ({lost.Message})");
        return (0, null, "");
    }
}

async Task<string> Token()
{
    var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = asked["client"], ["client_secret"] = asked["secret"] };
    if (asked.TryGetValue("scope", out var scope))
        form["scope"] = scope;
    using var response = await server.PostAsync("/connect/token", new FormUrlEncodedContent(form));
    response.EnsureSuccessStatusCode();
    return (string?)(JsonNode.Parse(await response.Content.ReadAsStringAsync()) as JsonObject)?["access_token"] ?? throw new JsonException("no access_token");
}

// Where a file ends: done, or failed with the reason beside it.
void Move(FileInfo file, string? reason)
{
    var place = Path.Combine(folder.CreateSubdirectory(reason is null ? "done" : "failed").FullName, file.Name);
    if (reason is not null)
    {
        Fail($"{file.Name}: to failed/: {reason}");
        File.WriteAllText($"{place}.reason", reason);
    }
    file.MoveTo(place, overwrite: true);
}

// A share that is away or a file that is held open now may be there in the next round.
static async Task Try(string what, Func<Task> act)
{
    try
    {
        await act();
    }
    catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or JsonException or HttpRequestException or InvalidOperationException)
    {
        Fail($"{what}: {wrong.Message}");
    }
}

static int Fail(string message)
{
    Console.Error.WriteLine(message);
    return 2;
}
