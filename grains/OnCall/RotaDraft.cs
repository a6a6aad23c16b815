using NodaTime;

namespace Realtime.OnCall;

/// <summary>A rota in the making: who serves each period, and what follows for loads and rest.</summary>
internal sealed class RotaDraft
{
    /// <summary>In place of a member where nobody can serve.</summary>
    public const int Nobody = -1;

    private readonly RotaTask _task;
    private readonly int _rest;
    private readonly int[][] _members;
    private readonly int[][] _loads;
    private readonly byte[][] _duties;
    private readonly byte[][][] _kinds;

    public RotaDraft(RotaTask task)
    {
        _task = task;
        _rest = task.Request.RestDays;
        _members = [.. task.Blocks.Select(block => Enumerable.Repeat(Nobody, block.Slots.Count).ToArray())];
        _loads = [.. task.Blocks.Select(block => Array.ConvertAll(block.Credits, credit => credit.Carried + credit.Credited))];
        // Days before and after the range take part, so that no window over it needs an edge.
        _duties = [.. task.Ids.Select(_ => new byte[task.Days + (2 * (_rest + 1))])];
        _kinds = [.. Enum.GetValues<OnCallKind>().Select(_ => task.Ids.Select(_ => new byte[task.Days]).ToArray())];
        CountServed();
    }

    /// <summary>The member who serves, or <see cref="Nobody"/>.</summary>
    public int MemberAt(int block, int slot) => _members[block][slot];

    /// <summary>The load of a member of a block, with what it started from.</summary>
    public int Load(int block, int member) => _loads[block][member];

    /// <summary>Whether the member may serve the period: not exempt, and not on duty elsewhere in the same period.</summary>
    public bool CanServe(int block, int slot, int member)
    {
        var here = _task.Blocks[block];
        return !here.IsExempt(slot, member) && _kinds[(int)here.Kind][here.Members[member]][here.Days[slot]] == 0;
    }

    /// <summary>Puts a member in place of who serves the period.</summary>
    public void Assign(int block, int slot, int member)
    {
        Count(block, slot, _members[block][slot], -1);
        _members[block][slot] = member;
        Count(block, slot, member, 1);
    }

    /// <summary>How much rest a pharmacy would lack by a duty on the day beside its others: one for each day by which each other duty within the rest is too near.</summary>
    public int Strain(int pharmacy, int day)
    {
        var duties = _duties[pharmacy];
        var strain = 0;
        for (var away = -_rest; away <= _rest; away++)
            strain += duties[day + away + _rest + 1] * (_rest + 1 - Math.Abs(away));
        return strain;
    }

    /// <summary>The same for a duty that the pharmacy has on the day already.</summary>
    public int StrainOf(int pharmacy, int day) => Strain(pharmacy, day) - (_rest + 1);

    /// <summary>What changes in strain when a pharmacy serves on one day instead of another.</summary>
    public int StrainOfMove(int pharmacy, int fromDay, int toDay)
    {
        var before = StrainOf(pharmacy, fromDay);
        _duties[pharmacy][fromDay + _rest + 1]--;
        var after = Strain(pharmacy, toDay);
        _duties[pharmacy][fromDay + _rest + 1]++;
        return after - before;
    }

    /// <summary>The rota.</summary>
    public IReadOnlyList<Duty> ToDuties()
    {
        var duties = new List<Duty>();
        for (var block = 0; block < _task.Blocks.Count; block++)
            for (var slot = 0; slot < _members[block].Length; slot++)
                if (_members[block][slot] is >= 0 and var member)
                    duties.Add(DutyOf(_task.Blocks[block], slot, member));
        return [.. duties.OrderBy(duty => duty.Period.Start).ThenBy(duty => duty.Sector, StringComparer.Ordinal)];
    }

    private Duty DutyOf(RotaBlock block, int slot, int member)
    {
        var period = block.Slots[slot];
        return new Duty(block.Sector.Code, _task.Ids[block.Members[member]], new OnCallPeriod(period.Start, period.End, period.Kind, DutySlots.UsualAccess(period.Kind)));
    }

    private void Count(int block, int slot, int member, int change)
    {
        if (member == Nobody)
            return;
        var here = _task.Blocks[block];
        var (pharmacy, day) = (here.Members[member], here.Days[slot]);
        _loads[block][member] += change;
        _duties[pharmacy][day + _rest + 1] = (byte)(_duties[pharmacy][day + _rest + 1] + change);
        _kinds[(int)here.Kind][pharmacy][day] = (byte)(_kinds[(int)here.Kind][pharmacy][day] + change);
    }

    private void CountServed()
    {
        var index = _task.Ids.Select((id, i) => (id, i)).ToDictionary(pair => pair.id, pair => pair.i);
        foreach (var duty in _task.Served)
        {
            var day = Period.DaysBetween(_task.Request.From, duty.Period.Start.InZone(_task.Request.Zone.Time).Date);
            if (day >= -_rest && index.TryGetValue(duty.Pharmacy, out var pharmacy))
                _duties[pharmacy][day + _rest + 1]++;
        }
    }
}
