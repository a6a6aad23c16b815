using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Realtime.Journal;

namespace Realtime.Tests.Journal;

public sealed class SqliteJournaledGrainTests : JournaledGrainSuite
{
    private readonly DataDirectory _data = DataDirectory.Open(Directory.CreateTempSubdirectory("realtime-grain-").FullName, "/");

    protected override (string AsText, Func<string, string> AsBytes) Snapshot { get; } = ("CAST(PayloadBinary AS TEXT)", text => $"CAST({text} AS BLOB)");

    protected override string RefuseToCommitPoison =>
        """
        CREATE TABLE nobody (id INTEGER PRIMARY KEY);
        CREATE TABLE poison (id INTEGER REFERENCES nobody (id) DEFERRABLE INITIALLY DEFERRED);
        CREATE TRIGGER poisoned AFTER INSERT ON journal WHEN NEW.kind = 'Poison' BEGIN INSERT INTO poison VALUES (1); END;
        """;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _data.Dispose();
        Directory.Delete(_data.Path, recursive: true);
    }

    protected override void Configure(ISiloBuilder silo)
    {
        silo.Services.AddSingleton(_data).AddSqliteJournal();
        silo.AddSqliteSnapshots();
    }

    protected override string Query(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_data.Database};Pooling=False;Default Timeout=10");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return $"{command.ExecuteScalar()}";
    }
}
