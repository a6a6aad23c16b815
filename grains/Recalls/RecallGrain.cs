using NodaTime;
using Realtime.Idempotency;
using Realtime.Journal;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Stock;

namespace Realtime.Recalls;

/// <summary>The one owner of a recall: decide, append, evolve; the pharmacies are told by <see cref="RecallSpreader"/>, outside of its turns.</summary>
[GrainType("recall")]
internal sealed class RecallGrain(
    IJournal journal, [PersistentState("recall", JournalRegistration.Snapshots)] IPersistentState<Snapshot> snapshot, Clock clock, Shelf shelf, RecallKnowledge knowledge, RecallSpreader spreader)
    : JournaledGrain<RecallState, RecallEvent>(journal, snapshot), IRecallGrain
{
    private const string Spreading = "spread";

    private string Id => this.GetPrimaryKeyString();

    /// <inheritdoc/>
    protected override string Stream => RecallStreams.Of(Id);

    /// <inheritdoc/>
    protected override RecallState Empty => RecallState.Empty;

    /// <inheritdoc/>
    protected override int StateVersion => 1;

    // A row may name a thousand pharmacies, and so may the state: snapshots grow rarer with it.
    /// <inheritdoc/>
    protected override int SnapshotEvery => Math.Max(64, State.Holders.Count / 2);

    /// <inheritdoc/>
    public async Task<RecallAnswer> Declare(RecallAsked asked, RequestKey request, string actor)
    {
        // The id follows from the key, so that whoever comes with this key comes here.
        if (State.Declared is { } before)
            return before == request ? new(null, State.Facts, Replayed: true) : new(RecallRefusal.KeyReused, null);
        if (shelf.Catalogue is not { } catalogue)
            return new(RecallRefusal.NotReady, null);
        if (!catalogue.TryFind(asked.Cip13, out _))
            return new(RecallRefusal.UnknownProduct, null);
        await Append(new RecallDeclared(asked.Reference, asked.Cip13, asked.Lots, asked.Source, request), actor, "declared by an operator", clock.Now);
        Send();
        return new(null, State.Facts);
    }

    /// <inheritdoc/>
    public async Task<RecallAnswer> Withdraw(string reason, RequestKey request, string actor)
    {
        if (State.Withdrawn == request)
            return new(null, State.Facts, Replayed: true);
        if (RecallRules.DecideWithdrawal(State, request) is { } refusal)
            return new(refusal, State.Facts);
        await Append(new RecallWithdrawn(reason, request), actor, "withdrawn by an operator", clock.Now);
        Send();
        return new(null, State.Facts);
    }

    /// <inheritdoc/>
    public async Task<RecallAnswer> Acknowledge(PharmacyId pharmacy, string actor)
    {
        if (State.Facts is not { } facts)
            return new(RecallRefusal.Unknown, null);
        if (!State.Holders.ContainsKey(pharmacy))
            await Look(facts, pharmacy);
        if (!State.Holders.TryGetValue(pharmacy, out var holder))
            return new(RecallRefusal.NotHeld, facts);
        if (holder.AcknowledgedAt is { } seen)
            return new(null, facts, seen, Replayed: true);
        await Append(new RecallAcknowledged(pharmacy), actor, "seen at the counter", clock.Now);
        return new(null, facts, State.Holders[pharmacy].AcknowledgedAt);
    }

    /// <inheritdoc/>
    public async Task Reached(IReadOnlyList<RecallHolding> found, int visited)
    {
        foreach (var reached in RecallRules.DecideReached(State, found, visited).ToArray())
            await Append(reached, Spreading, "boxes of it were found", clock.Now);
    }

    /// <inheritdoc/>
    public async Task Spread(long turn, int visited, int withoutLots, int failed)
    {
        if (RecallRules.DecideSpread(State, new(turn, visited, withoutLots, failed)) is { } spread)
            await Append(spread, Spreading, failed == 0 ? "every pharmacy concerned was asked" : "some pharmacies could not be asked", clock.Now);
    }

    /// <inheritdoc/>
    public Task Resume()
    {
        if (State.Facts is { IsSpread: false })
            Send();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<RecallPage?> Page(PharmacyId? after, int limit)
    {
        if (State.Facts is not { } facts)
            return Task.FromResult<RecallPage?>(null);
        var rest = State.Holders.Values.Where(holder => after is not { } last || holder.Held.Id > last).Take(limit + 1).ToArray();
        var page = new RecallPage(
            facts, State.Visited, State.WithoutLots, State.Holders.Values.Count(holder => holder.Held.Boxes > 0), State.Holders.Values.Sum(holder => (long)holder.Held.Boxes), State.Holders.Values.Count(holder => holder.AcknowledgedAt is not null),
            rest.Length > limit ? rest[..limit] : rest, rest.Length > limit);
        return Task.FromResult<RecallPage?>(page with { Failed = State.Failed });
    }

    /// <inheritdoc/>
    public Task<RecallHolder?> At(PharmacyId pharmacy) => Task.FromResult(State.Holders.GetValueOrDefault(pharmacy));

    /// <inheritdoc/>
    protected override RecallState Evolve(RecallState state, RecallEvent change, long seq, Instant at) => RecallRules.Evolve(Id, state, change, seq, at);

    /// <inheritdoc/>
    protected override (string Kind, int Version, byte[] Payload) Write(RecallEvent change) => RecallJson.Write(change);

    /// <inheritdoc/>
    protected override RecallEvent Read(string kind, int version, ReadOnlyMemory<byte> payload) => RecallJson.Read(kind, version, payload.Span);

    /// <inheritdoc/>
    protected override byte[] WriteState(RecallState state) => RecallJson.WriteState(state);

    /// <inheritdoc/>
    protected override RecallState ReadState(ReadOnlyMemory<byte> state) => RecallJson.ReadState(state.Span);

    /// <inheritdoc/>
    protected override byte[]? PublicState(RecallEvent change, RecallState before, RecallState after) => ReferenceEquals(before.Facts, after.Facts) ? null : RecallJson.WriteFacts(after.Facts!);

    // This silo knows it at once; the others within a tenth of a second, or sooner by whoever is sent.
    private void Send()
    {
        knowledge.Seen(State.Facts!);
        spreader.Put(State.Facts!, State.Turn);
    }

    // A counter may see the boxes in its shelf before the turn among the pharmacies has come back.
    private async Task Look(Recall facts, PharmacyId pharmacy)
    {
        var reach = await GrainFactory.GetGrain<IStockGrain>(pharmacy.Value).ApplyRecall(facts);
        if (reach.IsBarred)
            await Reached([RecallHolding.Of(pharmacy, reach)], 0);
    }
}
