using System.Runtime.InteropServices;
using NodaTime;
using Realtime.Hours;
using Realtime.Pharmacies;

namespace Realtime.OnCall;

/// <summary>What a statement is made from.</summary>
public sealed record StatementRequest
{
    /// <summary>Whose.</summary>
    public required PharmacyId Pharmacy { get; init; }

    /// <summary>Its calendar and clock; the month is that of its clock.</summary>
    public required Zone Zone { get; init; }

    /// <summary>Which month.</summary>
    public required YearMonth Month { get; init; }

    /// <summary>All duties that may touch the month, in any order; those of other pharmacies are left out.</summary>
    public required IReadOnlyList<Duty> Duties { get; init; }

    /// <summary>When the pharmacy is open by itself: its schedule without duty.</summary>
    public required Schedule Own { get; init; }

    /// <summary>Whether the list that holds the duty was transmitted.</summary>
    public required Func<Duty, bool> WasTransmitted { get; init; }

    /// <summary>Prescriptions served on duty, 0 or more, by first date of the table and class, as the pharmacy counts them; null where it does not.</summary>
    public IReadOnlyDictionary<(LocalDate Table, PeriodClass Class), int>? Prescriptions { get; init; }
}

/// <summary>Time of one class that earns fees.</summary>
/// <param name="Class">Which.</param>
/// <param name="FeeCents">For each prescription.</param>
/// <param name="Minutes">Whole minutes.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FeeMinutes(PeriodClass Class, int FeeCents, int Minutes);

/// <summary>A duty, or the part of it that falls in the month and under one table.</summary>
/// <param name="Sector">Code of the sector.</param>
/// <param name="Kind">Which duty.</param>
/// <param name="Start">First instant.</param>
/// <param name="End">First instant after it.</param>
/// <param name="Table">The tariff; null before the first.</param>
/// <param name="Periods">Nights, or Sundays and holidays, that begin in the line and of which the duty serves at least half.</param>
/// <param name="IndemnityCents">For these periods.</param>
/// <param name="Fees">Time that earns fees, by class; what is left of the line earns none.</param>
/// <param name="Reasons">Why not more is due; each once.</param>
public sealed record StatementLine(
    string Sector, OnCallKind Kind, Instant Start, Instant End, FeeTable? Table, int Periods, int IndemnityCents, IReadOnlyList<FeeMinutes> Fees, IReadOnlyList<FeeReason> Reasons);

/// <summary>All time of one class under one table.</summary>
/// <param name="Table">The tariff.</param>
/// <param name="Class">Which.</param>
/// <param name="FeeCents">For each prescription.</param>
/// <param name="Minutes">Whole minutes of duty that earn it.</param>
/// <param name="Prescriptions">As the pharmacy counted them; null where it did not.</param>
/// <param name="Cents">What they earn; null without a count.</param>
public sealed record FeeTotal(FeeTable Table, PeriodClass Class, int FeeCents, int Minutes, int? Prescriptions, int? Cents);

/// <summary>
/// What a pharmacy's duty of a month earns, by the dated tables. An estimate: the health insurance decides. A period's indemnity is counted where it
/// begins, fees where they are served, so that the months of a year add up; nobody is paid twice for one time.
/// </summary>
/// <param name="Pharmacy">Whose.</param>
/// <param name="Month">Which.</param>
/// <param name="Lines">By start.</param>
/// <param name="Totals">By table and class.</param>
/// <param name="IndemnityCents">All indemnities.</param>
/// <param name="FeesCents">All fees; null where the pharmacy counted no prescriptions.</param>
public sealed record MonthlyStatement(
    PharmacyId Pharmacy, YearMonth Month, IReadOnlyList<StatementLine> Lines, IReadOnlyList<FeeTotal> Totals, int IndemnityCents, int? FeesCents)
{
    /// <summary>Makes the statement; pure.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A count of prescriptions is negative.</exception>
    public static MonthlyStatement Make(StatementRequest request)
    {
        if (request.Prescriptions?.Values.Any(count => count < 0) == true)
            throw new ArgumentOutOfRangeException(nameof(request), "A count of prescriptions is 0 or more.");
        var lines = new StatementLines(request).Make();
        var totals = Total(lines, request.Prescriptions);
        return new MonthlyStatement(
            request.Pharmacy, request.Month, lines, totals, lines.Sum(line => line.IndemnityCents), request.Prescriptions is null ? null : totals.Sum(total => total.Cents ?? 0));
    }

    private static List<FeeTotal> Total(IReadOnlyList<StatementLine> lines, IReadOnlyDictionary<(LocalDate Table, PeriodClass Class), int>? prescriptions) =>
    [
        .. from line in lines
           from fee in line.Fees
           group fee.Minutes by (line.Table, fee.Class, fee.FeeCents) into same
           let count = prescriptions?.GetValueOrDefault((same.Key.Table!.From, same.Key.Class))
           orderby same.Key.Table!.From, same.Key.Class
           select new FeeTotal(same.Key.Table!, same.Key.Class, same.Key.FeeCents, same.Sum(), count, count * same.Key.FeeCents),
    ];
}

/// <summary>Cuts a pharmacy's duties into the lines of a month.</summary>
internal sealed class StatementLines(StatementRequest request)
{
    private readonly LocalTimes _times = new(request.Zone.Time);
    private readonly HashSet<(OnCallKind, LocalDate)> _counted = [];
    private Instant _coveredUntil = Instant.MinValue;

    public IReadOnlyList<StatementLine> Make()
    {
        var first = request.Month.OnDayOfMonth(1);
        var (start, end) = (_times.At(first, 0), _times.At(first.PlusMonths(1), 0));
        var lines = new List<StatementLine>();
        // Duties before the month take part: what they had already is not counted again.
        foreach (var duty in request.Duties.Where(duty => duty.Pharmacy == request.Pharmacy).OrderBy(duty => duty.Period.Start).ThenBy(duty => duty.Sector, StringComparer.Ordinal))
        {
            var earned = Earned(duty, out var reason);
            foreach (var (from, to) in Pieces(duty.Period, start, end))
                lines.Add(LineOf(duty, from, to, earned, reason));
            _coveredUntil = Instant.Max(_coveredUntil, duty.Period.End);
        }
        return lines;
    }

    // The instants at which the duty begins each night, or Sunday or holiday, that it serves; and why there are none.
    private List<Instant> Earned(Duty duty, out FeeReason? reason)
    {
        var (kind, start, end) = (duty.Period.Kind, duty.Period.Start, duty.Period.End);
        var earned = new List<Instant>();
        reason = FeeReason.NoIndemnity;
        if (kind == OnCallKind.Day)
            return earned;
        foreach (var slot in DutySlots.Of(kind, _times.DateAt(start).PlusDays(-1), _times.DateAt(end).PlusDays(1), request.Zone).Where(slot => slot.Start < end && start < slot.End))
        {
            var from = Instant.Max(slot.Start, start);
            if ((Instant.Min(slot.End, end) - from) * 2 < slot.End - slot.Start)
                reason = FeeReason.TooShort;
            else if (!_counted.Add((kind, slot.Date)))
                reason = FeeReason.CountedOnce;
            else
                earned.Add(from);
        }
        if (earned.Count > 0)
            reason = null;
        return earned;
    }

    // What lies within the month, cut where a table ends.
    private IEnumerable<(Instant From, Instant To)> Pieces(OnCallPeriod period, Instant monthStart, Instant monthEnd)
    {
        var (from, end) = (Instant.Max(period.Start, monthStart), Instant.Min(period.End, monthEnd));
        foreach (var change in FeeTables.All.Select(table => _times.At(table.From, 0)))
            if (from < change && change < end)
            {
                yield return (from, change);
                from = change;
            }
        if (from < end)
            yield return (from, end);
    }

    private StatementLine LineOf(Duty duty, Instant from, Instant to, List<Instant> earned, FeeReason? reason)
    {
        var table = FeeRules.TableAt(from, request.Zone);
        var reasons = new SortedSet<FeeReason>();
        var fees = Fees(table, from, to, reasons);
        var periods = earned.Count(begin => from <= begin && begin < to);
        var transmitted = request.WasTransmitted(duty);
        if (table is null)
            reasons.Add(FeeReason.NoTariff);
        else if (reason is { } none)
            reasons.Add(none);
        else if (periods == 0)
            reasons.Add(FeeReason.CountedBefore);
        else if (!transmitted)
            reasons.Add(FeeReason.NotTransmitted);
        var indemnity = transmitted && table is not null ? periods * table.IndemnityOf(duty.Period.Kind) : 0;
        return new StatementLine(duty.Sector, duty.Period.Kind, from, to, table, periods, indemnity, fees, [.. reasons]);
    }

    private List<FeeMinutes> Fees(FeeTable? table, Instant from, Instant to, SortedSet<FeeReason> reasons)
    {
        if (from < _coveredUntil)
            reasons.Add(FeeReason.CountedOnce);
        from = Instant.Max(from, _coveredUntil);
        if (table is null || from >= to)
            return [];
        var time = new SortedDictionary<PeriodClass, Duration>();
        var own = request.Own.Intervals(from, to);
        var ends = own.SelectMany(interval => new[] { interval.Start, interval.End });
        Instant[] cuts = [from, .. FeeRules.Changes(from, to, request.Zone).Concat(ends).Where(cut => from < cut && cut < to).Distinct().Order(), to];
        foreach (var (start, end) in cuts.Zip(cuts.Skip(1)))
        {
            var state = own.FirstOrDefault(interval => interval.Start <= start && start < interval.End)?.State ?? ServiceState.Closed;
            if (state == ServiceState.Open)
                reasons.Add(FeeReason.OwnHours);
            if (state == ServiceState.Unknown)
                reasons.Add(FeeReason.HoursUnknown);
            if (state != ServiceState.Open && FeeRules.ClassAt(start, request.Zone) is { } period)
                time[period] = time.GetValueOrDefault(period) + (end - start);
        }
        return [.. time.Select(of => new FeeMinutes(of.Key, table.FeeCents(of.Key), (int)of.Value.TotalMinutes))];
    }
}
