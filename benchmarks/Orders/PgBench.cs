using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using Realtime.Tests;

namespace Realtime.Benchmarks.Orders;

/// <summary>PostgreSQL's own load generator: one INSERT of a row of 1 KB per transaction.</summary>
internal sealed partial class PgBench(Installation installation) : IDisposable
{
    private const string Table = "CREATE TABLE pgbench_row (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream text NOT NULL, payload bytea NOT NULL)";
    private const int PayloadBytes = 960;

    private readonly string _script = Path.GetTempFileName();

    /// <summary>Makes the table and the script.</summary>
    public async Task Prepare()
    {
        await using var source = NpgsqlDataSource.Create(installation.Connection);
        await using var table = source.CreateCommand(Table);
        await table.ExecuteNonQueryAsync();
        await File.WriteAllTextAsync(_script, $"\\set stream random(1, 1000000)\nINSERT INTO pgbench_row (stream, payload) VALUES (:stream::int::text, decode('{Convert.ToHexString(new byte[PayloadBytes])}', 'hex'));\n");
    }

    /// <summary>Rows a second.</summary>
    /// <param name="connections">At once.</param>
    /// <param name="prepared">Whether statements are prepared; by itself pgbench does not.</param>
    /// <param name="duration">For how long, in whole seconds.</param>
    public async Task<double> Run(int connections, bool prepared, TimeSpan duration)
    {
        var database = new NpgsqlConnectionStringBuilder(installation.Connection).Database!;
        string[] arguments = ["-n", "-M", prepared ? "prepared" : "simple", "-c", $"{connections}", "-j", $"{Math.Min(connections, 2)}", "-T", $"{duration.TotalSeconds:N0}", "-f", _script, "-h", "127.0.0.1", "-p", $"{installation.Port}", "-U", "postgres", database];
        using var process = Process.Start(new ProcessStartInfo(PostgresInstance.Binary("pgbench"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return Rate().Match(await output) is { Success: true } found && process.ExitCode == 0
            ? double.Parse(found.Groups["rate"].ValueSpan, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"pgbench ended with {process.ExitCode}: {await errors}");
    }

    public void Dispose() => File.Delete(_script);

    [GeneratedRegex(@"tps = (?<rate>[0-9.]+) \(without", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Rate();
}
