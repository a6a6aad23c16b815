using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Orleans.TestingHost;
using Realtime.Hours;
using Realtime.Idempotency;
using Realtime.Journal;
using Realtime.Pharmacies;

namespace Realtime.Tests.Pharmacies;

/// <summary>The pharmacy's grain in a real silo on a real store: what it remembers of requests, and for how long.</summary>
public abstract class PharmacyGrainSuite : IAsyncLifetime
{
    private const string Id = "990000010";
    private static readonly Instant Start = Instant.FromUtc(2026, 11, 23, 11, 0);
    private static readonly RequestKey Request = new("key", "command");
    private readonly InProcessTestCluster _cluster;
    private readonly ShiftedTime _time = new(Start);

    protected PharmacyGrainSuite()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) =>
        {
            Configure(silo);
            silo.Services.AddSingleton(new Clock(_time));
            silo.Services.AddSingleton(new DemoWorld(DemoCountry.Create()));
        });
        _cluster = builder.Build();
    }

    private IJournal Journal => _cluster.Silos[0].ServiceProvider.GetRequiredService<IJournal>();

    private IPharmacyGrain Grain => _cluster.Client.GetGrain<IPharmacyGrain>(Id);

    public virtual async ValueTask InitializeAsync() => await _cluster.DeployAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_request_that_comes_again_is_answered_as_the_first_time_and_writes_nothing()
    {
        var first = await Grain.SetHours("24/7", 0, "a", Request);
        await Grain.Pause("travaux", null, 1, "a");

        var again = await Grain.SetHours("24/7", 0, "a", Request);

        Assert.Equal((1L, false), (first.Seq, first.Replayed));
        Assert.Equal(first with { Replayed = true }, again);
        Assert.Equal(2, (await Rows()).Count);
        // Without its key the same command is old.
        Assert.Equal(PageRefusalKind.Stale, (await Grain.SetHours("24/7", 0, "a")).Refusal?.Kind);
    }

    [Fact]
    public async Task Many_that_come_at_once_with_one_key_make_one_change()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Grain.SetHours("24/7", 0, "a", Request)));

        Assert.All(answers, answer => Assert.Equal((1L, null), (answer.Seq, answer.Refusal)));
        Assert.Equal(19, answers.Count(answer => answer.Replayed));
        Assert.Single(await Rows());
    }

    [Fact]
    public async Task A_key_that_comes_with_another_command_is_refused_and_a_refused_request_is_not_remembered()
    {
        Assert.Equal(PageRefusalKind.Stale, (await Grain.SetHours("24/7", 7, "a", Request)).Refusal?.Kind);
        Assert.Null((await Grain.SetHours("24/7", 0, "a", Request)).Refusal);

        Assert.Equal(PageRefusalKind.KeyReused, (await Grain.SetHours("off", 1, "a", Request with { Command = "other" })).Refusal?.Kind);
        Assert.Single(await Rows());
    }

    [Fact]
    public async Task What_was_asked_is_known_to_the_next_activation_by_rows_and_by_snapshot_for_seven_days()
    {
        var first = await Grain.DeclareClosure(new("", Start, Start + Duration.FromDays(30), "travaux", null), 0, "a", Request);
        await ComesBack();
        Assert.Equal(first with { Replayed = true }, await Grain.DeclareClosure(new("", Start, Start + Duration.FromDays(30), "travaux", null), 0, "a", Request));

        // A snapshot is kept every 64 rows.
        for (var seq = 1; seq <= 64; seq++)
            await Grain.SetHours("24/7", seq, "a");
        await ComesBack();
        Assert.Equal(first with { Replayed = true }, await Grain.DeclareClosure(new("", Start, Start + Duration.FromDays(30), "travaux", null), 0, "a", Request));

        _time.Set(Start + AnsweredRequests.Kept + Duration.FromMinutes(5));
        var late = await Grain.DeclareClosure(new("", Start, Start + Duration.FromDays(30), "travaux", null), 65, "a", Request);
        Assert.Equal((66L, false), (late.Seq, late.Replayed));
        var rows = await Rows();
        Assert.Equal(["c1", "c66"], rows.Select(Event).OfType<ClosureDeclared>().Select(e => e.Closure.Id));
    }

    [Fact]
    public async Task Every_act_leaves_one_row_that_says_who_and_why_and_holds_no_key_in_public()
    {
        var page = new OwnPage("0199001234", ["parking"], [], new(ClickAndCollect: true), null);
        await Grain.SetPage(page, 0, "ann", Request);
        await Grain.Pause("travaux", null, 1, "ann", new("k2", "c"));
        await Grain.Resume(2, "ann", new("k3", "c"));
        await Grain.DeclareClosure(new("", Start, Start + Duration.FromDays(1), "travaux", null), 3, "ann", new("k4", "c"));
        await Grain.RevokeClosure("c4", 4, "ann", new("k5", "c"));
        await Grain.DeclareException(new ExceptionalOpening("", Start, Start + Duration.FromDays(1), "renfort"), 5, "ann", new("k6", "c"));
        await Grain.RevokeException("e6", 6, "ann", new("k7", "c"));

        var rows = await Rows();

        Assert.Equal(["page.set", "pharmacy.paused", "pharmacy.resumed", "closure.declared", "closure.revoked", "exception.declared", "exception.revoked"], rows.Select(r => r.Event.Kind));
        Assert.All(rows, row => Assert.Equal("ann", row.Event.Actor));
        Assert.Equal(["page set by the pharmacy", "paused by the pharmacy", "resumed by the pharmacy", "closure declared by the pharmacy", "closure revoked by the pharmacy", "exception declared by the pharmacy", "exception revoked by the pharmacy"], rows.Select(r => r.Event.Reason));
        await foreach (var state in Journal.PublicStates(PharmacyStreams.Prefix, TestContext.Current.CancellationToken))
            Assert.DoesNotContain("\"request\"", System.Text.Encoding.UTF8.GetString(state.Payload.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exceptions_are_known_to_the_next_activation_by_rows_and_by_snapshot_and_an_audit_finds_the_same_facts()
    {
        var today = Start.InUtc().Date;
        ExceptionalTime[] declared =
        [
            new ExceptionalOpening("e1", Start, Start + Duration.FromDays(1), "renfort"),
            new Vacation("e2", today.PlusDays(1), today.PlusDays(3), "fêtes", PharmacyId.Parse("990000028")),
            new HolidayWorked("e3", new(2026, 12, 25), "09:00-12:30"),
        ];
        for (var seq = 0; seq < declared.Length; seq++)
            Assert.Null((await Grain.DeclareException(declared[seq] with { Id = "" }, seq, "a", Request with { Key = $"k{seq}" })).Refusal);
        await ComesBack();
        await AssertKept();

        // A snapshot is kept every 64 rows.
        for (var seq = 3; seq <= 66; seq++)
            await Grain.SetHours("24/7", seq, "a");
        await ComesBack();
        await AssertKept();
        Assert.True((await Grain.DeclareException(declared[1] with { Id = "" }, 1, "a", Request with { Key = "k1" })).Replayed);

        async Task AssertKept()
        {
            var facts = PharmacyJson.ReadFacts(await Grain.FactsAfter(-1));
            Assert.Equal(declared.OrderBy(exception => exception.Id, StringComparer.Ordinal), facts.Exceptions.OrderBy(exception => exception.Id, StringComparer.Ordinal));
            var audited = new PharmacyFacts(_cluster.Silos[0].ServiceProvider.GetRequiredService<DemoWorld>().Find(PharmacyId.Parse(Id)));
            foreach (var row in await Rows())
                audited.Take(row);
            Assert.Equal(PharmacyJson.WriteFacts(facts), audited.Written()?.Payload);
        }
    }

    [Fact]
    public async Task A_request_whose_grain_was_fenced_is_answered_once_it_is_made_again()
    {
        await Grain.SetHours("24/7", 0, "a");
        // Another activation has carried it out meanwhile.
        var last = (await Rows())[^1];
        var (kind, version, payload) = PharmacyJson.Write(new HoursSet("off") { Request = Request });
        await Journal.Append(new Append(last.Stream, 2, last.Hash, last.At, new JournalEvent(kind, version, "a", "test", payload), null), TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<FencedException>(() => Grain.SetHours("off", 1, "a", Request));
        var again = await Grain.SetHours("off", 1, "a", Request);

        Assert.Equal((2L, true), (again.Seq, again.Replayed));
        Assert.Equal(2, (await Rows()).Count);
    }

    protected abstract void Configure(ISiloBuilder silo);

    private Task<IReadOnlyList<JournalRow>> Rows() => Journal.Read(PharmacyStreams.Of(PharmacyId.Parse(Id)), 0, TestContext.Current.CancellationToken);

    private async Task ComesBack() => await _cluster.DeactivateAsync(Grain);

    private static PharmacyEvent Event(JournalRow row) => PharmacyJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span);
}
