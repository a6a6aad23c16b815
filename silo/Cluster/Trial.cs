using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Spectre.Console;

namespace Realtime.Silo.Cluster;

/// <summary>
/// <c>cluster</c>: two silos and two web nodes as processes of their own on loopback, for trying it out. Shows how each is doing
/// until it is interrupted, then stops them, gracefully.
/// </summary>
internal static class Trial
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Runs it; the exit code.</summary>
    public static async Task<int> Run(CancellationToken stop)
    {
        if (RealtimeServices.StoreOf(new ConfigurationBuilder().AddEnvironmentVariables().Build()) is null)
        {
            await Console.Error.WriteLineAsync("The trial cluster needs a PostgreSQL database of its own: name it with ConnectionStrings__Realtime=\"Host=…;Database=…;Username=…\".");
            return 2;
        }
        var nodes = new List<Node>();
        try
        {
            foreach (var name in new[] { "silo 1", "silo 2" })
                nodes.Add(Node.Silo(name));
            foreach (var (name, port) in new[] { ("web 1", 5081), ("web 2", 5082) })
                nodes.Add(Node.Web(name, port));
            await Watch(nodes, stop);
            return nodes.TrueForAll(n => n.IsRunning) ? 0 : 1;
        }
        finally
        {
            await Task.WhenAll(nodes.Select(n => n.Stop(Patience)));
            Console.WriteLine("All stopped.");
        }
    }

    /// <summary>A port of the loopback that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task Watch(List<Node> nodes, CancellationToken stop)
    {
        Console.WriteLine("Two silos and two web nodes on loopback. Ctrl-C stops them.");
        if (Console.IsOutputRedirected)
            await Plainly(nodes, stop);
        else
            await AnsiConsole.Live(Table(nodes, [])).StartAsync(async live =>
            {
                while (!stop.IsCancellationRequested && nodes.TrueForAll(n => n.IsRunning))
                    live.UpdateTarget(Table(nodes, await States(nodes, stop)));
            });
    }

    // Into a file or a pipe only changes are written.
    private static async Task Plainly(List<Node> nodes, CancellationToken stop)
    {
        string[] last = [];
        while (!stop.IsCancellationRequested && nodes.TrueForAll(n => n.IsRunning))
        {
            var states = await States(nodes, stop);
            if (!states.SequenceEqual(last, StringComparer.Ordinal))
                foreach (var (node, state) in nodes.Zip(states))
                    Console.WriteLine($"{node.Name}: {state} ({node.Where})");
            last = states;
        }
    }

    private static async Task<string[]> States(List<Node> nodes, CancellationToken stop)
    {
        await Task.WhenAny(Task.Delay(Look, stop));
        return await Task.WhenAll(nodes.Select(n => n.State()));
    }

    private static Table Table(List<Node> nodes, string[] states)
    {
        var table = new Table().AddColumns("node", "where", "state");
        for (var i = 0; i < nodes.Count; i++)
            table.AddRow(nodes[i].Name, nodes[i].Where, i < states.Length ? states[i] : "starting");
        return table;
    }

    /// <summary>One process of the trial.</summary>
    private sealed class Node(string name, string where, Process process, HttpClient? web)
    {
        public string Name => name;

        public string Where => where;

        public bool IsRunning => !process.HasExited;

        public static Node Silo(string name)
        {
            var (silo, gateway) = (FreePort(), FreePort());
            var process = Start("silo", new() { ["Realtime__SiloPort"] = $"{silo}", ["Realtime__GatewayPort"] = $"{gateway}" });
            return new Node(name, $"127.0.0.1:{silo}", process, web: null);
        }

        public static Node Web(string name, int wished)
        {
            var address = $"http://localhost:{(IsFree(wished) ? wished : FreePort())}";
            return new Node(name, address, Start("web", new() { ["ASPNETCORE_URLS"] = address }), new HttpClient { BaseAddress = new Uri(address), Timeout = Look });
        }

        /// <summary>How it is doing, in a word.</summary>
        public async Task<string> State()
        {
            if (!IsRunning)
                return $"ended with code {process.ExitCode}";
            if (web is null)
                return "running";
            try
            {
                using var answer = await web.GetAsync(new Uri("/health/ready", UriKind.Relative));
                return answer.IsSuccessStatusCode ? "ready" : "catching up";
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                return "starting";
            }
        }

        /// <summary>Asks it to end, and ends it where it does not.</summary>
        public async Task Stop(TimeSpan patience)
        {
            try
            {
                if (IsRunning)
                    using (var ask = Process.Start("kill", ["-TERM", process.Id.ToString()]))
                        await ask.WaitForExitAsync();
                await process.WaitForExitAsync().WaitAsync(patience);
            }
            catch (TimeoutException)
            {
                process.Kill(entireProcessTree: true);
            }
            web?.Dispose();
            process.Dispose();
        }

        private static Process Start(string project, Dictionary<string, string> environment)
        {
            // The web project's build lies beside this one's, at the same place in its own folder.
            var own = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
            var separator = Path.DirectorySeparatorChar;
            var folder = project == "web" ? own.Replace($"{separator}silo{separator}", $"{separator}web{separator}", StringComparison.Ordinal) : own;
            var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, project == "web" ? "Realtime.Web.dll" : "Realtime.Silo.dll")])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            };
            (start.Environment["ASPNETCORE_ENVIRONMENT"], start.Environment["DOTNET_ENVIRONMENT"]) = ("Development", "Development");
            foreach (var (variable, value) in environment)
                start.Environment[variable] = value;
            var process = Process.Start(start)!;
            // Nobody reads what the nodes print, and they must not be stopped by a full pipe.
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            return process;
        }

        private static bool IsFree(int port)
        {
            using var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
            try
            {
                listener.Start();
                return true;
            }
            catch (SocketException)
            {
                // Somebody has it; another port does as well.
                return false;
            }
        }
    }
}
