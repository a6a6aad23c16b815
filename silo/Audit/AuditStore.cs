using Microsoft.Extensions.Hosting;
using Realtime.Identity;
using Realtime.Journal;
using Realtime.Orders;
using Realtime.OnCall;
using Realtime.People;
using Realtime.Pharmacies;
using Realtime.Recalls;
using Realtime.Schools;
using Realtime.Webhooks;

namespace Realtime.Silo.Audit;

/// <summary>A store that is open to be verified, and what its checkpoints and facts are held against.</summary>
/// <param name="Dialect">The database.</param>
/// <param name="Key">Of the installation.</param>
/// <param name="Facts">How public facts follow from rows: one entry for each slice that has such rules.</param>
/// <param name="Close">Lets go of the store.</param>
internal sealed record AuditStore(JournalDialect Dialect, AuditKey Key, IReadOnlyList<PublicFacts> Facts, Action Close) : IDisposable
{
    /// <summary>The store of this process's settings. Nothing is made where nothing is, neither a store nor a secret.</summary>
    /// <exception cref="StoreException">There is none, or its secret is missing.</exception>
    /// <exception cref="DataDirectoryException">A service is using it.</exception>
    public static AuditStore Open()
    {
        var builder = Host.CreateApplicationBuilder();
        var options = RealtimeOptions.Read(builder.Configuration);
        PublicFacts[] facts = [PharmacyFacts.In(RealtimeServices.DemoOf(builder, options)), TeamFacts.All, GrantFacts.All, StockFactsOfStream.All, RotaFacts.All, SchoolFacts.All, RecallFacts.All, WebhookFactsOfStream.All];
        return RealtimeServices.StoreOf(builder.Configuration) is { } connection
            ? OnPostgres(connection, RealtimeServices.SecretOf(builder, options, RealtimeServices.NoSecret), facts)
            : OnFile(builder, options, facts);
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private static AuditStore OnPostgres(string connection, Secret secret, PublicFacts[] facts)
    {
        var source = PostgresSource.Open(connection);
        return new AuditStore(new PostgresDialect(source), new AuditKey(secret), facts, source.Dispose);
    }

    private static AuditStore OnFile(HostApplicationBuilder builder, RealtimeOptions options, PublicFacts[] facts)
    {
        var path = DataDirectory.Resolve(options.DataDirectory, Directory.GetCurrentDirectory());
        if (!File.Exists(Path.Combine(path, "realtime.db")))
            throw new StoreException($"There is no store in {path}: name its directory with Realtime__DataDirectory, or its database with ConnectionStrings__Realtime.");
        var directory = DataDirectory.Open(options.DataDirectory, Directory.GetCurrentDirectory());
        try
        {
            var secret = RealtimeServices.SecretOf(builder, options, () => SecretBeside(directory));
            var dialect = new SqliteDialect(directory.Database);
            return new AuditStore(dialect, new AuditKey(secret), facts, () =>
            {
                dialect.Dispose();
                directory.Dispose();
            });
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    private static Secret SecretBeside(DataDirectory directory)
    {
        var path = Path.Combine(directory.Path, "secret.key");
        return File.Exists(path)
            ? Secret.OfFile(path)
            : throw new StoreException($"The secret is missing, without which no seal can be verified: put {path} back, or give it with Realtime__Secret.");
    }
}
