using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Realtime.Journal;
using Realtime.Keys;

namespace Realtime.Tests.Orders;

public sealed class SqliteOrderGrainTests : OrderGrainSuite
{
    private readonly DataDirectory _data = DataDirectory.Open(Directory.CreateTempSubdirectory("realtime-orders-").FullName, "/");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _data.Dispose();
        Directory.Delete(_data.Path, recursive: true);
    }

    protected override void Configure(ISiloBuilder silo)
    {
        silo.Services.AddSingleton(_data).AddSqliteJournal().AddSqliteKeys();
        silo.AddSqliteSnapshots().AddSqliteReminders();
    }
}
