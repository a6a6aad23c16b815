using System.Collections.Immutable;
using NodaTime;
using Realtime.Hours;
using Realtime.Pharmacies;

namespace Realtime.OnCall;

/// <summary>
/// All that is known of on-call duty in the country: the departments' own words, and the demo's seed where they say nothing. Immutable; a department that changed gives another book.
/// Each pharmacy's part is looked up by number; what the public may know of it is <see cref="PharmacyDuty"/>, which never holds a hidden duty.
/// </summary>
public sealed class OnCallBook
{
    private readonly DemoWorld _demo;
    private readonly ImmutableDictionary<string, Known> _departments;
    private readonly ImmutableDictionary<PharmacyId, PharmacyDuty> _duties;
    private readonly Lazy<ILookup<PharmacyId, OnCallSector>> _sectorsOf;
    private readonly Lazy<Dictionary<string, OnCallSector>> _seeded;

    private OnCallBook(DemoWorld demo, ImmutableDictionary<string, Known> departments, ImmutableDictionary<PharmacyId, PharmacyDuty> duties, Lazy<Dictionary<string, OnCallSector>> seeded)
    {
        (_demo, _departments, _duties, _seeded) = (demo, departments, duties, seeded);
        _sectorsOf = new(() => departments.Values.SelectMany(known => known.Rota.Sectors.Values).SelectMany(sector => sector.Pharmacies, (sector, id) => (sector, id)).ToLookup(one => one.id, one => one.sector));
        HidesAnything = departments.Values.Any(known => known.Rota.Sectors.Values.Any(Hides));
    }

    /// <summary>A book in which no department has said anything.</summary>
    public static OnCallBook Of(DemoWorld demo) => new(
        demo, ImmutableDictionary.Create<string, Known>(StringComparer.Ordinal), ImmutableDictionary<PharmacyId, PharmacyDuty>.Empty, new(() => demo.Sectors.ToDictionary(sector => sector.Code, StringComparer.Ordinal)));

    /// <summary>What departments have said, in no order.</summary>
    public IEnumerable<DepartmentRota> Departments => _departments.Values.Select(known => known.Rota);

    /// <summary>Whether any sector of the country hides a duty.</summary>
    public bool HidesAnything { get; }

    /// <summary>What a department has said; nothing where it has not.</summary>
    public DepartmentRota Of(string department) => _departments.GetValueOrDefault(department)?.Rota ?? DepartmentRota.Empty(department);

    /// <summary>The book after a department changed, and the pharmacies of which the public may now know something else than before.</summary>
    /// <param name="rota">All that the department says.</param>
    /// <param name="changed">Those pharmacies, but for those that a closure of the whole department concerns (<see cref="ClosuresDiffer"/>).</param>
    public OnCallBook With(DepartmentRota rota, out IReadOnlyCollection<PharmacyId> changed)
    {
        var before = Of(rota.Department);
        changed = [];
        if (before.Seq >= rota.Seq)
            return this;
        var next = new OnCallBook(_demo, _departments.SetItem(rota.Department, new(rota, PublicDuties.Of(rota))), _duties, _seeded);
        var duties = _duties.ToBuilder();
        var concerned = new List<PharmacyId>();
        foreach (var id in before.Touched.Keys.Union(rota.Touched.Keys).Union(SeedMayGiveWay(before, rota)).Union(SeedMayBeLifted(before, rota)))
        {
            var duty = next.Compute(id);
            if (before.Touched.GetValueOrDefault(id) == rota.Touched.GetValueOrDefault(id) && duty.SaysAs(DutyOf(id)))
                continue;
            duties[id] = duty;
            concerned.Add(id);
        }
        changed = concerned;
        return new(_demo, next._departments, duties.ToImmutable(), _seeded);
    }

    /// <summary>Whether the closures of the whole department differ between this book and another.</summary>
    public bool ClosuresDiffer(OnCallBook other, string department) => !Of(department).ClosuresAt.Equals(other.Of(department).ClosuresAt);

    /// <summary>What the public may know of a pharmacy's duty.</summary>
    /// <param name="id">Which.</param>
    public PharmacyDuty DutyOf(PharmacyId id) => _duties.TryGetValue(id, out var duty) ? duty : PharmacyDuty.OfSeed(_demo.Duty(id));

    /// <summary>The closures of a whole department, in any order.</summary>
    public IReadOnlyList<Closure> ClosuresOf(string? department) => department is null || !_departments.TryGetValue(department, out var known) ? []
        : [.. known.Rota.Measures.Where(measure => measure.Kind == MeasureKind.Closure).Select(measure => new Closure(measure.Id, measure.Start, measure.End, measure.Reason, null))];

    /// <summary>When a public row of duty last touched a pharmacy of a department; null where none ever did.</summary>
    public Instant? TouchedAt(PharmacyId id, string? department)
    {
        Instant? last = department is null ? null : Of(department).ClosuresAt;
        foreach (var rota in Departments)
            if (rota.Touched.TryGetValue(id, out var at) && !(last > at))
                last = at;
        return last;
    }

    /// <summary>The sectors that a department runs, the seed's among them, by code.</summary>
    public IEnumerable<OnCallSector> SectorsOf(string department) =>
        Of(department) is var rota ? _seeded.Value.Values.Where(sector => sector.Department == department && !rota.Sectors.ContainsKey(sector.Code)).Concat(rota.Sectors.Values).OrderBy(sector => sector.Code, StringComparer.Ordinal) : [];

    /// <summary>The sector of a code; null where there is none.</summary>
    public OnCallSector? FindSector(string code)
    {
        foreach (var rota in Departments)
            if (rota.Sectors.TryGetValue(code, out var sector))
                return sector;
        return _seeded.Value.GetValueOrDefault(code);
    }

    /// <summary>The sectors that a pharmacy belongs to, those of the seed aside.</summary>
    public IEnumerable<OnCallSector> OwnSectorsOf(PharmacyId id) => _sectorsOf.Value[id];

    /// <summary>The sectors that a pharmacy belongs to, those of the seed among them where nobody has changed them, by code.</summary>
    public IEnumerable<OnCallSector> AllSectorsOf(PharmacyId id) => Enum.GetValues<OnCallKind>()
        .Select(kind => _demo.SectorOf(id, kind)).OfType<string>().Select(FindSector).OfType<OnCallSector>().Where(sector => sector.Pharmacies.Contains(id))
        .Concat(OwnSectorsOf(id)).DistinctBy(sector => sector.Code).OrderBy(sector => sector.Code, StringComparer.Ordinal);

    /// <summary>Whether any duty sector has a pharmacy, the seed's included.</summary>
    public bool IsInSector(PharmacyId id) => _sectorsOf.Value[id].Any() || _demo.Find(id) is not null;

    /// <summary>Whether a sector hides some kind of its duty.</summary>
    public static bool Hides(OnCallSector sector) => sector.Kinds.Any(kind => kind.Disclosure == Disclosure.Hidden);

    /// <summary>Every duty of a sector that meets [from, to), hidden or not, as it is served: for planners and dispatchers alone.</summary>
    public IEnumerable<Duty> DutiesOf(OnCallSector sector, Instant from, Instant to)
    {
        var rota = Of(sector.Department);
        var planned = PlannedOf(sector, from, to);
        return rota.Served(planned).Where(duty => duty.Sector == sector.Code && duty.Period.Start < to && from < duty.Period.End).OrderBy(duty => duty.Period.Start).ThenBy(duty => duty.Pharmacy);
    }

    /// <summary>Every duty of a pharmacy that meets [from, to), hidden or not, in its own sectors and where an exchange took it: for itself and its planners alone.</summary>
    public IEnumerable<Duty> DutiesOf(PharmacyId id, Instant from, Instant to) => AllSectorsOf(id)
        .Concat(Departments.SelectMany(rota => rota.Rotas).Where(pair => pair.Value.Any(duty => duty.Pharmacy == id)).Select(pair => FindSector(pair.Key)).OfType<OnCallSector>()).DistinctBy(sector => sector.Code)
        .SelectMany(sector => DutiesOf(sector, from, to)).Where(duty => duty.Pharmacy == id).OrderBy(duty => duty.Period.Start);

    /// <summary>Every duty of a sector's rota that meets [from, to), those that a measure lifts included.</summary>
    public IEnumerable<Duty> PlannedOf(OnCallSector sector, Instant from, Instant to) =>
        Of(sector.Department).Rotas.TryGetValue(sector.Code, out var duties)
            ? duties.Where(duty => duty.Period.Start < to && from < duty.Period.End)
            : IsSeeded(sector.Code) ? _demo.DutiesOf(sector, from, to) : [];

    /// <summary>What a sector's rota would be with its draft: before the draft begins as it is; as it is where there is no draft.</summary>
    public IEnumerable<Duty> DraftedOf(OnCallSector sector, Instant from, Instant to) => Of(sector.Department).Drafts.TryGetValue(sector.Code, out var draft)
        ? PlannedOf(sector, from, to).Where(duty => duty.Period.Start < draft.From).Concat(draft.Duties.Where(duty => duty.Period.Start < to && from < duty.Period.End))
        : PlannedOf(sector, from, to);

    /// <summary>Whether a sector's duty is still the seed's: nobody has written a rota for it.</summary>
    public bool IsOfSeed(OnCallSector sector) => !Of(sector.Department).Rotas.ContainsKey(sector.Code) && IsSeeded(sector.Code);

    private bool IsSeeded(string code) => _seeded.Value.ContainsKey(code);

    // Where a department's own sectors change, the seed's duty of those pharmacies may have to give way, or may be hidden, or come back.
    private IEnumerable<PharmacyId> SeedMayGiveWay(DepartmentRota before, DepartmentRota after) =>
        _demo.IsOn ? before.Sectors.Values.Concat(after.Sectors.Values).SelectMany(sector => sector.Pharmacies).Where(id => id.IsSynthetic) : [];

    // Where what lifts duty changes, the seed's duty of all that the department runs may be lifted or come back.
    private IEnumerable<PharmacyId> SeedMayBeLifted(DepartmentRota before, DepartmentRota after) =>
        !_demo.IsOn || before.Lifting.Select(Mark).SequenceEqual(after.Lifting.Select(Mark)) ? []
        : _seeded.Value.Values.Where(sector => sector.Department == after.Department).SelectMany(sector => sector.Pharmacies);

    // A measure is never altered but in when it ends.
    private static (string Id, Instant End) Mark(Measure measure) => (measure.Id, measure.End);

    private PharmacyDuty Compute(PharmacyId id)
    {
        var (seed, marks) = SeedOf(id);
        return new([.. _departments.Values.SelectMany(known => known.Public.GetValueOrDefault(id, [])).OrderBy(duty => duty.Period.Start).ThenBy(duty => duty.Period.End)], seed, KindsOfSeed(id), marks);
    }

    // The seed's duty of a pharmacy without what its departments lift, and which measures those are.
    private (Func<Instant, Instant, IEnumerable<OnCallPeriod>>? Duty, IReadOnlyList<(string, Instant)> Marks) SeedOf(PharmacyId id)
    {
        if (_demo.Duty(id) is not { } seed)
            return (null, []);
        var sectors = Enum.GetValues<OnCallKind>().Select(kind => (kind, Code: _demo.SectorOf(id, kind))).Where(one => one.Code is not null).ToDictionary(one => one.kind, one => one.Code!);
        var rotas = sectors.Values.Select(code => _seeded.Value[code].Department).Distinct(StringComparer.Ordinal).Select(Of).ToArray();
        var marks = rotas.SelectMany(rota => rota.Lifting).Where(measure => sectors.Values.Any(code => measure.Lifts(code, id))).Select(Mark).ToArray();
        return marks.Length == 0 ? (seed, marks)
            : ((from, to) => rotas.Aggregate(seed(from, to).Select(period => new Duty(sectors[period.Kind], id, period)), (duties, rota) => rota.Standing(duties)).Select(duty => duty.Period), marks);
    }

    // The seed's duty of a kind stands until a department's own public sector has the pharmacy for that kind; where that is the seed's own sector, until it has a rota that is public.
    private OnCallKinds KindsOfSeed(PharmacyId id)
    {
        var kinds = OnCallKinds.All;
        foreach (var sector in _sectorsOf.Value[id])
            foreach (var kind in sector.Kinds)
                if (_demo.SectorOf(id, kind.Kind) == sector.Code
                    ? kind.Disclosure == Disclosure.Hidden || PublicDuties.AnyOf(Of(sector.Department), sector)
                    : kind.Disclosure == Disclosure.Public)
                    kinds &= ~PharmacyDuty.BitOf(kind.Kind);
        return kinds;
    }

    // What a department says, and of it, once, what the public may know.
    private sealed record Known(DepartmentRota Rota, Dictionary<PharmacyId, PublicDuty[]> Public);
}
