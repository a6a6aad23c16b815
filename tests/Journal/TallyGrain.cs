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
/// <param name="Crossed">The total, where it has reached another hundred.</param>
public sealed record Added(int Amount, int? Crossed = null);

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

    // Longer where the total is large: the state says it, not the grain.
    protected override int SnapshotEvery => State.Total < 1_000 ? 4 : 8;

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

    protected override (string Kind, int Version, byte[] Payload) Write(Added change) => (change.Amount < 0 ? "Poison" : "Added", 1,
        change.Crossed is { } total ? Encoding.UTF8.GetBytes($"[{change.Amount},{total}]") : Bytes(change.Amount));

    protected override Added Read(string kind, int version, ReadOnlyMemory<byte> payload)
    {
        var numbers = Encoding.UTF8.GetString(payload.Span).Trim('[', ']').Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToList();
        return new Added(numbers[0], numbers.Count > 1 ? numbers[1] : null);
    }

    protected override Added Complete(Added change, Tally before, Tally after) => before.Total / 100 == after.Total / 100 ? change : change with { Crossed = after.Total };

    protected override IReadOnlyList<HistoryEntry> History(Tally before, Tally after) =>
        before.Total / 100 == after.Total / 100 ? [] : [new HistoryEntry($"{after.Total / 100:D4}", "crossed", Bytes(after.Total))];

    protected override byte[] WriteState(Tally state) => Bytes(state.Total);

    protected override Tally ReadState(ReadOnlyMemory<byte> state) => new(Number(state));

    protected override byte[]? PublicState(Added change, Tally before, Tally after) => before.Total == after.Total ? null : Bytes(after.Total);

    private TallyAnswer Answer() => new(State.Total, _replayed, _activation);

    private static byte[] Bytes(int number) => Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    private static int Number(ReadOnlyMemory<byte> json) => int.Parse(Encoding.UTF8.GetString(json.Span), CultureInfo.InvariantCulture);
}
