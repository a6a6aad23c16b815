using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Realtime.Journal;

namespace Realtime.Tests.Journal;

public sealed class SqliteKillTests : KillSuite, IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("realtime-kill-");

    protected override string Store => _directory.FullName;

    protected override int Writers => 1;

    [Fact]
    public async Task A_second_process_stops_with_a_sentence_and_the_first_goes_on()
    {
        using var first = Writer();
        await first.FirstAnswer.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        using var second = Writer();
        Assert.Contains($"The data directory {_directory.FullName} is in use by another process of Realtime", await second.Refusal(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var told = await first.Kill();
        Assert.Empty(JournalCheck.Faults(await Opened(JournalCheck.Everything), told, inFlight: 1));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _directory.Delete(recursive: true);
    }

    protected override async Task<T> Opened<T>(Func<IJournal, Task<T>> read)
    {
        using var data = DataDirectory.Open(_directory.FullName, "/");
        using var dialect = new SqliteDialect(data.Database);
        using var journal = new SqlJournal(dialect, TimeProvider.System, NullLogger<SqlJournal>.Instance);
        return await read(journal);
    }
}
