using Microsoft.Extensions.Configuration;
using Npgsql;
using Realtime.Journal;
using Realtime.Keys;

namespace Realtime.Tests.Keys;

/// <summary>The same promises on PostgreSQL, a database for each test.</summary>
public sealed class PostgresKeyStoreTests(PostgresServer server) : KeyStoreSuite, IAsyncLifetime
{
    private readonly List<NpgsqlDataSource> _sources = [];
    private string _connection = "";

    protected override string CountTransactions => "SELECT count(DISTINCT xmin::text) FROM realtime_keys.order_key";

    protected override string Table => "realtime_keys.order_key";

    private string Role => $"keys_{new NpgsqlConnectionStringBuilder(_connection).Database}";

    [Fact]
    public async Task A_role_that_may_only_read_and_write_rows_works_on_tables_that_are_there()
    {
        Database().Prepare();
        Query($"REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE ROLE {Role} LOGIN; GRANT USAGE ON SCHEMA realtime_keys TO {Role}; GRANT SELECT, INSERT, DELETE ON ALL TABLES IN SCHEMA realtime_keys TO {Role}");
        var store = OpenAs($"Username={Role}");
        var key = await store.Take(Cancellation);
        await store.Forget([key.Id], Cancellation);
        Assert.Empty(await store.Find([key.Id], Cancellation));
    }

    [Fact]
    public async Task Migrating_alone_makes_the_tables_and_asks_for_no_secret()
    {
        using var migrate = ProductProcess.SiloOn(_connection, "--migrate-only");
        Assert.Equal(0, (await migrate.End(TimeSpan.FromSeconds(60))).ExitCode);
        Assert.Equal("schema", Query("SELECT string_agg(name, ' ') FROM realtime_keys.key_store"));
        await OpenAs("").Take(Cancellation);
    }

    [Fact]
    public void A_role_that_may_not_make_them_is_told_and_nothing_is_changed()
    {
        Query($"CREATE ROLE {Role} LOGIN");
        Refused($"Username={Role}", "lacks rights in schema realtime_keys", "--migrate-only");
        Assert.Equal("0", Query("SELECT count(*) FROM pg_namespace WHERE nspname = 'realtime_keys'"));
    }

    [Fact]
    public void A_role_that_may_not_erase_is_told_at_the_start()
    {
        Database().Prepare();
        Query($"CREATE ROLE {Role} LOGIN; GRANT USAGE ON SCHEMA realtime_keys TO {Role}; GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA realtime_keys TO {Role}");
        Refused($"Username={Role}", "lacks rights", "order_key");
    }

    [Theory]
    [InlineData("Port=1", "does not answer", "correct Host and Port")]
    [InlineData("Database=nowhere", "has no database nowhere", "create it")]
    public void A_connection_string_that_leads_nowhere_is_told_in_a_sentence_with_its_name(string wrong, string cause, string mend) =>
        Refused(wrong, cause, mend, "in ConnectionStrings__RealtimeKeys");

    [Fact]
    public async Task Keys_stand_on_the_journals_server_unless_another_is_named()
    {
        await using var journal = PostgresSource.Open(_connection);
        var configuration = new ConfigurationManager();
        Assert.Same(journal, RealtimeServices.KeysSourceOf(configuration, journal).Source);
        configuration["ConnectionStrings:RealtimeKeys"] = "Host=elsewhere;Database=keys";
        var (apart, setting) = RealtimeServices.KeysSourceOf(configuration, journal);
        Assert.Contains("elsewhere", apart.ConnectionString, StringComparison.Ordinal);
        Assert.Equal("ConnectionStrings__RealtimeKeys", setting);
        await apart.DisposeAsync();
        configuration["ConnectionStrings:RealtimeKeys"] = "Database=keys";
        Assert.Contains("ConnectionStrings__RealtimeKeys", Assert.Throws<StoreException>(() => RealtimeServices.KeysSourceOf(configuration, journal)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_block_is_on_the_disk_whatever_the_database_says()
    {
        Query($"DO 'BEGIN EXECUTE format(''ALTER DATABASE %I SET synchronous_commit = off'', current_database()); END'");
        Database().Prepare();
        Query(
            """
            CREATE TABLE seen (how text);
            CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO seen VALUES (current_setting(''synchronous_commit'')); RETURN NULL; END';
            CREATE TRIGGER noted AFTER INSERT OR DELETE ON realtime_keys.order_key FOR EACH STATEMENT EXECUTE FUNCTION note();
            """);
        var store = Open();
        await store.Forget([(await store.Take(Cancellation)).Id], Cancellation);
        Assert.Equal("0", Query("SELECT count(*) FROM seen WHERE how <> 'on'"));
        Assert.NotEqual("0", Query("SELECT count(*) FROM seen"));
    }

    public async ValueTask InitializeAsync() => _connection = await server.NewDatabase();

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources)
            await source.DisposeAsync();
    }

    internal override KeyDatabase Database() => Database("");

    protected override string Query(string sql)
    {
        using var connection = new NpgsqlConnection($"{_connection};Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return $"{command.ExecuteScalar()}";
    }

    protected override byte[] Everything()
    {
        using var connection = new NpgsqlConnection($"{_connection};Pooling=false");
        connection.Open();
        using var copy = connection.BeginRawBinaryCopy("COPY realtime_keys.order_key TO STDOUT (FORMAT BINARY)");
        using var bytes = new MemoryStream();
        copy.CopyTo(bytes);
        return bytes.ToArray();
    }

    protected override string Cut(string column) => $"substring({column} FROM 1 FOR length({column}) - 1)";

    private KeyStore OpenAs(string more) => new(Database(more), Ours, new Clock(TimeProvider.System), Microsoft.Extensions.Logging.Abstractions.NullLogger<KeyStore>.Instance);

    private PostgresKeys Database(string more)
    {
        var source = PostgresSource.Open($"{_connection};{more}");
        _sources.Add(source);
        return new PostgresKeys(source, "ConnectionStrings__RealtimeKeys");
    }

    private void Refused(string more, params string[] words)
    {
        var refusal = Assert.ThrowsAny<StoreException>(() => OpenAs(more));
        Assert.All(words, word => Assert.Contains(word, refusal.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', refusal.Message);
    }
}
