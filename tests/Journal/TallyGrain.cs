using System.Globalization;
using System.Text;
using NodaTime;
using Realtime.Journal;

namespace Realtime.Tests.Journal;

/// <summary>The smallest grain on the journal: it adds up.</summary>
[Alias("realtime.tests.ITallyGrain")]
public interface ITallyGrain : IGrainWithStringKey
{
    [Alias("Add")]
    Task<TallyAnswer> Add(int amount);

    [Alias("Total")]
    Task<TallyAnswer> Total();
}

/// <param name="Total">The sum.</param>
/// <param name="Replayed">Events applied since this activation began: by reading, not by adding.</param>
/// <param name="Activation">Which activation answered.</param>
[GenerateSerializer, Immutable, Alias("realtime.tests.TallyAnswer")]
public sealed record TallyAnswer([property: Id(0)] int Total, [property: Id(1)] int Replayed, [property: Id(2)] Guid Activation);

/// <param name="Amount">Negative amounts are logged under a kind that the poisoned store refuses.</param>
public sealed record Added(int Amount);

public sealed record Tally(int Total);

[GrainType("tests-tally")]
public sealed class TallyGrain(IJournal journal, [PersistentState("tally", JournalRegistration.Snapshots)] IPersistentState<Snapshot> snapshot)
    : JournaledGrain<Tally, Added>(journal, snapshot), ITallyGrain
{
    private readonly Guid _activation = Guid.CreateVersion7();
    private int _replayed;
    private int _evolved;

    protected override string Stream => $"tally/{this.GetPrimaryKeyString()}";

    protected override Tally Empty { get; } = new(0);

    protected override int StateVersion => 1;

    protected override int SnapshotEvery => 4;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        _replayed = _evolved;
    }

    public async Task<TallyAnswer> Add(int amount)
    {
        await Append(new Added(amount), "tester", "test", Instant.FromUnixTimeSeconds(Seq));
        return Answer();
    }

    public Task<TallyAnswer> Total() => Task.FromResult(Answer());

    protected override Tally Evolve(Tally state, Added change, long seq, Instant at)
    {
        _evolved++;
        return new Tally(state.Total + change.Amount);
    }

    protected override (string Kind, int Version, byte[] Payload) Write(Added change) => (change.Amount < 0 ? "Poison" : "Added", 1, Bytes(change.Amount));

    protected override Added Read(string kind, int version, ReadOnlyMemory<byte> payload) => new(Number(payload));

    protected override byte[] WriteState(Tally state) => Bytes(state.Total);

    protected override Tally ReadState(ReadOnlyMemory<byte> state) => new(Number(state));

    protected override byte[]? PublicState(Tally before, Tally after) => before.Total == after.Total ? null : Bytes(after.Total);

    private TallyAnswer Answer() => new(State.Total, _replayed, _activation);

    private static byte[] Bytes(int number) => Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    private static int Number(ReadOnlyMemory<byte> json) => int.Parse(Encoding.UTF8.GetString(json.Span), CultureInfo.InvariantCulture);
}
