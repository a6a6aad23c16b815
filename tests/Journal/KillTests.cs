using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Data.Sqlite;
using Realtime.Journal;

namespace Realtime.Tests.Journal;

/// <summary>Real processes on a real file, killed with SIGKILL.</summary>
public sealed class KillTests : IDisposable
{
    private const int Streams = 64;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("realtime-kill-");

    [Fact]
    public async Task What_was_acknowledged_survives_every_kill_and_nothing_else_appears()
    {
        var random = new Random(Campaign.Seed);
        HashSet<Acknowledgement> told = [];
        var (acknowledged, inFlight, kills) = (0, 0, Campaign.Long ? 200 : 20);
        for (var kill = 0; kill < kills; kill++)
        {
            var answers = await LiveAndDie(random);
            acknowledged += answers.Count;
            told.UnionWith(answers);
            var rows = await Reopen();
            Assert.True(JournalCheck.Faults(rows, told, inFlight: 1) is [], $"kill {kill}, seed {Campaign.Seed}: {string.Join("; ", JournalCheck.Faults(rows, told, inFlight: 1))}");
            // What was in flight and got through is known from now on, and must stay like the rest.
            inFlight += rows.Count - told.Count;
            told.UnionWith(rows.Select(Acknowledgement.Of));
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills, {acknowledged} acknowledged, {inFlight} in flight and written, 0 lost, 0 duplicated");
        Assert.True(acknowledged > kills, "Hardly anything was written between the kills.");
    }

    [Fact]
    public async Task A_second_process_stops_with_a_sentence_and_the_first_goes_on()
    {
        using var first = new WriterProcess(_directory.FullName, Streams);
        await first.FirstAnswer.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        using var second = new WriterProcess(_directory.FullName, Streams);
        Assert.Contains($"The data directory {_directory.FullName} is in use by another process of Realtime", await second.Refusal(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var told = await first.Kill();
        Assert.Empty(JournalCheck.Faults(await Reopen(), told, inFlight: 1));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _directory.Delete(recursive: true);
    }

    /// <summary>Most writers die in full work; every fifth while it starts, perhaps before its first row.</summary>
    private async Task<IReadOnlyList<Acknowledgement>> LiveAndDie(Random random)
    {
        using var writer = new WriterProcess(_directory.FullName, Streams);
        var starting = random.Next(5) == 0;
        if (!starting)
            await writer.FirstAnswer.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await Task.Delay(random.Next(300), TestContext.Current.CancellationToken);
        return await writer.Kill();
    }

    private async Task<List<JournalRow>> Reopen()
    {
        using var data = DataDirectory.Open(_directory.FullName, "/");
        using var dialect = new SqliteDialect(data.Database);
        using var journal = new SqlJournal(dialect, TimeProvider.System, NullLogger<SqlJournal>.Instance);
        return await JournalCheck.Everything(journal);
    }
}
