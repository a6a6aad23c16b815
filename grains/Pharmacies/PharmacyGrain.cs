using NodaTime;
using Realtime.Hours;
using Realtime.Idempotency;
using Realtime.Journal;

namespace Realtime.Pharmacies;

/// <summary>What a pharmacy's stream says of it; nothing before its first event, unless the demo's seed gives it facts.</summary>
/// <param name="Facts">The public facts, or null where the pharmacy is not known.</param>
/// <param name="Answered">The requests that were carried out lately; not public.</param>
public sealed record PageState(Pharmacy? Facts, AnsweredRequests Answered);

/// <summary>The one owner of a pharmacy's page and hours: decide, append, evolve.</summary>
[GrainType("pharmacy")]
public sealed class PharmacyGrain(IJournal journal, [PersistentState("pharmacy", JournalRegistration.Snapshots)] IPersistentState<Snapshot> snapshot, Clock clock, DemoWorld demo)
    : JournaledGrain<PageState, PharmacyEvent>(journal, snapshot), IPharmacyGrain
{
    private PharmacyId Id => PharmacyId.Parse(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    protected override string Stream => PharmacyStreams.Of(Id);

    /// <inheritdoc/>
    protected override PageState Empty => new(demo.Find(Id), AnsweredRequests.None);

    /// <inheritdoc/>
    protected override int StateVersion => 4;

    /// <inheritdoc/>
    public Task<long> PageSeq() => Task.FromResult(Seq);

    /// <inheritdoc/>
    public Task<byte[]?> FactsAfter(long known) =>
        Task.FromResult(State.Facts is not { } facts ? [] : facts.Seq == known ? null : PharmacyJson.WriteFacts(facts));

    /// <inheritdoc/>
    public async Task PauseUnanswered(Instant? until, RequestKey request)
    {
        if (Replay(request) is null && PharmacyPage.DecideUnansweredPause(State.Facts, until, clock.Now) is { } happened)
            await Change(happened, "time", "paused since orders wait unanswered", request);
    }

    /// <inheritdoc/>
    public async Task<ImportOutcome> Import(PharmacyRecord record, string actor, ImportSource source)
    {
        if (record.Id != Id)
            throw new ArgumentException($"{record.Id} is not {Id}.", nameof(record));
        var now = clock.Now;
        if (PharmacyPage.DecideImport(State.Facts, record, source, now) is not { } happened)
            return ImportOutcome.Unchanged;
        var outcome = State.Facts is null ? ImportOutcome.Created : ImportOutcome.Updated;
        await Append(happened, actor, $"import {ImportKind.WordOf(source)}", now);
        return outcome;
    }

    /// <inheritdoc/>
    public async Task<PageChange> SetHours(string? hours, long expectedSeq, string actor, RequestKey? request = null) =>
        Replay(request) ?? (PharmacyPage.DecideHours(State.Facts, hours, expectedSeq, out var happened, out var refusal)
            ? await Change(happened, actor, "hours set by the pharmacy", request)
            : new(Seq, refusal));

    /// <inheritdoc/>
    public async Task<PageChange> DeclareClosure(Closure closure, long expectedSeq, string actor, RequestKey? request = null) =>
        Replay(request) ?? (PharmacyPage.DecideClosure(State.Facts, closure, expectedSeq, clock.Now, out var happened, out var refusal)
            ? await Change(happened, actor, "closure declared by the pharmacy", request)
            : new(Seq, refusal));

    /// <inheritdoc/>
    public async Task<PageChange> RevokeClosure(string closureId, long expectedSeq, string actor, RequestKey? request = null) =>
        Replay(request) ?? (PharmacyPage.DecideRevocation(State.Facts, closureId, expectedSeq, out var happened, out var refusal)
            ? await Change(happened, actor, "closure revoked by the pharmacy", request)
            : new(Seq, refusal));

    /// <inheritdoc/>
    public async Task<PageChange> DeclareException(ExceptionalTime exception, long expectedSeq, string actor, RequestKey? request = null) =>
        Replay(request) ?? (PharmacyPage.DecideException(State.Facts, exception, expectedSeq, clock.Now, out var happened, out var refusal)
            ? await Change(happened, actor, "exception declared by the pharmacy", request)
            : new(Seq, refusal));

    /// <inheritdoc/>
    public async Task<PageChange> RevokeException(string exceptionId, long expectedSeq, string actor, RequestKey? request = null) =>
        Replay(request) ?? (PharmacyPage.DecideExceptionRevocation(State.Facts, exceptionId, expectedSeq, out var happened, out var refusal)
            ? await Change(happened, actor, "exception revoked by the pharmacy", request)
            : new(Seq, refusal));

    /// <inheritdoc/>
    public async Task<PageChange> SetPage(OwnPage page, long expectedSeq, string actor, RequestKey? request = null) =>
        Replay(request) ?? (PharmacyPage.DecidePage(State.Facts, page, expectedSeq, out var happened, out var refusal)
            ? await Change(happened, actor, "page set by the pharmacy", request)
            : new(Seq, refusal));

    /// <inheritdoc/>
    public async Task<PageChange> Pause(string reason, Instant? until, long expectedSeq, string actor, RequestKey? request = null) =>
        Replay(request) ?? (PharmacyPage.DecidePause(State.Facts, reason, until, expectedSeq, clock.Now, out var happened, out var refusal)
            ? await Change(happened, actor, "paused by the pharmacy", request)
            : new(Seq, refusal));

    /// <inheritdoc/>
    public async Task<PageChange> Resume(long expectedSeq, string actor, RequestKey? request = null) =>
        Replay(request) ?? (PharmacyPage.DecideResumption(State.Facts, expectedSeq, clock.Now, out var happened, out var refusal)
            ? await Change(happened, actor, "resumed by the pharmacy", request)
            : new(Seq, refusal));

    /// <inheritdoc/>
    /// <remarks>What happened to a synthetic pharmacy while the demo was on leaves it unknown while the demo is off.</remarks>
    protected override PageState Evolve(PageState state, PharmacyEvent change, long seq, Instant at) =>
        demo.Shows(Id) ? new(PharmacyPage.Evolve(state.Facts, change, at, seq), state.Answered.After(change.Request, seq, at)) : state;

    /// <inheritdoc/>
    protected override (string Kind, int Version, byte[] Payload) Write(PharmacyEvent change) => PharmacyJson.Write(change);

    /// <inheritdoc/>
    protected override PharmacyEvent Read(string kind, int version, ReadOnlyMemory<byte> payload) => PharmacyJson.Read(kind, version, payload.Span);

    /// <inheritdoc/>
    protected override byte[] WriteState(PageState state) => PharmacyJson.WriteState(state);

    /// <inheritdoc/>
    protected override PageState ReadState(ReadOnlyMemory<byte> state) => PharmacyJson.ReadState(state.Span);

    /// <inheritdoc/>
    protected override byte[]? PublicState(PharmacyEvent change, PageState before, PageState after) => PharmacyJson.WriteFacts(after.Facts!);

    private async Task<PageChange> Change(PharmacyEvent happened, string actor, string reason, RequestKey? request)
    {
        var now = JournalRows.AsStored(clock.Now);
        await Append(happened with { Request = request }, actor, reason, now);
        return new(Seq, null, now);
    }

    // Before anything else is looked at: what was done is done, whatever has happened since.
    private PageChange? Replay(RequestKey? request) =>
        request is null || !State.Answered.TryFind(request.Key, clock.Now, out var before) ? null
        : before.Request == request ? new(before.Seq, null, before.At, Replayed: true)
        : new(Seq, new PageRefusal(PageRefusalKind.KeyReused));
}
