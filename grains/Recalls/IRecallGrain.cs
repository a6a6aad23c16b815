using NodaTime;
using Orleans.Concurrency;
using Realtime.Idempotency;
using Realtime.Pharmacies;
using Realtime.Products;

namespace Realtime.Recalls;

/// <summary>One recall. The key is its id, which follows from the request that declares it (<see cref="RecallStreams.IdOf"/>).</summary>
[Alias("realtime.IRecallGrain")]
internal interface IRecallGrain : IGrainWithStringKey
{
    /// <summary>Declares it, and sends for every pharmacy that speaks of the product.</summary>
    /// <param name="asked">What is recalled.</param>
    /// <param name="request">By which it is recognized when it comes again.</param>
    /// <param name="actor">Pseudonym.</param>
    [Alias("Declare")]
    Task<RecallAnswer> Declare(RecallAsked asked, RequestKey request, string actor);

    /// <summary>Takes it back, and sends for the pharmacies again.</summary>
    [Alias("Withdraw")]
    Task<RecallAnswer> Withdraw(string reason, RequestKey request, string actor);

    /// <summary>Somebody in a pharmacy has seen it; who has seen it before sees nothing new.</summary>
    [Alias("Acknowledge")]
    Task<RecallAnswer> Acknowledge(PharmacyId pharmacy, string actor);

    /// <summary>Pharmacies were found to hold boxes of it; told again it is no news.</summary>
    /// <param name="found">Which, with what they hold.</param>
    /// <param name="visited">How many have been asked by now; 0 where nobody counts.</param>
    [Alias("Reached")]
    Task Reached(IReadOnlyList<RecallHolding> found, int visited);

    /// <summary>A turn among the pharmacies has ended.</summary>
    /// <param name="turn">The row that had sent for them.</param>
    /// <param name="visited">How many were asked.</param>
    /// <param name="withoutLots">How many of them have boxes of the product whose lot nobody has said.</param>
    /// <param name="failed">How many could not be asked: it has ended for all the others, and is told again.</param>
    [Alias("Spread")]
    Task Spread(long turn, int visited, int withoutLots, int failed);

    /// <summary>Sends for the pharmacies once more where a turn has not ended. Called by whoever likes, as often as anybody likes.</summary>
    [Alias("Resume")]
    Task Resume();

    /// <summary>Where it stands, with a page of the pharmacies that it has reached, by number; null where it was never declared.</summary>
    [Alias("Page"), ReadOnly]
    Task<RecallPage?> Page(PharmacyId? after, int limit);

    /// <summary>What one pharmacy holds of it; null where it has not reached that one.</summary>
    [Alias("At"), ReadOnly]
    Task<RecallHolder?> At(PharmacyId pharmacy);
}

/// <summary>What an operator recalls, its shape checked.</summary>
/// <param name="Reference">What its source calls it.</param>
/// <param name="Cip13">Of which product.</param>
/// <param name="Lots">As <see cref="Recall.Lots"/>.</param>
/// <param name="Source">Who says so.</param>
[GenerateSerializer, Immutable, Alias("realtime.RecallAsked")]
internal sealed record RecallAsked([property: Id(0)] string Reference, [property: Id(1)] Cip13 Cip13, [property: Id(2)] IReadOnlyList<string> Lots, [property: Id(3)] string Source);

/// <summary>The answer to a command about a recall.</summary>
/// <param name="Refusal">Null where it was carried out.</param>
/// <param name="Recall">What the recall is now; null where there is none.</param>
/// <param name="At">When somebody in the pharmacy saw it; null where that was not asked.</param>
/// <param name="Replayed">Whether it had been carried out before.</param>
[GenerateSerializer, Immutable, Alias("realtime.RecallAnswer")]
internal sealed record RecallAnswer([property: Id(0)] RecallRefusal? Refusal, [property: Id(1)] Recall? Recall, [property: Id(2)] Instant? At = null, [property: Id(3)] bool Replayed = false);

/// <summary>Where a recall stands.</summary>
/// <param name="Recall">What it is.</param>
/// <param name="Visited">How many pharmacies were asked, since it was declared or withdrawn.</param>
/// <param name="WithoutLots">How many of them have boxes of the product whose lot nobody has said.</param>
/// <param name="Holders">How many pharmacies hold boxes of it; others have orders that somebody must look at.</param>
/// <param name="Boxes">Boxes of it in all of them.</param>
/// <param name="Acknowledged">In how many of them somebody has seen it.</param>
/// <param name="Items">Some of them, by number.</param>
/// <param name="More">Whether there are more after the last one.</param>
[GenerateSerializer, Immutable, Alias("realtime.RecallPage")]
internal sealed record RecallPage(
    [property: Id(0)] Recall Recall, [property: Id(1)] int Visited, [property: Id(2)] int WithoutLots, [property: Id(3)] int Holders, [property: Id(4)] long Boxes,
    [property: Id(5)] int Acknowledged, [property: Id(6)] IReadOnlyList<RecallHolder> Items, [property: Id(7)] bool More)
{
    /// <summary>How many pharmacies could not be asked so far, and are asked again.</summary>
    [Id(8)] public int Failed { get; init; }
}
