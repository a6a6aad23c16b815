using System.Diagnostics;
using Npgsql;

[assembly: AssemblyFixture(typeof(Realtime.Tests.PostgresServer))]

namespace Realtime.Tests;

/// <summary>
/// A real PostgreSQL server of the tests' own, made by initdb in a temporary folder, on a free port of the loopback, with its usual durability.
/// It is started when the first test asks for a database, and stopped and deleted when the run ends.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private Running? _running;
    private int _databases;

    /// <summary>A new empty database; its connection string.</summary>
    public async Task<string> NewDatabase()
    {
        var server = await Started();
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await server.Execute("postgres", $"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
        return server.Connection(name);
    }

    /// <summary>Where the server keeps its files, once everything that it was told has been written to them.</summary>
    public async Task<string> Files()
    {
        var server = await Started();
        await server.Execute("postgres", "CHECKPOINT");
        return server.Data;
    }

    public async ValueTask DisposeAsync()
    {
        if (_running is not null)
            await _running.Stop();
        _starting.Dispose();
    }

    private async Task<Running> Started()
    {
        await _starting.WaitAsync();
        try
        {
            return _running ??= await Start();
        }
        finally
        {
            _starting.Release();
        }
    }

    private static async Task<Running> Start()
    {
        var folder = Directory.CreateTempSubdirectory("realtime-postgres-").FullName;
        if (Environment.IsPrivilegedProcess)
            await Run("chown", "postgres", folder);
        var server = new Running(folder, RealtimeHost.FreePort());
        await server.Launch();
        return server;
    }

    /// <summary>The program of that name in the path, else of the newest version that Debian's packages put beside it.</summary>
    private static string Binary(string name)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(version => int.TryParse(Path.GetFileName(version), out var v) ? v : 0).Select(version => Path.Combine(version, "bin")) : []);
        return folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"PostgreSQL is missing ({name} is neither in PATH nor in /usr/lib/postgresql/*/bin): ./test.sh installs it.");
    }

    /// <summary>PostgreSQL refuses to run as root; a root that tests lets the user postgres do it.</summary>
    private static Task RunAsServer(string program, params string[] arguments) =>
        Environment.IsPrivilegedProcess ? Run("runuser", ["-u", "postgres", "--", Binary(program), .. arguments]) : Run(Binary(program), arguments);

    private static async Task Run(string program, params string[] arguments)
    {
        // A shell between us that sends the chatter away: the server that pg_ctl leaves behind would keep a pipe of ours open for ever.
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "exec \"$@\" >/dev/null", "sh", program, .. arguments]) { WorkingDirectory = "/", UseShellExecute = false })!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    private sealed class Running(string folder, int port)
    {
        public string Data => Path.Combine(folder, "data");

        private string Log => Path.Combine(folder, "log");

        public string Connection(string database) => $"Host=127.0.0.1;Port={port};Username=postgres;Database={database}";

        public async Task Launch()
        {
            await RunAsServer("initdb", "--pgdata", Data, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--no-locale");
            await RunAsServer("pg_ctl", "start", "--pgdata", Data, "--log", Log, "--wait", "--silent", "--options", $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c max_connections=200");
        }

        public async Task Execute(string database, string sql)
        {
            await using var connection = new NpgsqlConnection(Connection(database) + ";Pooling=false");
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }

        public async Task Stop()
        {
            NpgsqlConnection.ClearAllPools();
            await RunAsServer("pg_ctl", "stop", "--pgdata", Data, "--mode", "immediate", "--silent");
            Directory.Delete(folder, recursive: true);
        }
    }
}
