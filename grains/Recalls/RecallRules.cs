using System.Collections.Immutable;
using NodaTime;
using Realtime.Idempotency;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Stock;

namespace Realtime.Recalls;

// One recall, top to bottom: what happened, what is refused, what is known, what is decided, what follows.

/// <summary>What happened to a recall. Stored: names and members are a contract (see <see cref="RecallJson"/>).</summary>
internal abstract record RecallEvent;

/// <summary>An operator declared it.</summary>
/// <param name="Reference">What its source calls it.</param>
/// <param name="Cip13">Of which product.</param>
/// <param name="Lots">As <see cref="Recall.Lots"/>.</param>
/// <param name="Source">Who says so.</param>
/// <param name="Request">By which it is recognized when it comes again.</param>
internal sealed record RecallDeclared(string Reference, Cip13 Cip13, IReadOnlyList<string> Lots, string Source, RequestKey Request) : RecallEvent;

/// <summary>Pharmacies hold boxes of it.</summary>
/// <param name="Pharmacies">At most <see cref="RecallRules.MostInRow"/>, with what each was found to hold.</param>
/// <param name="Visited">How many pharmacies had been asked by then, since it was declared.</param>
internal sealed record RecallReached(IReadOnlyList<RecallHolding> Pharmacies, int Visited) : RecallEvent;

/// <summary>Every pharmacy that speaks of the product has been asked, but for those that could not be.</summary>
/// <param name="Turn">The row that had sent for them: the declaration's, or the withdrawal's.</param>
/// <param name="Visited">How many were asked.</param>
/// <param name="WithoutLots">How many of them have boxes of the product whose lot nobody has said.</param>
/// <param name="Failed">How many could not be asked: while there are any, the turn goes on for these.</param>
internal sealed record RecallSpread(long Turn, int Visited, int WithoutLots = 0, int Failed = 0) : RecallEvent;

/// <summary>Somebody in a pharmacy has seen it; who, the row's actor tells.</summary>
internal sealed record RecallAcknowledged(PharmacyId Pharmacy) : RecallEvent;

/// <summary>An operator took it back.</summary>
/// <param name="Reason">Why, for the counters.</param>
/// <param name="Request">By which it is recognized when it comes again.</param>
internal sealed record RecallWithdrawn(string Reason, RequestKey Request) : RecallEvent;

/// <summary>What a pharmacy holds of a recall.</summary>
/// <param name="Id">The pharmacy.</param>
/// <param name="Boxes">Boxes of its lots.</param>
/// <param name="Orders">Open orders of the product.</param>
[GenerateSerializer, Immutable, Alias("realtime.RecallHolding")]
internal readonly record struct RecallHolding([property: Id(0)] PharmacyId Id, [property: Id(1)] int Boxes, [property: Id(2)] int Orders)
{
    /// <summary>As the pharmacy's stock says it.</summary>
    public static RecallHolding Of(PharmacyId pharmacy, RecallReach reach) => new(pharmacy, reach.Boxes, reach.Orders.Count);
}

/// <summary>A pharmacy that a recall has reached.</summary>
/// <param name="Held">What it was last found to hold.</param>
/// <param name="AcknowledgedAt">When somebody there saw that; null where nobody has.</param>
[GenerateSerializer, Immutable, Alias("realtime.RecallHolder")]
internal sealed record RecallHolder([property: Id(0)] RecallHolding Held, [property: Id(1)] Instant? AcknowledgedAt = null);

/// <summary>Why a command about a recall was refused.</summary>
internal enum RecallRefusal : byte
{
    /// <summary>No recall has this id.</summary>
    Unknown,

    /// <summary>The catalogue has no such product.</summary>
    UnknownProduct,

    /// <summary>The catalogue is not there yet: try again.</summary>
    NotReady,

    /// <summary>The key came before, with another command.</summary>
    KeyReused,

    /// <summary>It was taken back before.</summary>
    Withdrawn,

    /// <summary>The pharmacy holds no box of it.</summary>
    NotHeld,
}

/// <summary>What a recall's stream says. Immutable.</summary>
internal sealed record RecallState
{
    /// <summary>Before it was declared.</summary>
    public static readonly RecallState Empty = new();

    /// <summary>What everybody knows of it; null before it was declared.</summary>
    public Recall? Facts { get; init; }

    /// <summary>The pharmacies that it has reached, by number.</summary>
    public ImmutableSortedDictionary<PharmacyId, RecallHolder> Holders { get; init; } = ImmutableSortedDictionary<PharmacyId, RecallHolder>.Empty;

    /// <summary>The row for which pharmacies are, or were last, asked: the declaration's, or the withdrawal's.</summary>
    public long Turn { get; init; }

    /// <summary>How many were asked in that turn so far.</summary>
    public int Visited { get; init; }

    /// <summary>How many of them have boxes of the product whose lot nobody has said.</summary>
    public int WithoutLots { get; init; }

    /// <summary>How many could not be asked so far.</summary>
    public int Failed { get; init; }

    /// <summary>The request that declared it.</summary>
    public RequestKey? Declared { get; init; }

    /// <summary>The request that took it back.</summary>
    public RequestKey? Withdrawn { get; init; }
}

/// <summary>The rules of one recall. Pure.</summary>
internal static class RecallRules
{
    /// <summary>Pharmacies in one row: some 50 bytes each.</summary>
    public const int MostInRow = 1_000;

    /// <summary>Lots in one recall.</summary>
    public const int MostLots = 100;

    /// <summary>Characters in a lot (GS1 AI 10).</summary>
    public const int LongestLot = 20;

    /// <summary>Takes it back. A recall once taken back never holds again: declare another one.</summary>
    public static RecallRefusal? DecideWithdrawal(RecallState state, RequestKey request) =>
        state.Facts is null ? RecallRefusal.Unknown
        : request.Key == state.Declared!.Key || request.Key == state.Withdrawn?.Key ? RecallRefusal.KeyReused
        : !state.Facts.IsActive ? RecallRefusal.Withdrawn
        : null;

    /// <summary>What is news among what pharmacies hold, in rows that fit.</summary>
    public static IEnumerable<RecallReached> DecideReached(RecallState state, IReadOnlyList<RecallHolding> found, int visited) =>
        state.Facts is not { IsActive: true } ? []
        : found.Where(one => state.Holders.GetValueOrDefault(one.Id)?.Held != one).DistinctBy(one => one.Id).Chunk(MostInRow).Select(page => new RecallReached(page, Math.Max(visited, state.Visited)));

    /// <summary>Whether a turn that has ended is the one that was last begun, and not known to have ended.</summary>
    public static bool IsSpreadBy(RecallState state, long turn) => state.Facts is { IsSpread: false } && state.Turn == turn;

    /// <summary>How far a turn has come, where that is news.</summary>
    public static RecallSpread? DecideSpread(RecallState state, RecallSpread spread) =>
        !IsSpreadBy(state, spread.Turn) || (spread.Failed > 0 && (state.Visited, state.WithoutLots, state.Failed) == (spread.Visited, spread.WithoutLots, spread.Failed)) ? null : spread;

    /// <summary>The state after an event.</summary>
    public static RecallState Evolve(string id, RecallState state, RecallEvent happened, long seq, Instant at) => happened switch
    {
        RecallDeclared e => state with { Facts = new(id, e.Reference, e.Cip13, e.Lots, e.Source, at) { Seq = seq }, Turn = seq, Declared = e.Request },
        RecallReached e => state with { Holders = e.Pharmacies.Aggregate(state.Holders, Reached), Visited = e.Visited },
        RecallSpread e => state with
        {
            Facts = e.Failed > 0 ? state.Facts : state.Facts! with { IsSpread = true, Seq = seq },
            Visited = e.Visited,
            WithoutLots = e.WithoutLots,
            Failed = e.Failed,
        },
        RecallAcknowledged e => state with { Holders = state.Holders.SetItem(e.Pharmacy, state.Holders[e.Pharmacy] with { AcknowledgedAt = at }) },
        RecallWithdrawn e => state with { Facts = state.Facts! with { WithdrawnAt = at, WithdrawnFor = e.Reason, IsSpread = false, Seq = seq }, Turn = seq, Visited = 0, WithoutLots = 0, Failed = 0, Withdrawn = e.Request },
        _ => throw new InvalidOperationException($"{happened.GetType().Name} is no event of a recall."),
    };

    // More boxes than somebody has seen are to be seen again; fewer are what was to be done.
    private static ImmutableSortedDictionary<PharmacyId, RecallHolder> Reached(ImmutableSortedDictionary<PharmacyId, RecallHolder> holders, RecallHolding held) =>
        holders.SetItem(held.Id, new(held, holders.GetValueOrDefault(held.Id) is { } before && before.Held.Boxes >= held.Boxes ? before.AcknowledgedAt : null));
}
