using NodaTime;
using Realtime.Idempotency;
using Realtime.Journal;
using Realtime.Pharmacies;

namespace Realtime.OnCall;

/// <summary>What a department's stream says.</summary>
/// <param name="Rota">Its duty.</param>
/// <param name="Answered">The requests that were carried out lately.</param>
public sealed record RotaState(DepartmentRota Rota, AnsweredRequests Answered);

/// <summary>The one owner of a department's duty: decide, append, evolve.</summary>
[GrainType("rota")]
public sealed class RotaGrain(IJournal journal, [PersistentState("rota", JournalRegistration.Snapshots)] IPersistentState<Snapshot> snapshot, Clock clock, DemoWorld demo)
    : JournaledGrain<RotaState, RotaEvent>(journal, snapshot), IRotaGrain
{
    private string Department => this.GetPrimaryKeyString();

    private DepartmentRota Rota => State.Rota;

    /// <inheritdoc/>
    protected override string Stream => RotaStreams.Of(Department);

    /// <inheritdoc/>
    protected override RotaState Empty => new(DepartmentRota.Empty(Department), AnsweredRequests.None);

    /// <inheritdoc/>
    protected override int StateVersion => 1;

    /// <inheritdoc/>
    public async Task<RotaChange> SetSector(OnCallSector sector, string actor, RequestKey request) =>
        Replay(request) is { } before ? before
        : !RotaRules.DecideSector(Rota, sector, out var happened, out var refusal) ? new(Seq, refusal)
        : happened is null ? new(Seq, null, sector.Code, clock.Now)
        : await Change(happened, sector.Code, actor, "sector set by the planner", request);

    /// <inheritdoc/>
    public async Task<RotaChange> SetRota(string sector, Instant? from, IReadOnlyList<Duty> duties, string actor, RequestKey request)
    {
        if (Replay(request) is { } before)
            return before;
        if (!RotaRules.DecideRota(Rota, SectorOf(sector), from, duties, clock.Now, out var happened, out var refusal))
            return new(Seq, refusal);
        await Adopt(sector, happened.From, actor);
        return await Change(happened, sector, actor, "rota published by the planner", request);
    }

    /// <inheritdoc/>
    public async Task<RotaChange> SetDraft(string sector, Instant? from, IReadOnlyList<Duty> duties, string actor, RequestKey request) =>
        Replay(request) is { } before ? before
        : !RotaRules.DecideDraft(Rota, SectorOf(sector), from, duties, clock.Now, out var happened, out var refusal) ? new(Seq, refusal)
        : await Change(happened, sector, actor, "rota drafted by the planner", request);

    /// <inheritdoc/>
    public async Task<RotaChange> DropDraft(string sector, string actor, RequestKey request) =>
        Replay(request) is { } before ? before
        : !Rota.Drafts.ContainsKey(sector) ? new(Seq, new(RotaRefusalKind.NoDraft, 0, sector))
        : await Change(new DraftDropped(sector), sector, actor, "draft dropped by the planner", request);

    /// <inheritdoc/>
    public async Task<RotaChange> Publish(IReadOnlyList<string> sectors, string actor, RequestKey request)
    {
        if (Replay(request) is { } before)
            return before;
        if (!RotaRules.DecidePublication(Rota, sectors, out var happened, out var refusal))
            return new(Seq, refusal);
        foreach (var sector in happened.Sectors)
            await Adopt(sector, Rota.Drafts[sector].From, actor);
        return await Change(happened, null, actor, "drafts published by the planner", request);
    }

    /// <inheritdoc/>
    public async Task<RotaChange> ProposeSwap(DutyKey give, DutyKey take, string actor, RequestKey request)
    {
        if (Replay(request) is { } before)
            return before;
        // The demo's duty is exchanged as anybody's: what is exchanged is written down first.
        foreach (var key in new[] { give, take })
            if (IsSeeded(key))
                await Adopt(key.Sector, clock.Now + RotaRules.Kept, actor);
        return RotaRules.DecideSwap(Rota, give, take, JournalRows.AsStored(clock.Now), out var happened, out var refusal)
            ? await Change(happened, happened.Swap.Id, actor, "swap proposed by the titulaire", request)
            : new(Seq, refusal);
    }

    /// <inheritdoc/>
    public async Task<RotaChange> AnswerSwap(string id, SwapState answer, string actor, RequestKey request) =>
        Replay(request) is { } before ? before
        : !RotaRules.DecideAnswer(Rota, id, answer, clock.Now, out var happened, out var refusal) ? new(Seq, refusal)
        : await Change(happened, id, actor, $"swap {RotaRules.Word(answer)} by the titulaire", request);

    /// <inheritdoc/>
    public async Task<RotaChange> DecideSwap(string id, bool confirmed, string? reason, string actor, RequestKey request) =>
        Replay(request) is { } before ? before
        : !RotaRules.DecideConfirmation(Rota, id, confirmed, reason, clock.Now, out var happened, out var refusal) ? new(Seq, refusal)
        : await Change(happened, id, actor, confirmed ? "swap confirmed by the planner" : "swap refused by the planner", request);

    /// <inheritdoc/>
    public async Task<RotaChange> TakeMeasure(Measure measure, string actor, RequestKey request)
    {
        if (Replay(request) is { } before)
            return before;
        var sector = measure.Sector is { } code ? SectorOf(code) : null;
        if (!RotaRules.DecideMeasure(Rota, sector, measure, clock.Now, out var happened, out var refusal))
            return new(Seq, refusal);
        // What a requisition orders is shown by the rules of its sector.
        if (measure.Kind == MeasureKind.Requisition)
            await TakeOver(sector!, actor);
        var named = RotaRules.Named(Rota, happened);
        return await Change(named, named.Measure.Id, actor, "measure taken by the planner", request);
    }

    /// <inheritdoc/>
    public async Task<RotaChange> EndMeasure(string id, string actor, RequestKey request) =>
        Replay(request) is { } before ? before
        : !RotaRules.DecideEnd(Rota, id, clock.Now, out var happened, out var refusal) ? new(Seq, refusal)
        : await Change(happened, id, actor, "measure ended by the planner", request);

    /// <inheritdoc/>
    public async Task<RotaChange> RecordSending(Sending sending, string actor, RequestKey request) =>
        Replay(request) ?? await Change(new DutiesSent(sending), null, actor, "duties sent by the planner", request);

    /// <inheritdoc/>
    protected override RotaState Evolve(RotaState state, RotaEvent change, long seq, Instant at) =>
        new(RotaRules.Evolve(state.Rota, change, seq, at), state.Answered.After(change.Request, seq, at));

    /// <inheritdoc/>
    protected override (string Kind, int Version, byte[] Payload) Write(RotaEvent change) => RotaJson.Write(change);

    /// <inheritdoc/>
    protected override RotaEvent Read(string kind, int version, ReadOnlyMemory<byte> payload) => RotaJson.Read(kind, version, payload.Span);

    /// <inheritdoc/>
    protected override byte[] WriteState(RotaState state) => RotaJson.WriteState(state);

    /// <inheritdoc/>
    protected override RotaState ReadState(ReadOnlyMemory<byte> state) => RotaJson.ReadState(state.Span);

    /// <inheritdoc/>
    protected override byte[]? PublicState(RotaEvent change, RotaState before, RotaState after) => RotaJson.WriteFacts(after.Rota);

    private OnCallSector? SectorOf(string code) => Rota.Sectors.GetValueOrDefault(code) ?? demo.SectorOf(Department, code);

    private bool IsSeeded(DutyKey key) =>
        !Rota.Rotas.ContainsKey(key.Sector) && key.Start > clock.Now && demo.SectorOf(Department, key.Sector) is not null && SectorOf(key.Sector) is { } sector
        && demo.DutiesOf(sector, key.Start, key.Start + Duration.Epsilon).Any(duty => DutyKey.Of(duty) == key);

    // A sector of the demo's seed becomes one of the department's own with the first rota that is written for it, and the seed's duty goes on until that begins.
    private async Task Adopt(string code, Instant until, string actor)
    {
        if (demo.SectorOf(Department, code) is null || Rota.Rotas.ContainsKey(code))
            return;
        var (sector, now) = (SectorOf(code)!, JournalRows.AsStored(clock.Now));
        await TakeOver(sector, actor);
        var from = now - RotaRules.LongestDuty;
        Duty[] seeded = [.. demo.DutiesOf(sector, from, until).Where(duty => duty.Period.Start >= from && duty.Period.Start < until)];
        if (seeded.Length > 0)
            await Append(new RotaSet(code, from, seeded), actor, "duty of the demo taken over", now);
    }

    private Task TakeOver(OnCallSector sector, string actor) =>
        Rota.Sectors.ContainsKey(sector.Code) ? Task.CompletedTask : Append(new SectorSet(sector), actor, "sector of the demo taken over", JournalRows.AsStored(clock.Now));

    private async Task<RotaChange> Change(RotaEvent happened, string? id, string actor, string reason, RequestKey request)
    {
        var now = JournalRows.AsStored(clock.Now);
        await Append(happened with { Request = request }, actor, reason, now);
        return new(Seq, null, id, now);
    }

    // Before anything else is looked at: what was done is done, whatever has happened since. What it made is named after its row.
    private RotaChange? Replay(RequestKey request) =>
        !State.Answered.TryFind(request.Key, clock.Now, out var before) ? null
        : before.Request == request ? new(before.Seq, null, $"{Department}-{before.Seq}", before.At, Replayed: true)
        : new(Seq, new(RotaRefusalKind.KeyReused));
}
