namespace Realtime.Nearest;

/// <summary>
/// One more fact about the places of one index, kept beside its numbered filters by whoever made it: for facts of which there are too many to number, or that are asked for
/// now and then. It knows nothing of rebuilding: the rebuilt index needs another one. One thread writes at a time; any number of queries read meanwhile.
/// </summary>
/// <param name="index">The index; a mask can be asked for there and nowhere else.</param>
public class PlaceMask(AvailabilityIndex index)
{
    /// <summary>The index whose places these are.</summary>
    public AvailabilityIndex Index => index;

    internal FilterMask Bits { get; } = index.NewBits();

    /// <summary>Writes the fact of one place; of one that was added later it is clear until written.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index has no such slot.</exception>
    public void Set(int slot, bool value) => Bits.Set(index.HomeOf(slot), value);

    /// <summary>Reads the fact of one place.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index has no such slot.</exception>
    public bool Get(int slot) => Bits.Get(index.HomeOf(slot));
}
