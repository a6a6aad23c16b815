using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using NodaTime;
using Realtime.Pharmacies;

namespace Realtime.OnCall;

/// <summary>The rules of a department's duty: what is decided, and what follows. Pure.</summary>
public static partial class RotaRules
{
    /// <summary>A rota has at most so many duties: several years of a sector, in one row.</summary>
    public const int MostDuties = 1_500;

    /// <summary>And at most so many different texts.</summary>
    public const int MostTexts = 60;

    /// <summary>What a row says takes at most so many bytes; the request that it came of stands beside it.</summary>
    public const int MostBytes = Journal.JournalEvent.MaxPayload - 1_024;

    /// <summary>Whom the public calls is known as of so many changes.</summary>
    public const int MostCallTables = 20;

    /// <summary>A department has at most so many sectors.</summary>
    public const int MostSectors = 400;

    /// <summary>No duty lasts longer.</summary>
    public static readonly Duration LongestDuty = Duration.FromDays(8);

    /// <summary>So long after its end a duty is still known: a year of statements and a month to make them.</summary>
    public static readonly Duration Kept = Duration.FromDays(400);

    /// <summary>Makes or changes a sector; whom one calls from now on is a new row of its table where it differs.</summary>
    /// <param name="rota">The department's duty.</param>
    /// <param name="sector">All that the sector is to be; its <see cref="OnCallSector.Calls"/> has the row in force, from now on, or several rows with their own instants.</param>
    /// <param name="happened">What then happened; null where nothing changes.</param>
    /// <param name="refusal">Why not.</param>
    public static bool DecideSector(DepartmentRota rota, OnCallSector sector, out SectorSet? happened, [NotNullWhen(false)] out RotaRefusal? refusal)
    {
        (happened, refusal) = (null, null);
        if (sector.Department != rota.Department)
            refusal = new(RotaRefusalKind.SectorElsewhere);
        else if (!rota.Sectors.ContainsKey(sector.Code) && rota.Sectors.Count >= MostSectors)
            refusal = new(RotaRefusalKind.TooMany);
        if (refusal is not null)
            return false;
        var known = rota.Sectors.GetValueOrDefault(sector.Code);
        var next = sector with { Calls = Joined(known?.Calls ?? [], sector.Calls) };
        happened = known is not null && Same(known, next) ? null : new SectorSet(next);
        return happened is null || Fits(happened, out refusal);
    }

    /// <summary>Publishes a sector's rota.</summary>
    public static bool DecideRota(DepartmentRota rota, OnCallSector? sector, Instant? from, IReadOnlyList<Duty> duties, Instant now, [NotNullWhen(true)] out RotaSet? happened, [NotNullWhen(false)] out RotaRefusal? refusal)
    {
        happened = null;
        if (!Check(sector, from, duties, out refusal))
            return false;
        var sorted = Sorted(duties);
        happened = new(sector.Code, StartOf(from, sorted, now), sorted);
        return Fits(happened, out refusal);
    }

    /// <summary>Drafts a sector's rota.</summary>
    public static bool DecideDraft(DepartmentRota rota, OnCallSector? sector, Instant? from, IReadOnlyList<Duty> duties, Instant now, [NotNullWhen(true)] out DraftSet? happened, [NotNullWhen(false)] out RotaRefusal? refusal)
    {
        happened = null;
        if (!Check(sector, from, duties, out refusal))
            return false;
        var sorted = Sorted(duties);
        happened = new(sector.Code, StartOf(from, sorted, now), sorted);
        return Fits(happened, out refusal);
    }

    /// <summary>Makes drafts the rotas of their sectors, all of them or none.</summary>
    public static bool DecidePublication(DepartmentRota rota, IReadOnlyList<string> sectors, [NotNullWhen(true)] out DraftsPublished? happened, [NotNullWhen(false)] out RotaRefusal? refusal)
    {
        happened = null;
        refusal = sectors.Count == 0 ? new(RotaRefusalKind.NoDraft) : null;
        for (var i = 0; i < sectors.Count && refusal is null; i++)
            if (!rota.Drafts.ContainsKey(sectors[i]))
                refusal = new(RotaRefusalKind.NoDraft, i, sectors[i]);
        if (refusal is not null)
            return false;
        happened = new([.. sectors.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
        return true;
    }

    /// <summary>What an event leads to.</summary>
    public static DepartmentRota Evolve(DepartmentRota rota, RotaEvent happened, long seq, Instant at)
    {
        var next = happened switch
        {
            SectorSet e => rota with { Sectors = rota.Sectors.SetItem(e.Sector.Code, e.Sector) },
            RotaSet e => Replaced(rota, e.Sector, e.From, e.Duties, at),
            DraftSet e => rota with { Drafts = rota.Drafts.SetItem(e.Sector, new(e.Sector, e.From, e.Duties)) },
            DraftDropped e => rota with { Drafts = rota.Drafts.Remove(e.Sector) },
            DraftsPublished e => e.Sectors.Aggregate(rota, (before, sector) => Replaced(before, sector, before.Drafts[sector].From, before.Drafts[sector].Duties, at) with { Drafts = before.Drafts.Remove(sector) }),
            SwapProposed e => rota with { Swaps = [.. rota.Swaps.Where(swap => swap.IsOpen || at - swap.At < SwapsKept), e.Swap] },
            SwapAccepted e => WithSwap(rota, e.Id, SwapState.Accepted, at),
            SwapEnded e => WithSwap(rota, e.Id, e.State, at, e.Reason),
            SwapConfirmed e => Exchanged(WithSwap(rota, e.Id, SwapState.Confirmed, at), e.Give, e.Take),
            MeasureTaken e => rota with { Measures = [.. rota.Measures.Where(measure => at - measure.End < Kept), e.Measure] },
            MeasureEnded e => rota with { Measures = Ended(rota.Measures, e.Id, at) },
            DutiesSent e => rota with { Sendings = [.. rota.Sendings.Where(sending => at - sending.At < SendingsKept), e.Sending] },
            _ => throw new InvalidOperationException($"{happened.GetType().Name} is not known here."),
        };
        return Touch(rota, next, at) with { Seq = seq };
    }

    private static bool Check([NotNullWhen(true)] OnCallSector? sector, Instant? from, IReadOnlyList<Duty> duties, [NotNullWhen(false)] out RotaRefusal? refusal)
    {
        refusal = sector is null ? new(RotaRefusalKind.UnknownSector)
            : duties.Count > MostDuties || duties.SelectMany(TextsOf).Distinct(StringComparer.Ordinal).Count() > MostTexts ? new(RotaRefusalKind.TooLarge)
            : null;
        var members = sector?.Pharmacies.ToHashSet() ?? [];
        for (var i = 0; i < duties.Count && refusal is null; i++)
            refusal = WrongWith(sector!, members, from, duties[i]) is { } detail ? new(RotaRefusalKind.InvalidDuty, i, detail) : null;
        if (refusal is null && FirstOverlap(duties) is { } index)
            refusal = new(RotaRefusalKind.InvalidDuty, index, "overlap");
        return refusal is null;
    }

    // What a rota says before its own beginning would stand beside what stays there.
    private static string? WrongWith(OnCallSector sector, HashSet<PharmacyId> members, Instant? from, Duty duty) =>
        duty.Period.End <= duty.Period.Start || duty.Period.End - duty.Period.Start > LongestDuty ? "end"
        : sector.KindOf(duty.Period.Kind) is null ? "kind"
        : !members.Contains(duty.Pharmacy) ? "pharmacy"
        : duty.Period.Start < from ? "start"
        : null;

    // Long texts, or accents that take several bytes each, fill a row before the counts do.
    private static bool Fits(RotaEvent happened, [NotNullWhen(false)] out RotaRefusal? refusal)
    {
        refusal = RotaJson.Write(happened).Payload.Length > MostBytes ? new(RotaRefusalKind.TooLarge, Detail: happened is SectorSet ? "call" : null) : null;
        return refusal is null;
    }

    // Two duties of one pharmacy at one time, in one sector, are a slip; two pharmacies at one time are a double booking that the check names.
    private static int? FirstOverlap(IReadOnlyList<Duty> duties)
    {
        var ends = new Dictionary<PharmacyId, Instant>();
        foreach (var (duty, index) in duties.Select((duty, index) => (duty, index)).OrderBy(one => one.duty.Period.Start))
        {
            if (ends.TryGetValue(duty.Pharmacy, out var end) && duty.Period.Start < end)
                return index;
            ends[duty.Pharmacy] = duty.Period.End;
        }
        return null;
    }

    private static IEnumerable<string> TextsOf(Duty duty) => new[] { duty.Period.Phone, duty.Period.Instructions, duty.Period.InstructionsEn }.OfType<string>();

    private static Duty[] Sorted(IEnumerable<Duty> duties) => [.. duties.OrderBy(duty => duty.Period.Start).ThenBy(duty => duty.Period.Kind).ThenBy(duty => duty.Pharmacy)];

    // What starts before a rota begins stays as it was: the night that runs into its first morning too.
    private static Instant StartOf(Instant? from, Duty[] sorted, Instant now) => from ?? (sorted.Length > 0 ? sorted[0].Period.Start : now);

    private static DepartmentRota Replaced(DepartmentRota rota, string sector, Instant from, IReadOnlyList<Duty> duties, Instant at) => rota with
    {
        Rotas = rota.Rotas.SetItem(sector, [.. Sorted(rota.RotaOf(sector).Where(duty => duty.Period.Start < from && at - duty.Period.End < Kept).Concat(duties))]),
    };

    // A table by start, in which a row that says what the one before it says is none.
    private static List<CallTable> Joined(IReadOnlyList<CallTable> known, IReadOnlyList<CallTable> stated)
    {
        var rows = new List<CallTable>();
        foreach (var row in known.Where(row => stated.All(other => row.From < other.From)).Concat(stated.OrderBy(row => row.From)))
            if (rows is not [.., var last] || !last.Numbers.SequenceEqual(row.Numbers))
                rows.Add(row);
        return rows.Count > MostCallTables ? rows[^MostCallTables..] : rows;
    }

    private static bool Same(OnCallSector a, OnCallSector b) =>
        a.Name == b.Name && a.Pharmacies.SequenceEqual(b.Pharmacies) && a.Kinds.SequenceEqual(b.Kinds)
        && a.Calls.Count == b.Calls.Count && a.Calls.Zip(b.Calls).All(pair => pair.First.From == pair.Second.From && pair.First.Numbers.SequenceEqual(pair.Second.Numbers));

    private static string IdOf(DepartmentRota rota) => string.Create(CultureInfo.InvariantCulture, $"{rota.Department}-{rota.Seq + 1}");

    // Pharmacies whose public duty the row changed carry its instant in their version; a hidden duty leaves no trace, nor does what a row lets go for its age.
    private static DepartmentRota Touch(DepartmentRota before, DepartmentRota after, Instant at)
    {
        if (ReferenceEquals(before.Rotas, after.Rotas) && ReferenceEquals(before.Sectors, after.Sectors) && before.Measures == after.Measures)
            return after;
        var since = at - Kept;
        return after with
        {
            Touched = after.Touched.SetItems(PublicDuties.Changed(before, after, since).Concat(GivingWay(before, after)).Select(id => KeyValuePair.Create(id, at))),
            ClosuresAt = Closures(before, since).SequenceEqual(Closures(after, since)) ? after.ClosuresAt : at,
        };
    }

    // A pharmacy of the demo has the seed's duty until a sector, or its first rota, takes its place: it may show something else from then on.
    private static IEnumerable<PharmacyId> GivingWay(DepartmentRota before, DepartmentRota after) =>
        from sector in after.Sectors.Values
        let known = before.Sectors.GetValueOrDefault(sector.Code)
        where !ReferenceEquals(sector, known) || !PublicDuties.AnyOf(before, sector) && PublicDuties.AnyOf(after, sector)
        from id in sector.Pharmacies.Concat(known?.Pharmacies ?? [])
        where id.IsSynthetic
        select id;

    private static IEnumerable<Measure> Closures(DepartmentRota rota, Instant since) => rota.Measures.Where(measure => measure.Kind == MeasureKind.Closure && measure.End > since);
}
