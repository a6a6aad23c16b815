namespace Realtime.Nearest;

/// <summary>
/// One yes-or-no fact about every place, as bits at three or four levels: a bit of an inner node's word says whether anything below that child is set.
/// One writer, any number of readers, no lock. Why a reader may see a change half made: each word is written whole, and a bit of an ancestor is cleared
/// only once the word below it is empty; so the path to a place that stays set is never broken, and a place that stays clear has no bit at its leaf.
/// </summary>
internal sealed class FilterMask(TreeShape shape)
{
    private readonly ushort[] words = new ushort[shape.Words];

    /// <summary>The bits of one node.</summary>
    public uint Word(int word) => Volatile.Read(ref words[word]);

    /// <summary>Whether the fact holds for the place at this home.</summary>
    public bool Get(int home) => (Word(home >> TreeShape.Shift) >> (home & (TreeShape.Width - 1)) & 1) != 0;

    /// <summary>Writes the bit at the leaf, and above it as far as anything changes there: most often not at all.</summary>
    public void Set(int home, bool value)
    {
        var index = home;
        for (var level = 0; level <= shape.Top; level++)
        {
            ref var word = ref words[shape.LevelStart(level) + (index >> TreeShape.Shift)];
            var before = word;
            var bit = 1 << (index & (TreeShape.Width - 1));
            var after = (ushort)(value ? before | bit : before & ~bit);
            if (after == before)
                return;
            Volatile.Write(ref word, after);
            var ancestorsKnow = (value ? before : after) != 0;
            if (ancestorsKnow || home >= shape.FirstSpareHome)
                return;
            index >>= TreeShape.Shift;
        }
    }
}
