using System.Collections.Concurrent;
using System.Diagnostics;

namespace Realtime.Tests;

/// <summary>A real process of the product, as it was built beside these tests.</summary>
internal sealed class ProductProcess : IDisposable
{
    /// <summary>The secret that the nodes of a cluster share.</summary>
    public const string Secret = "dGhlIHNlY3JldCB0aGF0IHRoZSB0ZXN0cycgY2x1c3RlcnMgc2hhcmU=";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [], _errors = [];
    private bool _isGone;

    private ProductProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What it wrote so far, for whoever looks for what broke in it.</summary>
    public string Said => string.Join(Environment.NewLine, _output.Concat(_errors));

    /// <summary>The memory of the machine that it holds now, in megabytes.</summary>
    public int ResidentMegabytes
    {
        get
        {
            _process.Refresh();
            return (int)(_process.WorkingSet64 >> 20);
        }
    }

    /// <summary>Starts <c>web</c> on an address and ports of its own.</summary>
    public static ProductProcess Web(string dataDirectory, bool demo, out HttpClient client, params (string Name, string Value)[] settings)
    {
        var address = $"http://127.0.0.1:{RealtimeHost.FreePort()}";
        client = new HttpClient { BaseAddress = new Uri(address) };
        var environment = new Dictionary<string, string>
        {
            ["Realtime__DataDirectory"] = dataDirectory,
            ["ASPNETCORE_URLS"] = address,
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Realtime__Demo"] = demo ? "true" : "false",
            ["Realtime__SiloPort"] = RealtimeHost.FreePort().ToString(),
            ["Realtime__GatewayPort"] = RealtimeHost.FreePort().ToString(),
        };
        foreach (var (name, value) in settings)
            environment[name] = value;
        // Tests call more often than anybody may; one that is about rates switches them on. Outside Development they cannot be switched off.
        if (environment["ASPNETCORE_ENVIRONMENT"] == "Development")
            environment.TryAdd("Realtime__RateLimits", "false");
        return Start("web", [], environment);
    }

    /// <summary>Starts <c>silo</c> with a command.</summary>
    public static ProductProcess Silo(string dataDirectory, params string[] arguments) => Start("silo", arguments, new() { ["Realtime__DataDirectory"] = dataDirectory });

    /// <summary>Starts <c>silo</c> with settings and no command.</summary>
    public static ProductProcess Silo(string dataDirectory, (string Name, string Value) setting) => Start("silo", [], new() { ["Realtime__DataDirectory"] = dataDirectory, [setting.Name] = setting.Value });

    /// <summary>Starts <c>silo</c> with a command, on a database.</summary>
    public static ProductProcess SiloOn(string store, params string[] arguments) => Start("silo", arguments, new() { ["ConnectionStrings__Realtime"] = store, ["Realtime__Secret"] = Secret });

    /// <summary>Starts a web node of a cluster.</summary>
    public static ProductProcess WebNode(string store, out HttpClient client, bool demo = true, params (string Name, string Value)[] settings)
    {
        var address = $"http://127.0.0.1:{RealtimeHost.FreePort()}";
        client = new HttpClient { BaseAddress = new Uri(address) };
        var environment = new Dictionary<string, string>
        {
            ["ConnectionStrings__Realtime"] = store,
            ["Realtime__Secret"] = Secret,
            ["ASPNETCORE_URLS"] = address,
            ["Realtime__Demo"] = demo ? "true" : "false",
            // Outside Development rates are always held to, and tests call more often than anybody does.
            ["Realtime__CallsAtOnce"] = "1000000",
            ["Realtime__CallsPerMinute"] = "10000000",
            ["Realtime__OrdersAtOnce"] = "1000000",
            ["Realtime__OrdersPerMinute"] = "10000000",
        };
        foreach (var (name, value) in settings)
            environment[name] = value;
        return Start("web", [], environment);
    }

    /// <summary>Starts a silo of a cluster, with the demo country.</summary>
    public static ProductProcess SiloNode(string store, int siloPort, int gatewayPort, params (string Name, string Value)[] settings)
    {
        var environment = new Dictionary<string, string>
        {
            ["ConnectionStrings__Realtime"] = store,
            ["Realtime__Secret"] = Secret,
            ["Realtime__SiloPort"] = siloPort.ToString(),
            ["Realtime__GatewayPort"] = gatewayPort.ToString(),
            ["Realtime__Demo"] = "true",
        };
        foreach (var (name, value) in settings)
            environment[name] = value;
        return Start("silo", [], environment);
    }

    /// <summary>Waits for its end; its exit code and what it wrote.</summary>
    public async Task<(int ExitCode, string[] Output, string Errors)> End(TimeSpan patience)
    {
        await _process.WaitForExitAsync().WaitAsync(patience);
        return (_process.ExitCode, [.. _output], string.Join(Environment.NewLine, _errors));
    }

    /// <summary>Asks it to end, as a supervisor does.</summary>
    public async Task Terminate()
    {
        using var ask = Process.Start("kill", ["-TERM", _process.Id.ToString()]);
        await ask.WaitForExitAsync();
    }

    /// <summary>Ends it as <c>kill -9</c> does.</summary>
    public async Task Kill()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        // Whoever stops a cluster does not know which of its processes was stopped before.
        if (_isGone)
            return;
        _isGone = true;
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (!string.IsNullOrEmpty(line))
            lines.Enqueue(line);
    }

    private static ProductProcess Start(string project, string[] arguments, Dictionary<string, string> environment)
    {
        var configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
        var assembly = Path.Combine(Campaign.Root, project, "bin", configuration, "net10.0", project == "web" ? "Realtime.Web.dll" : "Realtime.Silo.dll");
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new ProductProcess(Process.Start(start)!);
    }
}
