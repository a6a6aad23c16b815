using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using NodaTime;
using Realtime.Journal;

namespace Realtime.Tests.Journal;

/// <summary>Coming to a database: the schema, rights, and what an operator reads when something is wrong.</summary>
public sealed class PostgresStoreTests(PostgresServer server) : IAsyncLifetime
{
    private readonly List<NpgsqlDataSource> _sources = [];
    private string _connection = "";

    private string Role => $"app_{new NpgsqlConnectionStringBuilder(_connection).Database}";

    public async ValueTask InitializeAsync() => _connection = await server.NewDatabase();

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources)
            await source.DisposeAsync();
    }

    [Fact]
    public async Task Eight_migrators_race_and_all_pass()
    {
        using var start = new Barrier(8);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                var dialect = Dialect();
                dialect.OpenWriter().Dispose();
                start.SignalAndWait();
                Migrations.Run(dialect);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        Assert.Equal((long)Dialect().Scripts.Count, Query("SELECT count(*) FROM realtime_schema"));
        Assert.Equal(1L, Query("SELECT count(*) FROM store"));
    }

    [Fact]
    public async Task Without_their_lock_migrators_that_race_do_not_all_pass()
    {
        Execute("CREATE TABLE realtime_schema (number integer NOT NULL PRIMARY KEY)");
        using var one = Dialect().OpenWriter();
        using var transaction = one.BeginTransaction();
        using (var journal = one.CreateCommand())
        {
            journal.CommandText = "CREATE TABLE journal (stream text)";
            journal.ExecuteNonQuery();
        }
        // Somebody migrates without the lock: the second waits for him at his table, and fails on it once he has committed.
        var second = Task.Run(() => Record.Exception(() => Migrations.Run(Dialect())), CancellationToken.None);
        Assert.True(SpinWait.SpinUntil(() => (long)Query("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")! > 0, TimeSpan.FromSeconds(8)));
        transaction.Commit();
        Assert.IsAssignableFrom<Exception>(await second);
    }

    [Fact]
    public void A_role_that_may_not_create_tables_is_told_of_migrate_only_and_nothing_is_changed()
    {
        Execute($"REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE ROLE {Role} LOGIN");
        Refused(Dialect($"Username={Role}"), $"Role {Role} lacks rights in database", "--migrate-only");
        Assert.Equal(0L, Tables());
    }

    [Fact]
    public async Task A_role_that_may_only_read_and_write_rows_works_on_a_migrated_database()
    {
        Migrations.Run(Dialect());
        Execute($"REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE ROLE {Role} LOGIN; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {Role}");
        using var journal = new SqlJournal(Dialect($"Username={Role}"), TimeProvider.System, NullLogger<SqlJournal>.Instance);
        await journal.Append(new Append("a", 1, default, Instant.FromUnixTimeSeconds(0), new JournalEvent("Noted", 1, "a", "test", "1"u8.ToArray()), "1"u8.ToArray()), TestContext.Current.CancellationToken);
        Assert.Single(await journal.Ends(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("journal")]
    [InlineData("lane")]
    [InlineData("public_state")]
    [InlineData("order_history")]
    [InlineData("OrleansStorage")]
    [InlineData("OrleansRemindersTable")]
    public void A_role_that_may_not_write_one_table_is_told_at_the_start(string table)
    {
        Migrations.Run(Dialect());
        Execute($"CREATE ROLE {Role} LOGIN; GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO {Role}; REVOKE INSERT ON {table} FROM {Role}");
        Refused(Dialect($"Username={Role}"), "lacks rights", table.ToLowerInvariant());
    }

    [Theory]
    [InlineData("Port=1", "does not answer", "correct Host and Port")]
    [InlineData("Host=host.invalid", "does not answer", "correct Host and Port")]
    [InlineData("Database=nowhere", "has no database nowhere", "create it")]
    [InlineData("Username=nobody", "does not let role nobody in", "correct Username and Password")]
    public void A_connection_string_that_leads_nowhere_is_told_in_a_sentence(string wrong, string cause, string mend) => Refused(Dialect(wrong), cause, mend);

    [Theory]
    [InlineData("Host=localhost;Nonsense=1", "Nonsense")]
    [InlineData("Host=localhost;Port=many", "cannot be read")]
    [InlineData("Database=realtime", "names no host")]
    [InlineData("", "names no host")]
    public void A_connection_string_that_is_none_is_told_in_a_sentence(string wrong, string cause)
    {
        var refusal = Assert.Throws<StoreException>(() => PostgresSource.Open(wrong));
        Assert.Contains(cause, refusal.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("ConnectionStrings__Realtime", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_malformed_connection_string_is_not_repeated_with_its_password()
    {
        var refusal = Assert.Throws<StoreException>(() => PostgresSource.Open("Host=localhost;Password=secret;Port=many"));
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DROP TABLE public_state", "public_state")]
    [InlineData("DROP TABLE OrleansQuery", "orleansquery")]
    [InlineData("ALTER TABLE lane DROP COLUMN ended", "ended")]
    [InlineData("DROP TABLE realtime_schema", "already exists")]
    [InlineData("DELETE FROM realtime_schema WHERE number = 2", "one missing")]
    [InlineData("DELETE FROM realtime_schema WHERE number = 6", "already exists")]
    public void A_schema_that_is_half_there_is_told_in_a_sentence_and_left_alone(string damage, string cause)
    {
        Migrations.Run(Dialect());
        Execute(damage);
        var before = (Tables(), Query("SELECT count(*) FROM OrleansMembershipTable"));
        Refused(Dialect(), "only partly there", cause, "restore a whole backup");
        Assert.Equal(before, (Tables(), Query("SELECT count(*) FROM OrleansMembershipTable")));
    }

    [Fact]
    public void A_database_that_can_only_be_read_is_told_in_a_sentence()
    {
        Execute($"DO 'BEGIN EXECUTE format(''ALTER DATABASE %I SET default_transaction_read_only = on'', current_database()); END'");
        Refused(Dialect(), "can only be read", "primary");
    }

    [Theory]
    [InlineData("12.22", "UTF8", "version 12.22", "upgrade")]
    [InlineData("13.0", "LATIN1", "LATIN1", "ENCODING 'UTF8'")]
    public void A_server_that_is_too_old_or_keeps_text_otherwise_is_refused(string version, string encoding, string cause, string mend)
    {
        var reason = Dialect().Unfit(Version.Parse(version), encoding);
        Assert.Contains(cause, reason, StringComparison.Ordinal);
        Assert.Contains(mend, reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("13.0")]
    [InlineData("18.1")]
    public void A_server_of_version_13_or_later_is_taken(string version) => Assert.Null(Dialect().Unfit(Version.Parse(version), "UTF8"));

    [Fact]
    public void A_writer_commits_to_the_disk_whatever_the_database_says()
    {
        Execute($"DO 'BEGIN EXECUTE format(''ALTER DATABASE %I SET synchronous_commit = off'', current_database()); END'");
        using var connection = Dialect().OpenWriter();
        using var command = connection.CreateCommand();
        command.CommandText = "SHOW synchronous_commit";
        Assert.Equal("on", command.ExecuteScalar());
    }

    private static void Refused(PostgresDialect dialect, params string[] words)
    {
        var refusal = Assert.ThrowsAny<StoreException>(() => Migrations.Run(dialect));
        Assert.All(words, word => Assert.Contains(word, refusal.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', refusal.Message);
    }

    private PostgresDialect Dialect(string more = "")
    {
        // Unpooled, so that each migrator and each role really comes anew.
        var source = PostgresSource.Open($"{_connection};Pooling=false;{more}");
        _sources.Add(source);
        return new PostgresDialect(source);
    }

    private long Tables() => (long)Query("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")!;

    private object? Query(string sql)
    {
        using var connection = new NpgsqlConnection($"{_connection};Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }

    private void Execute(string sql) => _ = Query(sql);
}
