using Microsoft.Data.Sqlite;
using Realtime.Journal;

namespace Realtime.Tests.Journal;

public sealed class SqliteJournalTests : JournalSuite, IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("realtime-journal-");
    private readonly List<SqliteDialect> _dialects = [];

    /// <summary>The insert that overwrites instead of refusing.</summary>
    internal const string Overwriting =
        """
        INSERT INTO journal (stream, seq, lane, n, at, kind, version, actor, reason, payload, hash)
        VALUES (@stream, @seq, @lane, @n, @at, @kind, @version, @actor, @reason, @payload, @hash)
        ON CONFLICT (stream, seq) DO UPDATE SET lane = excluded.lane, n = excluded.n, payload = excluded.payload, hash = excluded.hash
        RETURNING n
        """;

    protected override string WithoutFence => Overwriting;

    [Fact]
    public void The_file_is_in_write_ahead_mode_and_every_commit_reaches_the_disk()
    {
        Open().Dispose();
        using var connection = Dialect().OpenWriter();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT (SELECT journal_mode FROM pragma_journal_mode) || ' ' || (SELECT synchronous FROM pragma_synchronous)";
        Assert.Equal("wal 2", command.ExecuteScalar());
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _dialects.ForEach(dialect => dialect.Dispose());
        _directory.Delete(recursive: true);
    }

    protected override JournalDialect Dialect()
    {
        var dialect = new SqliteDialect(Path.Combine(_directory.FullName, "realtime.db"));
        _dialects.Add(dialect);
        return dialect;
    }

    protected override string FailsUnless(string condition) => $"CASE WHEN {condition} THEN 1 ELSE abs(-9223372036854775807 - 1) END";

    /// <summary>A foreign key that is looked at only when the transaction commits.</summary>
    protected override void RefuseToCommitPoison()
    {
        Open().Dispose();
        Execute(
            """
            CREATE TABLE nobody (id INTEGER PRIMARY KEY);
            CREATE TABLE poison (id INTEGER REFERENCES nobody (id) DEFERRABLE INITIALLY DEFERRED);
            CREATE TRIGGER poisoned AFTER INSERT ON journal WHEN NEW.kind = 'Poison' BEGIN INSERT INTO poison VALUES (1); END;
            """);
    }
}
