using Microsoft.Data.Sqlite;
using Realtime.Journal;

namespace Realtime.Tests.Journal;

public sealed class SqliteAuditKillTests : AuditKillSuite, IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("realtime-audit-kill-");
    private readonly SqliteDialect _dialect;

    public SqliteAuditKillTests() => _dialect = new SqliteDialect(Path.Combine(_directory.FullName, "realtime.db"));

    protected override string Store => _directory.FullName;

    protected override int Writers => 1;

    protected override JournalDialect Dialect => _dialect;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _dialect.Dispose();
        _directory.Delete(recursive: true);
    }
}
