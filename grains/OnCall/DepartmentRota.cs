using System.Collections.Immutable;
using NodaTime;
using Realtime.Pharmacies;

namespace Realtime.OnCall;

/// <summary>A rota that is drafted.</summary>
/// <param name="Sector">Code.</param>
/// <param name="From">What it would replace begins here.</param>
/// <param name="Duties">By start.</param>
public sealed record Draft(string Sector, Instant From, IReadOnlyList<Duty> Duties);

/// <summary>The on-call duty of one department: its sectors, who serves when, and what sets that aside. Immutable.</summary>
public sealed record DepartmentRota
{
    /// <summary>The department that runs it, as <c>75</c> or <c>2A</c>.</summary>
    public required string Department { get; init; }

    /// <summary>The sectors that were made or changed here, by code; a demo country has others.</summary>
    public ImmutableSortedDictionary<string, OnCallSector> Sectors { get; init; } = ImmutableSortedDictionary.Create<string, OnCallSector>(StringComparer.Ordinal);

    /// <summary>Published duties by sector, each by start.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<Duty>> Rotas { get; init; } = ImmutableSortedDictionary.Create<string, ImmutableArray<Duty>>(StringComparer.Ordinal);

    /// <summary>Drafts by sector.</summary>
    public ImmutableSortedDictionary<string, Draft> Drafts { get; init; } = ImmutableSortedDictionary.Create<string, Draft>(StringComparer.Ordinal);

    /// <summary>Exchanges, those that are open and those that ended lately, the oldest first.</summary>
    public ImmutableArray<Swap> Swaps { get; init; } = [];

    /// <summary>Measures that were not over long ago, the oldest first.</summary>
    public ImmutableArray<Measure> Measures { get; init; } = [];

    /// <summary>What the authorities were given, the oldest first.</summary>
    public ImmutableArray<Sending> Sendings { get; init; } = [];

    /// <summary>When a row last changed the public duty of a pharmacy.</summary>
    public ImmutableDictionary<PharmacyId, Instant> Touched { get; init; } = ImmutableDictionary<PharmacyId, Instant>.Empty;

    /// <summary>When a row last changed the closures of the department; null where none ever did.</summary>
    public Instant? ClosuresAt { get; init; }

    /// <summary>The last row; 0 where nothing was ever written.</summary>
    public long Seq { get; init; }

    /// <summary>Nothing yet.</summary>
    public static DepartmentRota Empty(string department) => new() { Department = department };

    /// <summary>The duties that a sector's rota has, lifted ones included.</summary>
    public ImmutableArray<Duty> RotaOf(string sector) => Rotas.TryGetValue(sector, out var duties) ? duties : [];

    /// <summary>The swap of an id; null where there is none.</summary>
    public Swap? FindSwap(string id) => Swaps.FirstOrDefault(swap => swap.Id == id);

    /// <summary>The measure of an id; null where there is none.</summary>
    public Measure? FindMeasure(string id) => Measures.FirstOrDefault(measure => measure.Id == id);

    /// <summary>The duty of a key as it is planned; null where there is none.</summary>
    public Duty? Find(DutyKey key) => RotaOf(key.Sector).FirstOrDefault(duty => DutyKey.Of(duty) == key);

    /// <summary>Every duty that is served: what is planned, without the parts that a measure lifts, and what a requisition orders.</summary>
    public IEnumerable<Duty> Served() => Served(Rotas.Values.SelectMany(duties => duties));

    /// <summary>What is served of some duties that are planned, and what requisitions order.</summary>
    public IEnumerable<Duty> Served(IEnumerable<Duty> planned) => Standing(planned).Concat(Measures.Select(measure => measure.Ordered).OfType<Duty>());

    /// <summary>What is left of some duties that are planned when every measure that lifts them has cut its part out.</summary>
    public IEnumerable<Duty> Standing(IEnumerable<Duty> planned)
    {
        var lifting = Lifting.ToArray();
        return lifting.Length == 0 ? planned : planned.SelectMany(duty => Left(duty, lifting));
    }

    /// <summary>The measures that keep pharmacies from serving.</summary>
    public IEnumerable<Measure> Lifting => Measures.Where(measure => measure.Kind is MeasureKind.Exemption or MeasureKind.Strike);

    // What is left of a duty when every measure that lifts it has cut its part out.
    private static IEnumerable<Duty> Left(Duty duty, Measure[] lifting)
    {
        IEnumerable<OnCallPeriod> left = [duty.Period];
        foreach (var measure in lifting)
            if (measure.Lifts(duty.Sector, duty.Pharmacy) && measure.Start < duty.Period.End && duty.Period.Start < measure.End)
                left = [.. left.SelectMany(part => Without(part, measure.Start, measure.End))];
        return left.Select(part => ReferenceEquals(part, duty.Period) ? duty : duty with { Period = part });
    }

    private static IEnumerable<OnCallPeriod> Without(OnCallPeriod part, Instant start, Instant end)
    {
        if (end <= part.Start || part.End <= start)
        {
            yield return part;
            yield break;
        }
        if (part.Start < start)
            yield return part with { End = start };
        if (end < part.End)
            yield return part with { Start = end };
    }
}
