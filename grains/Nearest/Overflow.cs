namespace Realtime.Nearest;

/// <summary>
/// The places whose position the tree does not know: added or moved since it was built. One immutable value, swapped whole, so that a query sees a moved
/// place either where it was or where it is: a slot found here is ignored in the tree.
/// </summary>
internal sealed class Overflow
{
    /// <summary>Every place is in the tree.</summary>
    public static readonly Overflow Empty = new([], []);

    private readonly int[] slots;
    private readonly UnitVector[] places;

    private Overflow(int[] slots, UnitVector[] places) => (this.slots, this.places) = (slots, places);

    public int Count => slots.Length;

    public bool IsEmpty => slots.Length == 0;

    public ReadOnlySpan<int> Slots => slots;

    public ref readonly UnitVector Place(int index) => ref places[index];

    public bool Contains(int slot) => slots.AsSpan().Contains(slot);

    /// <summary>The same with one place more, or with one moved once more.</summary>
    public Overflow With(int slot, UnitVector place)
    {
        var known = slots.AsSpan().IndexOf(slot);
        if (known < 0)
            return new Overflow([.. slots, slot], [.. places, place]);
        var moved = places.ToArray();
        moved[known] = place;
        return new Overflow(slots, moved);
    }
}
