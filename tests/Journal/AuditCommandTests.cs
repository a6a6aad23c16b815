using Microsoft.Data.Sqlite;
using Npgsql;
using Realtime.Journal;
using Realtime.Silo.Audit;

namespace Realtime.Tests.Journal;

/// <summary>The real command, as a process of its own, on stores that the real import wrote.</summary>
public sealed class AuditCommandTests(PostgresServer server) : IDisposable
{
    private const string File = "Finess;Titre;\"Adresse_voie 1\";\"Adresse_voie 2\";Adresse_codepostal;Adresse_ville;Modalites_accueil;Adresse_latitude;Adresse_longitude\n750020927;Une;;;75012;Paris;;48.8;2.3\n750032955;Deux;;;75018;Paris;;48.8;2.3\n";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly string _data = Directory.CreateTempSubdirectory("realtime-audit-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task A_file_is_verified_and_an_altered_one_is_named_and_nothing_is_made_where_nothing_is()
    {
        var missing = await Run("audit", "verify");
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains($"There is no store in {_data}", missing.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_data));

        var file = Path.Combine(_data, "file.csv");
        await System.IO.File.WriteAllTextAsync(file, File, TestContext.Current.CancellationToken);
        Assert.Equal(0, (await Run("import", "santefr", file)).ExitCode);
        var whole = await Run("audit", "verify");
        Assert.Equal((0, "verified 2 rows in 2 streams under 0 checkpoints"), (whole.ExitCode, whole.Output[0]));
        Assert.Equal("public facts: 2 computed anew from their rows, 0 only held against the length of their streams", whole.Output[1]);
        Assert.Contains("verifying: 2 of 2", whole.Errors, StringComparison.Ordinal);

        using (DataDirectory.Open(_data, "/"))
            Assert.Contains("is in use by another process of Realtime", (await Run("audit", "verify")).Errors, StringComparison.Ordinal);

        using (var connection = new SqliteConnection($"Data Source={Path.Combine(_data, "realtime.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE journal SET actor = 'nobody' WHERE stream = 'pharmacy/750032955'";
            command.ExecuteNonQuery();
        }
        var altered = await Run("audit", "verify");
        Assert.Equal(1, altered.ExitCode);
        Assert.Matches(@"^broken: pharmacy/750032955 row 1 \(20\d\d-.*Z\): its hash is not that of what stands there: it was altered after it was written\.$", Assert.Single(altered.Output));

        System.IO.File.Delete(Path.Combine(_data, "secret.key"));
        Assert.Contains("The secret is missing", (await Run("audit", "verify")).Errors, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(Path.Combine(_data, "secret.key")));
    }

    [Fact]
    public async Task A_database_is_verified_beside_a_silo_that_lives_on_it()
    {
        var store = await server.NewDatabase();
        using (var empty = ProductProcess.SiloOn(store, "audit", "verify"))
            Assert.Contains("holds no store of this program", (await empty.End(Patience)).Errors, StringComparison.Ordinal);
        using var silo = ProductProcess.SiloNode(store, RealtimeHost.FreePort(), RealtimeHost.FreePort());
        var file = Path.Combine(_data, "file.csv");
        await System.IO.File.WriteAllTextAsync(file, File, TestContext.Current.CancellationToken);
        using (var import = ProductProcess.SiloOn(store, "import", "santefr", file))
            Assert.Equal(0, (await import.End(Patience)).ExitCode);
        // The silo's keeper writes the first checkpoint about 20 s after its start.
        await using var source = PostgresSource.Open(store);
        for (var waited = System.Diagnostics.Stopwatch.StartNew(); await CountCheckpoints(source) == 0; await Task.Delay(250, TestContext.Current.CancellationToken))
            Assert.True(waited.Elapsed < Patience, "No checkpoint was written.");
        using var verify = ProductProcess.SiloOn(store, "audit", "verify");
        var (exit, output, _) = await verify.End(Patience);
        Assert.Equal((0, "verified 2 rows in 2 streams under 1 checkpoints"), (exit, output[0]));
        Assert.Matches("^last checkpoint: 1 of 20.*Z, root [0-9a-f]{64}; compare it", output[2]);
        Assert.Equal("every row is under a checkpoint", output[3]);
        Assert.Matches("Audit checkpoint 1 of 20.*, root [0-9a-f]{64}", await Stopped(silo));
    }

    [Theory]
    [InlineData("", "What is to be done with the audit?")]
    [InlineData("verify now", "'verify now' is not understood.")]
    public async Task A_command_that_is_not_understood_gets_a_sentence_and_the_usage(string words, string sentence)
    {
        using StringWriter output = new(), error = new();
        var command = new AuditCommand(() => throw new InvalidOperationException("It must not be opened."), output, error, isTerminal: false);
        Assert.Equal(1, await command.Run(words.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal($"{sentence}\nusage: audit verify{Environment.NewLine}", error.ToString());
    }

    private async Task<(int ExitCode, string[] Output, string Errors)> Run(params string[] words)
    {
        using var silo = ProductProcess.Silo(_data, words);
        return await silo.End(Patience);
    }

    private static async Task<long> CountCheckpoints(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("SELECT count(*) FROM journal WHERE stream = 'audit'");
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private static async Task<string> Stopped(ProductProcess silo)
    {
        await silo.Terminate();
        return string.Join('\n', (await silo.End(Patience)).Output);
    }
}
