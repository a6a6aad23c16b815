using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Realtime.Tests.Identity;

namespace Realtime.Tests.Edge;

/// <summary>
/// Whatever arrives, nothing breaks: requests and hub messages that are wrong in every way that could be thought of, made from the product's
/// own document with a printed seed, against the real process.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output) : IDisposable
{
    private const string Nearest = "/api/v1/pharmacies/nearest?lat=48.8566&lon=2.3522&status=any&k=20";

    private readonly string _data = Directory.CreateTempSubdirectory("realtime-fuzz-").FullName;
    private readonly ConcurrentDictionary<(string Kind, string Outcome), int> _seen = new();
    private readonly ConcurrentQueue<string> _complaints = new();

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Nothing_that_arrives_breaks_the_service()
    {
        var (requests, frames) = Campaign.Long ? (80_000, 20_000) : (8_000, 2_000);
        // What grows without bound runs into this one: half a gigabyte of managed memory, and the process ends.
        using var web = ProductProcess.Web(_data, demo: true, out var client, ("DOTNET_GCHeapHardLimit", "0x20000000"), ("DOTNET_gcServer", "0"));
        using (client)
        {
            await client.WaitUntilReady(TimeSpan.FromSeconds(30));
            var before = await client.GetStringAsync(Nearest);
            // Most of the attackers have signed in: behind the doors there is more to break.
            var token = await client.Token("titulaire:990000010 operator");
            var operations = Operation.Of(await client.GetFromJsonAsync<JsonElement>("/openapi/v1.json"), await Orders(client));
            var started = Stopwatch.GetTimestamp();
            // A first tenth warms everything up; what it takes is not a leak.
            await Attack(client.BaseAddress!, operations, 0, requests / 10, frames / 10, token);
            var warm = web.ResidentMegabytes;
            await Attack(client.BaseAddress!, operations, requests / 10, requests * 9 / 10, frames * 9 / 10, token);
            var after = web.ResidentMegabytes;

            output.WriteLine($"seed {Campaign.Seed}: {requests} requests to {operations.Length} operations and {_seen.Where(s => s.Key.Outcome == "sent").Sum(s => s.Value)} hub messages in {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s; resident {warm} MB after a tenth, {after} MB after all");
            Tell();
            Assert.Equal(Ids(before), Ids(await client.GetStringAsync(Nearest)));
            Assert.InRange(after - warm, int.MinValue, 250);
            RequireReach();
        }
        await web.Terminate();
        var (exitCode, lines, errors) = await web.End(TimeSpan.FromSeconds(30));
        foreach (var line in Broken(lines))
            _complaints.Enqueue(line);
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.True(_complaints.IsEmpty, string.Join('\n', _complaints.Take(20)));
    }

    [Fact]
    public async Task A_handler_that_breaks_is_seen()
    {
        using var log = new Lines();
        await using var host = await RealtimeHost.Start(demo: false, services: services => services.AddTransient<IStartupFilter, BrokenEndpoint>().AddSingleton<ILoggerProvider>(log));

        await Attack(host.Address, [Operation.Bare("GET", BrokenEndpoint.Address)], 0, 60, 0);

        Assert.Contains(_complaints, c => c.Contains("500", StringComparison.Ordinal));
        Assert.NotEmpty(Broken([.. log.All]));
    }

    [Fact]
    public void An_answer_that_does_not_come_and_one_behind_another_are_seen()
    {
        Judge("x", 0, new("x", [], TimeSpan.Zero, Cut: false), [Wire.Hung]);
        Assert.Single(_complaints);
        Judge("x", 0, new("x", [], TimeSpan.Zero, Cut: false), Wire.Statuses("HTTP/1.1 200 OK\r\n\r\n{}HTTP/1.1 500 Internal Server Error\r\n\r\n"));
        Assert.Equal(2, _complaints.Count);
    }

    private static string?[] Ids(string nearest) => [.. JsonDocument.Parse(nearest).RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString())];

    // Errors and worse, as the console writes them, and what the runtime says when it ends.
    private static IEnumerable<string> Broken(string[] lines) => lines
        .Select((line, i) => (line, next: string.Join(" ", lines.Skip(i + 1).Take(6).Select(l => l.Trim()))))
        .Where(l => l.line.StartsWith("fail:", StringComparison.Ordinal) || l.line.StartsWith("crit:", StringComparison.Ordinal) || l.line.StartsWith("Unhandled exception", StringComparison.Ordinal))
        .Select(l => $"{l.line} {l.next}");

    private async Task Attack(Uri service, Operation[] operations, int first, int requests, int frames, string? token = null)
    {
        var wire = new Wire(service.Host, service.Port);
        await Task.WhenAll(
            Parallel.ForEachAsync(Enumerable.Range(first, requests), new ParallelOptions { MaxDegreeOfParallelism = 48 }, async (i, _) =>
            {
                // Each from its own number, so that one can be repeated alone.
                var random = new Random(HashOf(i));
                var kind = NastyRequest.Kinds[i % NastyRequest.Kinds.Count];
                var fitting = operations.Where(o => NastyRequest.Fits(kind, o)).DefaultIfEmpty(operations[0]).ToArray();
                var request = NastyRequest.Make(random, kind, fitting[random.Next(fitting.Length)], service.Authority, random.Next(4) > 0 ? token : null);
                Judge(kind, i, request, await wire.Send(request));
            }),
            Parallel.ForEachAsync(Enumerable.Range(first, frames / FramesThatArrive), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, cancellation) => await Talk(service, i, token, cancellation)));
    }

    // Some to begin with; the attackers place more.
    private static async Task<(string Id, string Token)[]> Orders(HttpClient client)
    {
        var orders = new List<(string, string)>();
        for (var i = 0; i < 6; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/pharmacies/990000010/orders")
            {
                Content = JsonContent.Create(new { lines = new[] { new { cip13 = "3400938358926", quantity = 1 } }, buyer = new { name = "Zoé", phone = $"061000000{i}", birthDate = "1985-04-23" }, consent = true }),
            };
            request.Headers.Add("Idempotency-Key", $"begin-{i}");
            using var answer = await client.SendAsync(request);
            var order = await answer.Content.ReadFromJsonAsync<JsonElement>();
            orders.Add((order.GetProperty("orderId").GetString()!, order.GetProperty("token").GetString()!));
        }
        return [.. orders];
    }

    private const int FramesOfASession = 8;

    // Of a session that is cut in its course.
    private const int FramesThatArrive = 6;

    private static int HashOf(int number) => unchecked((Campaign.Seed * 397) ^ (number * 7919));

    private void Judge(string kind, int number, NastyRequest request, int[] statuses)
    {
        foreach (var status in statuses)
            Note(kind, $"{status}");
        if (statuses.Length == 0)
            Note(kind, "closed");
        // 505 is the right word for a version of HTTP that is not spoken here.
        if (statuses.Any(s => s is Wire.Hung or (>= 500 and not 505)) || (kind == "valid" && statuses.Length == 0))
            _complaints.Enqueue($"seed {Campaign.Seed}, request {number} ({kind}): {string.Join(", ", statuses)} to {Shown(request)}");
    }

    private static string Shown(NastyRequest request)
    {
        var text = JsonSerializer.Serialize(Encoding.Latin1.GetString([.. request.Pieces.SelectMany(p => p)]));
        return text.Length > 600 ? text[..600] + "…" : text;
    }

    // One connection of a hub's client that says wrong things until it has said them all or is cut.
    private async Task Talk(Uri service, int number, string? token, CancellationToken cancellation)
    {
        var random = new Random(HashOf(number) ^ 1);
        var messagePack = number % 2 == 1;
        using var socket = new ClientWebSocket();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        var kind = messagePack ? "hub, MessagePack" : "hub, JSON";
        var sent = 0;
        try
        {
            var atCounter = token is not null && number % 4 > 1;
            if (atCounter)
                socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
            await socket.ConnectAsync(new Uri($"ws://{service.Authority}/hubs/{(atCounter ? "counter" : "live")}"), patience.Token);
            var drained = Drain(kind, socket, patience.Token);
            await socket.SendAsync(NastyFrames.Handshake(random, messagePack), Kind(random, messagePack), endOfMessage: true, patience.Token);
            for (; sent < FramesOfASession && !drained.IsCompleted; sent++)
            {
                // What cannot be read ends a connection, so most of them ask for wrong things first, and wait for what is said to that.
                var broken = sent >= FramesOfASession - 2 || random.Next(20) == 0;
                if (broken)
                    await Task.Delay(100, patience.Token);
                var message = broken ? NastyFrames.Broken(random, messagePack) : NastyFrames.Framed(random, messagePack);
                await socket.SendAsync(message, Kind(random, messagePack), endOfMessage: random.Next(10) > 0, patience.Token);
            }
            if (random.Next(8) == 0)
                socket.Abort();
            else
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
            await drained;
        }
        catch (Exception cut) when (cut is WebSocketException or OperationCanceledException { InnerException: IOException })
        {
            // Cut by the service: it may, and what it must not do is seen in its log.
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            _complaints.Enqueue($"seed {Campaign.Seed}, session {number} ({kind}): neither answered nor cut for 30 seconds");
        }
        Note(kind, "sent", sent);
    }

    private void Note(string kind, string outcome, int times = 1) => _seen.AddOrUpdate((kind, outcome), times, (_, count) => count + times);

    private static WebSocketMessageType Kind(Random random, bool messagePack) => messagePack ^ random.Next(40) == 0 ? WebSocketMessageType.Binary : WebSocketMessageType.Text;

    private async Task Drain(string kind, ClientWebSocket socket, CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer, cancellation) is { MessageType: not WebSocketMessageType.Close } received)
            {
                var text = Encoding.Latin1.GetString(buffer, 0, received.Count);
                Note(kind, "answered", Count(text, "epoch"));
                Note(kind, "refused by our own word", Count(text, "HubException: "));
                Note(kind, "refused by the framework", Count(text, "due to an error on the server") + Count(text, "Unknown hub method") + Count(text, "provides"));
            }
            Note(kind, "closed by the service");
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException || e is OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            // The connection is gone, which is what this waits for.
        }
    }

    private static int Count(string text, string word) => text.Split(word).Length - 1;

    private void Tell()
    {
        foreach (var kind in _seen.GroupBy(s => s.Key.Kind).OrderBy(k => k.Key, StringComparer.Ordinal))
            output.WriteLine($"{kind.Key}: {string.Join(", ", kind.OrderBy(s => s.Key.Outcome, StringComparer.Ordinal).Select(s => $"{s.Key.Outcome} {s.Value}"))}");
    }

    // A campaign that meets one door only has tried nothing.
    private void RequireReach()
    {
        string[] expected = ["200", "400", "404", "405", "413", "414", "415", "431", "answered", "refused by our own word", "refused by the framework", "closed by the service"];
        Assert.Equal([], expected.Except(_seen.Where(s => s.Value > 0).Select(s => s.Key.Outcome), StringComparer.Ordinal));
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> All { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Enqueue($"fail: {formatter(state, exception)}");

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
