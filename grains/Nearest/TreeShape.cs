namespace Realtime.Nearest;

/// <summary>
/// How the nodes of a complete 16-way tree over n places are numbered: node j of a level has the nodes 16j … 16j + 15 of the level below as children,
/// and leaf j holds the homes 16j … 16j + 15. Every node has one word of 16 bits in each filter; the words lie level by level, leaves first.
/// Behind the leaves lie spare homes, for places added later: they have words too, but no ancestors.
/// </summary>
internal sealed class TreeShape
{
    /// <summary>Children of a node, homes of a leaf, bits of a word, lanes of a vector.</summary>
    public const int Width = 16;

    /// <summary>log2 of <see cref="Width"/>.</summary>
    public const int Shift = 4;

    /// <summary>Homes outside the tree.</summary>
    public const int SpareHomes = 64;

    private readonly int[] levelStarts;

    public TreeShape(int places)
    {
        Leaves = Math.Max(1, Parents(places));
        var starts = new List<int> { 0 };
        var end = Leaves + (SpareHomes / Width);
        for (var nodes = Leaves; nodes > 1;)
        {
            nodes = Parents(nodes);
            starts.Add(end);
            end += nodes;
        }
        levelStarts = [.. starts];
        Words = end;
    }

    /// <summary>Nodes of level 0.</summary>
    public int Leaves { get; }

    /// <summary>The level of the root; 0 where one leaf is the whole tree.</summary>
    public int Top => levelStarts.Length - 1;

    /// <summary>Words of a filter.</summary>
    public int Words { get; }

    /// <summary>The first home outside the tree.</summary>
    public int FirstSpareHome => Leaves * Width;

    /// <summary>Where the words of a level start.</summary>
    public int LevelStart(int level) => levelStarts[level];

    private static int Parents(int nodes) => (nodes + Width - 1) / Width;
}
