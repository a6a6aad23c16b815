using System.Collections.Immutable;
using System.Text.Json;
using NodaTime;
using Realtime.Journal;
using Realtime.Pharmacies;

namespace Realtime.Products;

/// <summary>Masses per box that the pharmacists of one pharmacy have read from boxes. The key is the pharmacy's FINESS number: a pharmacist answers for his own sales, and for nobody else's.</summary>
[Alias("realtime.IBoxMassGrain")]
public interface IBoxMassGrain : IGrainWithStringKey
{
    /// <summary>Enters the mass of one substance in one box; a later entry takes the place of an earlier one.</summary>
    /// <param name="cip13">Which presentation.</param>
    /// <param name="substance">Which substance, as rules name it.</param>
    /// <param name="grams">Grams per box.</param>
    /// <param name="actor">Pseudonym of the pharmacist.</param>
    /// <returns>Null where it was entered, or was so already; else why not.</returns>
    [Alias("Enter")]
    Task<BoxMassRefusal?> Enter(Cip13 cip13, string substance, decimal grams, string actor);

    /// <summary>Every mass entered, the last for each substance of each box.</summary>
    [Alias("Entered"), Orleans.Concurrency.ReadOnly]
    Task<IReadOnlyList<BoxMassEntered>> Entered();
}

/// <summary>Why a mass was not entered.</summary>
public enum BoxMassRefusal : byte
{
    /// <summary>No such presentation is known.</summary>
    UnknownProduct,

    /// <summary>The box does not hold this substance.</summary>
    NoSuchSubstance,

    /// <summary>The mass is computed from the medicines database already.</summary>
    MassKnown,

    /// <summary>The mass is not above 0 g and at most <see cref="BoxMass.MostGrams"/>.</summary>
    OutOfRange,

    /// <summary>The catalogue is not there yet: try again.</summary>
    NotReady,
}

/// <summary>A pharmacist entered a mass. Stored and sent: names are a contract.</summary>
/// <param name="Cip13">Which presentation.</param>
/// <param name="Substance">Which substance.</param>
/// <param name="Grams">Grams per box.</param>
[GenerateSerializer, Immutable, Alias("realtime.BoxMassEntered")]
public sealed record BoxMassEntered([property: Id(0)] Cip13 Cip13, [property: Id(1)] string Substance, [property: Id(2)] decimal Grams);

/// <summary>What was entered so far.</summary>
/// <param name="Entered">In the order of the log, each box and substance once.</param>
public sealed record BoxMassState(ImmutableList<BoxMassEntered> Entered);

/// <summary>The rule about masses that pharmacists enter.</summary>
public static class BoxMass
{
    /// <summary>More of a limited substance is in no box: hospital packs of paracetamol hold 100 g.</summary>
    public const decimal MostGrams = 1_000;

    /// <summary>Decides an entry; null and no event where it was entered so already.</summary>
    internal static BoxMassRefusal? Decide(BoxMassState state, Product? product, BoxMassEntered entry, out BoxMassEntered? happened)
    {
        happened = null;
        if (product is null)
            return BoxMassRefusal.UnknownProduct;
        if (product.Facts.Parts.FirstOrDefault(part => part.Substance == entry.Substance) is not { } part)
            return BoxMassRefusal.NoSuchSubstance;
        if (part.Grams is not null)
            return BoxMassRefusal.MassKnown;
        if (entry.Grams is <= 0 or > MostGrams)
            return BoxMassRefusal.OutOfRange;
        happened = state.Entered.Contains(entry) ? null : entry;
        return null;
    }

    /// <summary>The state after an entry.</summary>
    internal static BoxMassState Evolve(BoxMassState state, BoxMassEntered entry) =>
        new(state.Entered.RemoveAll(known => known.Cip13 == entry.Cip13 && known.Substance == entry.Substance).Add(entry));

    /// <summary>The facts of a presentation, with what a pharmacist entered where the medicines database says nothing.</summary>
    internal static DoseFacts Complete(DoseFacts facts, Cip13 cip13, IReadOnlyList<BoxMassEntered> entered) => facts with
    {
        Parts = [.. facts.Parts.Select(part => part.Grams is null && entered.FirstOrDefault(e => e.Cip13 == cip13 && e.Substance == part.Substance) is { } known ? part with { Grams = Mass.OfGrams(known.Grams) } : part)],
    };
}

/// <summary>Decide, append, evolve.</summary>
[GrainType("boxmass")]
internal sealed class BoxMassGrain(IJournal journal, [PersistentState("boxmass", JournalRegistration.Snapshots)] IPersistentState<Snapshot> snapshot, Clock clock, Shelf shelf)
    : JournaledGrain<BoxMassState, BoxMassEntered>(journal, snapshot), IBoxMassGrain
{
    /// <summary>Every stream of masses starts so.</summary>
    public const string Prefix = "boxmass/";

    protected override string Stream => Prefix + PharmacyId.Parse(this.GetPrimaryKeyString()).Value;

    protected override BoxMassState Empty => new([]);

    protected override int StateVersion => 1;

    public async Task<BoxMassRefusal?> Enter(Cip13 cip13, string substance, decimal grams, string actor)
    {
        if (shelf.Catalogue is not { } catalogue)
            return BoxMassRefusal.NotReady;
        _ = catalogue.TryFind(cip13, out var product);
        var refusal = BoxMass.Decide(State, product, new(cip13, substance, grams), out var happened);
        if (happened is not null)
            await Append(happened, actor, "mass read from the box by a pharmacist", clock.Now);
        return refusal;
    }

    public Task<IReadOnlyList<BoxMassEntered>> Entered() => Task.FromResult<IReadOnlyList<BoxMassEntered>>([.. State.Entered]);

    protected override BoxMassState Evolve(BoxMassState state, BoxMassEntered change, long seq, Instant at) => BoxMass.Evolve(state, change);

    protected override (string Kind, int Version, byte[] Payload) Write(BoxMassEntered change) => ("boxmass.entered", 1, JsonSerializer.SerializeToUtf8Bytes(change, ProductJson.Context.BoxMassEntered));

    protected override BoxMassEntered Read(string kind, int version, ReadOnlyMemory<byte> payload) => (kind, version) switch
    {
        ("boxmass.entered", 1) => JsonSerializer.Deserialize(payload.Span, ProductJson.Context.BoxMassEntered)!,
        _ => throw new InvalidOperationException($"The journal holds {kind} version {version}, which this program does not know: it was written by a newer one."),
    };

    protected override byte[] WriteState(BoxMassState state) => JsonSerializer.SerializeToUtf8Bytes(state, ProductJson.Context.BoxMassState);

    protected override BoxMassState ReadState(ReadOnlyMemory<byte> state) => JsonSerializer.Deserialize(state.Span, ProductJson.Context.BoxMassState)!;
}
