using Npgsql;
using Realtime.Journal;

namespace Realtime.Tests.Journal;

public sealed class PostgresJournaledGrainTests(PostgresServer server) : JournaledGrainSuite
{
    private NpgsqlDataSource? _source;

    protected override (string AsText, Func<string, string> AsBytes) Snapshot { get; } = ("convert_from(PayloadBinary, 'UTF8')", text => $"convert_to({text}, 'UTF8')");

    protected override string RefuseToCommitPoison =>
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''poisoned''; END';
        CREATE CONSTRAINT TRIGGER poisoned AFTER INSERT ON journal DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (NEW.kind = 'Poison') EXECUTE FUNCTION refuse();
        """;

    public override async ValueTask InitializeAsync()
    {
        _source = PostgresSource.Open(await server.NewDatabase());
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_source is not null)
            await _source.DisposeAsync();
    }

    protected override void Configure(ISiloBuilder silo)
    {
        silo.Services.AddPostgresJournal(_source!);
        silo.AddPostgresSnapshots();
    }

    protected override string Query(string sql)
    {
        using var command = _source!.CreateCommand(sql);
        return $"{command.ExecuteScalar()}";
    }
}
