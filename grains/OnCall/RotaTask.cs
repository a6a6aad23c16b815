using NodaTime;
using Realtime.Pharmacies;

namespace Realtime.OnCall;

/// <summary>One kind of duty of one sector: its periods, and who may serve which of them.</summary>
internal sealed class RotaBlock
{
    private readonly bool[] _exempt;

    public RotaBlock(
        OnCallSector sector, OnCallKind kind, IReadOnlyList<DutySlot> slots, int[] members, IReadOnlyList<PharmacyId> ids, RotaRequest request, ILookup<PharmacyId, ExemptSpan> exemptions)
    {
        (Sector, Kind, Slots, Members) = (sector, kind, slots, members);
        Days = [.. slots.Select(slot => Period.DaysBetween(request.From, slot.Date))];
        _exempt = new bool[slots.Count * members.Length];
        for (var member = 0; member < members.Length; member++)
            foreach (var span in exemptions[ids[members[member]]])
                for (var slot = 0; slot < slots.Count; slot++)
                    _exempt[(slot * members.Length) + member] |= span.Start < slots[slot].End && slots[slot].Start < span.End;
        IsAlwaysServed = Enumerable.Range(0, slots.Count).All(slot => Enumerable.Range(0, members.Length).Any(member => !IsExempt(slot, member)));
    }

    public OnCallSector Sector { get; }

    public OnCallKind Kind { get; }

    /// <summary>By start; the same for all sectors that organise the kind.</summary>
    public IReadOnlyList<DutySlot> Slots { get; }

    /// <summary>Indexes of its pharmacies among all.</summary>
    public int[] Members { get; }

    /// <summary>The day of the range, from 0, on which each period starts.</summary>
    public int[] Days { get; }

    /// <summary>The load of each member before the first period is given out: see <see cref="RotaTask"/>.</summary>
    public RotaCredit[] Credits { get; set; } = [];

    public bool IsExempt(int slot, int member) => _exempt[(slot * Members.Length) + member];

    /// <summary>How many periods the member is exempt from.</summary>
    public int ExemptSlots(int member) => Enumerable.Range(0, Slots.Count).Count(slot => IsExempt(slot, member));

    /// <summary>Whether the member may serve any period at all; who may not is left out of what is fair.</summary>
    public bool CanServe(int member) => ExemptSlots(member) < Slots.Count;

    /// <summary>Whether every period finds a member who is not exempt.</summary>
    public bool IsAlwaysServed { get; }
}

/// <summary>What a member's load starts from.</summary>
/// <param name="Carried">Duties served before, as far as they count.</param>
/// <param name="Credited">What the others serve while it is exempt.</param>
internal readonly record struct RotaCredit(int Carried, int Credited);

/// <summary>
/// A request as numbers. Loads are compared from what was served before on, and with a credit for the time of an exemption: with loads L that end
/// alike, one who is exempt for the share f of the periods serves (1 − f)·L, so that L = periods / Σ(1 − f), and f·L is credited.
/// </summary>
internal sealed class RotaTask
{
    public RotaTask(RotaRequest request)
    {
        Request = request;
        Ids = [.. request.Sectors.SelectMany(sector => sector.Pharmacies).Distinct()];
        Days = Period.DaysBetween(request.From, request.To);
        var index = Ids.Select((id, i) => (id, i)).ToDictionary(pair => pair.id, pair => pair.i);
        var slots = Enum.GetValues<OnCallKind>().ToDictionary(kind => kind, kind => DutySlots.Of(kind, request.From, request.To, request.Zone));
        var exemptions = request.Exemptions.ToLookup(span => span.Pharmacy);
        Blocks =
        [
            .. from sector in request.Sectors
               let members = sector.Pharmacies.Distinct().Select(id => index[id]).ToArray()
               from kind in sector.Kinds.Select(kind => kind.Kind).Distinct()
               select new RotaBlock(sector, kind, slots[kind], members, Ids, request, exemptions),
        ];
        var start = DutySlots.Of(OnCallKind.Night, request.From, request.From.PlusDays(1), request.Zone)[0].Start - Duration.FromHours(20);
        Served = [.. request.Served.Where(duty => duty.Period.Start < start)];
        foreach (var block in Blocks)
            block.Credits = Credits(block);
        Wished = [.. Ids.Select(id => WishedDays(request.Wishes.GetValueOrDefault(id) ?? []))];
    }

    public RotaRequest Request { get; }

    public IReadOnlyList<PharmacyId> Ids { get; }

    public IReadOnlyList<RotaBlock> Blocks { get; }

    /// <summary>Local dates of the range.</summary>
    public int Days { get; }

    /// <summary>Duties that began before the range.</summary>
    public IReadOnlyList<Duty> Served { get; }

    /// <summary>By pharmacy and day of the range, one more than the range has: a wish to be free.</summary>
    public bool[][] Wished { get; }

    /// <summary>Whether serving the period is against the wishes of the pharmacy.</summary>
    public bool IsUnwished(int pharmacy, OnCallKind kind, int day) => Wished[pharmacy][day] || (kind == OnCallKind.Night && Wished[pharmacy][day + 1]);

    private bool[] WishedDays(IReadOnlyCollection<LocalDate> dates)
    {
        var days = new bool[Days + 1];
        foreach (var date in dates)
            if (date >= Request.From && date <= Request.To)
                days[Period.DaysBetween(Request.From, date)] = true;
        return days;
    }

    private RotaCredit[] Credits(RotaBlock block)
    {
        if (block.Members.Length == 0 || block.Slots.Count == 0)
            return new RotaCredit[block.Members.Length];
        var served = Served.Where(duty => duty.Sector == block.Sector.Code && duty.Period.Kind == block.Kind).CountBy(duty => duty.Pharmacy).ToDictionary();
        int[] counts = [.. block.Members.Select(member => served.GetValueOrDefault(Ids[member]))];
        // Who joined late owes nothing for the years before: a lag behind the middle one counts up to a quarter of a share, so that catching up leaves room to rest.
        var lag = Math.Max(1, block.Slots.Count / (4 * block.Members.Length));
        var least = counts.Order().ElementAt(counts.Length / 2) - lag;
        double[] exempt = [.. Enumerable.Range(0, block.Members.Length).Select(member => (double)block.ExemptSlots(member) / block.Slots.Count)];
        var present = exempt.Sum(share => 1 - share);
        var level = present > 0 ? block.Slots.Count / present : 0;
        return [.. counts.Zip(exempt, (count, share) => new RotaCredit(Math.Max(count, least), (int)(share * level)))];
    }
}
