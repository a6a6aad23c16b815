using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Diagnostics.NETCore.Client;
using Realtime.Pharmacies;

namespace Realtime.Benchmarks.Stock;

/// <summary>What the process holds when it rests.</summary>
/// <param name="ResidentBytes">Memory of the machine.</param>
/// <param name="HeapBytes">What is alive, after a full collection.</param>
internal readonly record struct Resting(long ResidentBytes, long HeapBytes);

/// <summary>
/// The product as one runs it: one process with its embedded store in a directory of its own, with the demo's pharmacies and the real medicines. Whoever feeds it lives in another
/// process, so that its memory is its own.
/// </summary>
internal sealed class FedProduct : IAsyncDisposable
{
    private const long GCHeapCollect = 0x800000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly string _directory;
    private readonly HttpClient _metrics;

    private FedProduct(Process process, string directory, Uri address, Uri metrics)
    {
        (_process, _directory) = (process, directory);
        Http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
        _metrics = new HttpClient { BaseAddress = metrics };
    }

    /// <summary>Calls it.</summary>
    public HttpClient Http { get; }

    /// <summary>Imports the medicines of a folder, starts the product and waits until it is ready.</summary>
    /// <exception cref="InvalidOperationException">One of them fails.</exception>
    public static async Task<FedProduct> Start(string medicines)
    {
        var directory = Directory.CreateTempSubdirectory("realtime-lgo-").FullName;
        await Run("dotnet", [Built("silo", "Realtime.Silo.dll"), "import", "bdpm", medicines], directory);
        var (address, metrics) = ($"http://127.0.0.1:{FreePort()}", $"http://127.0.0.1:{FreePort()}");
        var process = Begin("dotnet", [Built("web", "Realtime.Web.dll")], directory, ("ASPNETCORE_URLS", address), ("Realtime__OpsUrl", metrics));
        var product = new FedProduct(process, directory, new(address), new(metrics));
        await product.WaitUntilReady();
        return product;
    }

    /// <summary>A token of the demo's client for one pharmacy: its software's and its counter's.</summary>
    public async Task<string> Token(PharmacyId pharmacy)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = "demo",
            ["client_secret"] = "demo-secret",
            ["scope"] = $"lgo:{pharmacy} staff:{pharmacy}",
        });
        using var answer = await Http.PostAsync(new Uri("/connect/token", UriKind.Relative), form);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    /// <summary>Makes it collect all garbage; what it holds afterwards.</summary>
    public async Task<Resting> Rest()
    {
        var client = new DiagnosticsClient(_process.Id);
        // Asking for this event makes the runtime collect its whole heap first.
        using (var session = await client.StartEventPipeSessionAsync([new("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, GCHeapCollect)], false, 16, default))
        {
            var drained = session.EventStream.CopyToAsync(Stream.Null);
            await Task.Delay(TimeSpan.FromSeconds(3));
            await session.StopAsync(default);
            await drained;
        }
        return new(Status("VmRSS:"), await Heap());
    }

    /// <summary>What was alive on its heap after the collection before, be it a full one or not, in bytes: holes between objects are not counted.</summary>
    public async Task<long> Heap()
    {
        var metrics = (await _metrics.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Split('\n');
        return Sum("dotnet_gc_last_collection_heap_size_bytes{") - Sum("dotnet_gc_last_collection_heap_fragmentation_size_bytes{");

        long Sum(string name) => (long)metrics.Where(line => line.StartsWith(name, StringComparison.Ordinal)).Sum(line => double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
    }

    /// <summary>From now on the greatest memory is noted anew.</summary>
    public void ForgetPeak() => File.WriteAllText($"/proc/{_process.Id}/clear_refs", "5");

    /// <summary>The most memory of the machine that it held since <see cref="ForgetPeak"/>, in bytes.</summary>
    public long PeakBytes => Status("VmHWM:");

    /// <summary>Processor time that it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>How many rows its pharmacies' streams have, the bytes of all columns of them, and the bytes of the whole store.</summary>
    public (long Rows, long Bytes, long Store) Journal()
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_directory, "realtime.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        // Five whole numbers stand in each row beside its texts.
        command.CommandText =
            """
            SELECT count(*), coalesce(sum(length(stream) + length(kind) + length(actor) + length(reason) + length(payload) + length(hash) + 40), 0),
                   (SELECT page_count * page_size FROM pragma_page_count, pragma_page_size)
              FROM journal WHERE stream LIKE 'orders/%'
            """;
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _metrics.Dispose();
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static string Root { get; } = FindRoot();

    private long Status(string name) =>
        1024 * long.Parse(File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    private async Task WaitUntilReady()
    {
        var since = Stopwatch.GetTimestamp();
        while (!await IsReady())
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(since) > Patience)
                throw new InvalidOperationException("The product does not come up.");
            await Task.Delay(200);
        }
    }

    private async Task<bool> IsReady()
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            // It does not listen yet.
            return false;
        }
    }

    private static async Task Run(string program, string[] arguments, string directory)
    {
        using var process = Begin(program, arguments, directory);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    private static Process Begin(string program, string[] arguments, string directory, params (string Name, string Value)[] more)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, WorkingDirectory = Path.GetTempPath() };
        (string Name, string Value)[] settings =
        [
            ("Realtime__DataDirectory", directory), ("ASPNETCORE_ENVIRONMENT", "Development"), ("Realtime__Demo", "true"), ("Realtime__RateLimits", "false"),
            ("Realtime__SiloPort", $"{FreePort()}"), ("Realtime__GatewayPort", $"{FreePort()}"), ("Logging__LogLevel__Default", "Error"), .. more,
        ];
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static string Built(string project, string assembly) => Path.Combine(Root, project, "bin", "Release", "net10.0", assembly);

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(Path.Combine(directory.FullName, "Realtime.sln")))
                return directory.FullName;
        throw new InvalidOperationException("It must run from a checkout that holds Realtime.sln.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
