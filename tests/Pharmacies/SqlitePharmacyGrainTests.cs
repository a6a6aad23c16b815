using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Realtime.Journal;

namespace Realtime.Tests.Pharmacies;

public sealed class SqlitePharmacyGrainTests : PharmacyGrainSuite
{
    private readonly DataDirectory _data = DataDirectory.Open(Directory.CreateTempSubdirectory("realtime-grain-").FullName, "/");

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
}
