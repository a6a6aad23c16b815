using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Realtime.Tests.Journal;

public sealed class SqliteReminderTests : ReminderSuite, IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("realtime-reminders-");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _directory.Delete(recursive: true);
    }

    protected override void Register(HostApplicationBuilder builder)
    {
        builder.Configuration.AddInMemoryCollection([new("Realtime:DataDirectory", _directory.FullName)]);
        builder.AddEmbeddedSilo();
    }
}
