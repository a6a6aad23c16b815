using System.Runtime.InteropServices;
using Realtime.Pharmacies;

namespace Realtime.OnCall;

/// <summary>Rotas to begin with.</summary>
internal static class RotaStart
{
    /// <summary>
    /// Gives out the periods of all blocks in the order of time, each to the member who lacks the least rest by it, who wished no other, who has served
    /// least, and who has served longest ago; the draw decides between equals.
    /// </summary>
    public static RotaDraft Balanced(RotaTask task, DemoDraw draw)
    {
        var draft = new RotaDraft(task);
        var last = task.Blocks.Select(block => new int[block.Members.Length]).ToArray();
        foreach (var (block, slot) in InOrderOfTime(task))
        {
            var here = task.Blocks[block];
            var best = (Member: RotaDraft.Nobody, Rank: default(Rank));
            for (var member = 0; member < here.Members.Length; member++)
            {
                var tie = draw.Below(int.MaxValue);
                if (!draft.CanServe(block, slot, member))
                    continue;
                var (pharmacy, day) = (here.Members[member], here.Days[slot]);
                var rank = new Rank(draft.Strain(pharmacy, day), task.IsUnwished(pharmacy, here.Kind, day), draft.Load(block, member), last[block][member], tie);
                if (best.Member == RotaDraft.Nobody || rank.CompareTo(best.Rank) < 0)
                    best = (member, rank);
            }
            if (best.Member == RotaDraft.Nobody)
            {
                Free(task, draft, block, slot);
                continue;
            }
            draft.Assign(block, slot, best.Member);
            last[block][best.Member] = slot + 1;
        }
        return draft;
    }

    // Nobody is left because a member serves in another sector at that time: where that sector has somebody else, he takes over there.
    private static void Free(RotaTask task, RotaDraft draft, int block, int slot)
    {
        var here = task.Blocks[block];
        for (var member = 0; member < here.Members.Length; member++)
            for (var other = 0; other < task.Blocks.Count; other++)
            {
                var there = task.Blocks[other];
                if (other == block || there.Kind != here.Kind || here.IsExempt(slot, member))
                    continue;
                if (draft.MemberAt(other, slot) is not (>= 0 and var busy) || there.Members[busy] != here.Members[member])
                    continue;
                var relief = Array.FindIndex([.. Enumerable.Range(0, there.Members.Length)], candidate => draft.CanServe(other, slot, candidate));
                if (relief < 0)
                    continue;
                draft.Assign(other, slot, relief);
                draft.Assign(block, slot, member);
                return;
            }
    }

    /// <summary>Each sector's pharmacies one after the other in their order, those passed over who are exempt or serve elsewhere: no other rule is looked at.</summary>
    public static RotaDraft RoundRobin(RotaTask task)
    {
        var draft = new RotaDraft(task);
        for (var block = 0; block < task.Blocks.Count; block++)
        {
            var here = task.Blocks[block];
            for (int slot = 0, turn = 0; slot < here.Slots.Count; slot++)
                for (var tried = 0; tried < here.Members.Length; tried++)
                    if (turn++ % here.Members.Length is var member && draft.CanServe(block, slot, member))
                    {
                        draft.Assign(block, slot, member);
                        break;
                    }
        }
        return draft;
    }

    // Small sectors first: a pharmacy that stands in two sectors is harder to replace in the smaller one.
    private static IEnumerable<(int Block, int Slot)> InOrderOfTime(RotaTask task) =>
        from block in Enumerable.Range(0, task.Blocks.Count)
        from slot in Enumerable.Range(0, task.Blocks[block].Slots.Count)
        orderby task.Blocks[block].Slots[slot].Start, task.Blocks[block].Members.Length, block
        select (block, slot);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Rank(int Strain, bool Unwished, int Load, int Last, int Tie) : IComparable<Rank>
    {
        public int CompareTo(Rank other) => (Strain, Unwished, Load, Last, Tie).CompareTo((other.Strain, other.Unwished, other.Load, other.Last, other.Tie));

        public static bool operator <(Rank left, Rank right) => left.CompareTo(right) < 0;

        public static bool operator >(Rank left, Rank right) => left.CompareTo(right) > 0;

        public static bool operator <=(Rank left, Rank right) => left.CompareTo(right) <= 0;

        public static bool operator >=(Rank left, Rank right) => left.CompareTo(right) >= 0;
    }
}
