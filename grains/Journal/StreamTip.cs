using System.Buffers.Binary;
using System.Text;

namespace Realtime.Journal;

/// <summary>The newest row of a stream within a checkpoint; its hash stands for that row and all before it.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Seq">The row's place in it.</param>
/// <param name="Hash">The row's hash.</param>
internal readonly record struct StreamTip(string Stream, long Seq, ReadOnlyMemory<byte> Hash)
{
    /// <summary>The tip as a leaf of the checkpoint's tree: the length of the name, the name in UTF-8, the number, the hash.</summary>
    public byte[] Leaf()
    {
        var name = Encoding.UTF8.GetBytes(Stream);
        var leaf = new byte[sizeof(int) + name.Length + sizeof(long) + Hash.Length];
        BinaryPrimitives.WriteInt32BigEndian(leaf, name.Length);
        name.CopyTo(leaf, sizeof(int));
        BinaryPrimitives.WriteInt64BigEndian(leaf.AsSpan(sizeof(int) + name.Length), Seq);
        Hash.Span.CopyTo(leaf.AsSpan(sizeof(int) + name.Length + sizeof(long)));
        return leaf;
    }

    /// <summary>The root over tips, in the order of the bytes of their streams' names, whatever order they come in.</summary>
    public static byte[] Root(IEnumerable<StreamTip> tips)
    {
        var tree = new MerkleTree();
        foreach (var (_, tip) in tips.Select(tip => (Name: Encoding.UTF8.GetBytes(tip.Stream), tip)).OrderBy(named => named.Name, ByBytes))
            tree.Add(tip.Leaf());
        return tree.Root();
    }

    private static readonly Comparer<byte[]> ByBytes = Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));
}
