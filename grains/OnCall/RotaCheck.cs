using NodaTime;
using Realtime.Hours;

namespace Realtime.OnCall;

/// <summary>
/// What is wrong with a rota over a range of local dates. Looked at is the stretch from the midnight that begins the range to the end of its last night, and
/// every finding is cut to it. A duty fills its sector's need for its kind whoever serves it: that it is served by the wrong pharmacy is a finding of
/// its own. Time grows with n log n of the duties, and with the findings.
/// </summary>
public static class RotaCheck
{
    /// <summary>The findings, by start, then sector, kind, fault and pharmacies; none where the rota is sound.</summary>
    /// <param name="sectors">All sectors of the rota, each code once.</param>
    /// <param name="duties">All duties that may touch the range, in any order.</param>
    /// <param name="exemptions">Who need not serve when, in any order.</param>
    /// <param name="from">First local date.</param>
    /// <param name="to">First local date after the range; its night is not in it.</param>
    /// <param name="zone">The calendar and the clock of the sectors.</param>
    public static IReadOnlyList<RotaFinding> Of(
        IReadOnlyList<OnCallSector> sectors, IEnumerable<Duty> duties, IEnumerable<ExemptSpan> exemptions, LocalDate from, LocalDate to, Zone zone)
    {
        if (from >= to)
            return [];
        var times = new LocalTimes(zone.Time);
        var range = (Start: times.At(from, 0), End: times.At(to, DutySlots.Morning));
        var found = new Findings(range.Start, range.End, new RotaSentences(zone.Time));
        List<Duty> inRange =
        [
            .. duties.Where(duty => duty.Period.Start < range.End && duty.Period.End > range.Start)
                .OrderBy(duty => duty.Period.Start).ThenBy(duty => duty.Sector, StringComparer.Ordinal).ThenBy(duty => duty.Period.Kind),
        ];
        FindGaps(sectors, inRange.ToLookup(duty => (duty.Sector, duty.Period.Kind)), from, to, zone, found);
        foreach (var group in inRange.GroupBy(duty => (duty.Sector, duty.Period.Kind)))
            FindOverlaps(RotaFault.DoubleBooking, [.. group], together => together.DistinctBy(duty => duty.Pharmacy).Skip(1).Any(), found);
        foreach (var group in inRange.GroupBy(duty => duty.Pharmacy))
            FindOverlaps(RotaFault.TwoPlaces, [.. group], together => together.Count > 1, found);
        FindMisplaced(sectors, inRange, found);
        FindExempt(inRange, exemptions, found);
        return found.Sorted();
    }

    private static void FindGaps(IReadOnlyList<OnCallSector> sectors, ILookup<(string, OnCallKind), Duty> duties, LocalDate from, LocalDate to, Zone zone, Findings found)
    {
        var slotsOf = new Dictionary<OnCallKind, IReadOnlyList<DutySlot>>();
        foreach (var sector in sectors)
            foreach (var kind in sector.Kinds.Select(kind => kind.Kind))
            {
                if (!slotsOf.TryGetValue(kind, out var slots))
                    slotsOf[kind] = slots = DutySlots.Of(kind, from, to, zone);
                FindGaps(sector.Code, slots, [.. duties[(sector.Code, kind)]], found);
            }
    }

    // Both by start. A duty that ends before a slot begins covers nothing of any later one either; others may reach far, and are looked at again.
    private static void FindGaps(string sector, IReadOnlyList<DutySlot> slots, Duty[] duties, Findings found)
    {
        var next = 0;
        var coveredUntil = Instant.MinValue;
        foreach (var slot in slots)
        {
            for (var at = slot.Start; at < slot.End;)
            {
                while (next < duties.Length && duties[next].Period.Start <= at)
                    coveredUntil = Instant.Max(coveredUntil, duties[next++].Period.End);
                var until = next < duties.Length ? Instant.Min(slot.End, duties[next].Period.Start) : slot.End;
                if (coveredUntil <= at)
                    found.Add(RotaFault.Gap, sector, slot.Kind, at, until, []);
                at = coveredUntil <= at ? until : coveredUntil;
            }
        }
    }

    // Cuts time at every start and end, and looks at who serves between two cuts; neighbours that look alike are one finding.
    private static void FindOverlaps(RotaFault fault, Duty[] byStart, Func<List<Duty>, bool> isWrong, Findings found)
    {
        var active = new List<Duty>();
        var wrongSince = Instant.MinValue;
        Duty[]? wrong = null;
        Instant[] cuts = [.. byStart.SelectMany(duty => new[] { duty.Period.Start, duty.Period.End }).Distinct().Order()];
        var next = 0;
        foreach (var cut in cuts)
        {
            active.RemoveAll(duty => duty.Period.End <= cut);
            for (; next < byStart.Length && byStart[next].Period.Start <= cut; next++)
                active.Add(byStart[next]);
            var now = active.Count > 1 && isWrong(active) ? Places(active) : null;
            if (wrong is not null && (now is null || !LookAlike(wrong, now)))
                found.Add(fault, wrong[0].Sector, wrong[0].Period.Kind, wrongSince, cut, wrong);
            if (now is not null && (wrong is null || !LookAlike(wrong, now)))
                wrongSince = cut;
            wrong = now;
        }
    }

    private static Duty[] Places(List<Duty> active) =>
        [.. active.OrderBy(duty => duty.Sector, StringComparer.Ordinal).ThenBy(duty => duty.Period.Kind).ThenBy(duty => duty.Pharmacy)];

    private static bool LookAlike(Duty[] a, Duty[] b) =>
        a.Select(duty => (duty.Sector, duty.Period.Kind, duty.Pharmacy)).SequenceEqual(b.Select(duty => (duty.Sector, duty.Period.Kind, duty.Pharmacy)));

    private static void FindMisplaced(IReadOnlyList<OnCallSector> sectors, List<Duty> duties, Findings found)
    {
        var byCode = sectors.ToDictionary(sector => sector.Code, sector => (Sector: sector, Members: sector.Pharmacies.ToHashSet()), StringComparer.Ordinal);
        foreach (var duty in duties)
        {
            if (!byCode.TryGetValue(duty.Sector, out var place))
            {
                found.Add(RotaFault.UnknownSector, duty);
                continue;
            }
            if (!place.Members.Contains(duty.Pharmacy))
                found.Add(RotaFault.NotInSector, duty);
            if (place.Sector.KindOf(duty.Period.Kind) is null)
                found.Add(RotaFault.NotOrganised, duty);
        }
    }

    private static void FindExempt(List<Duty> duties, IEnumerable<ExemptSpan> exemptions, Findings found)
    {
        var spans = exemptions.Distinct().ToLookup(span => span.Pharmacy);
        foreach (var duty in duties)
            foreach (var (start, end) in Merged(spans[duty.Pharmacy]))
                if (start < duty.Period.End && end > duty.Period.Start)
                    found.Add(RotaFault.Exempt, duty.Sector, duty.Period.Kind, Instant.Max(start, duty.Period.Start), Instant.Min(end, duty.Period.End), [duty]);
    }

    // Two exemptions that touch are one to the reader.
    private static List<(Instant Start, Instant End)> Merged(IEnumerable<ExemptSpan> spans)
    {
        var merged = new List<(Instant Start, Instant End)>();
        foreach (var span in spans.OrderBy(span => span.Start))
            if (merged.Count > 0 && span.Start <= merged[^1].End)
                merged[^1] = (merged[^1].Start, Instant.Max(merged[^1].End, span.End));
            else
                merged.Add((span.Start, span.End));
        return merged;
    }

    private sealed class Findings(Instant rangeStart, Instant rangeEnd, RotaSentences sentences)
    {
        private readonly List<RotaFinding> _found = [];

        public void Add(RotaFault fault, Duty duty) => Add(fault, duty.Sector, duty.Period.Kind, duty.Period.Start, duty.Period.End, [duty]);

        public void Add(RotaFault fault, string sector, OnCallKind kind, Instant start, Instant end, IReadOnlyList<Duty> duties)
        {
            (start, end) = (Instant.Max(start, rangeStart), Instant.Min(end, rangeEnd));
            if (start < end)
                _found.Add(sentences.Say(fault, sector, kind, start, end, duties));
        }

        public IReadOnlyList<RotaFinding> Sorted() =>
        [
            .. _found.OrderBy(f => f.Start).ThenBy(f => f.Sector, StringComparer.Ordinal).ThenBy(f => f.Kind).ThenBy(f => f.Fault).ThenBy(f => f.End)
                .ThenBy(f => string.Join(' ', f.Pharmacies), StringComparer.Ordinal),
        ];
    }
}
