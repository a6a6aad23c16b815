using System.Diagnostics;
using Npgsql;

namespace Realtime.Tests;

/// <summary>
/// A PostgreSQL server of our own, made by initdb in a temporary folder, on a port of the loopback, with its usual durability: fsync and synchronous_commit are on.
/// Tests and benchmarks compile this file alike.
/// </summary>
internal sealed class PostgresInstance
{
    private readonly string _folder;
    private int _databases;

    private PostgresInstance(string folder, int port) => (_folder, Port) = (folder, port);

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; }

    private string Data => Path.Combine(_folder, "data");

    private string Log => Path.Combine(_folder, "log");

    /// <summary>Makes one and waits until it answers.</summary>
    /// <param name="port">A free port.</param>
    public static async Task<PostgresInstance> Start(int port)
    {
        var folder = Directory.CreateTempSubdirectory("realtime-postgres-").FullName;
        if (Environment.IsPrivilegedProcess)
            await Run("chown", "postgres", folder);
        var server = new PostgresInstance(folder, port);
        await server.Launch();
        return server;
    }

    /// <summary>A new empty database; its connection string.</summary>
    public async Task<string> NewDatabase()
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await Execute("postgres", $"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
        return Connection(name);
    }

    /// <summary>Where it keeps its files, once everything that it was told has been written to them.</summary>
    public async Task<string> Files()
    {
        await Execute("postgres", "CHECKPOINT");
        return Data;
    }

    /// <summary>Stops it and deletes all that it held.</summary>
    public async Task Stop()
    {
        NpgsqlConnection.ClearAllPools();
        await RunAsServer("pg_ctl", "stop", "--pgdata", Data, "--mode", "immediate", "--silent");
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The program of that name in the path, else of the newest version that Debian's packages put beside it.</summary>
    /// <exception cref="InvalidOperationException">It is in neither.</exception>
    public static string Binary(string name)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(version => int.TryParse(Path.GetFileName(version), out var v) ? v : 0).Select(version => Path.Combine(version, "bin")) : []);
        return folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"PostgreSQL is missing ({name} is neither in PATH nor in /usr/lib/postgresql/*/bin): ./test.sh installs it.");
    }

    private string Connection(string database) => $"Host=127.0.0.1;Port={Port};Username=postgres;Database={database}";

    private async Task Launch()
    {
        await RunAsServer("initdb", "--pgdata", Data, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--no-locale");
        await RunAsServer("pg_ctl", "start", "--pgdata", Data, "--log", Log, "--wait", "--silent", "--options", $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_folder} -c max_connections=200");
    }

    private async Task Execute(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(Connection(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>PostgreSQL refuses to run as root; a root lets the user postgres do it.</summary>
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
}
