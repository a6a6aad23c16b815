using System.Security.Cryptography;

namespace Realtime.Journal;

/// <summary>
/// The root of a Merkle tree over leaves that are added one after another, as RFC 6962, section 2.1, defines it (read 2026-11-22): SHA-256, a leaf hashed behind a
/// byte 0x00 and a node behind 0x01, so that no node can pass for a leaf. It keeps one hash per bit that is set in the number of leaves: perfect subtrees, the
/// largest first, which is just where the standard splits.
/// </summary>
internal struct MerkleTree
{
    private byte[][]? _perfect; // by height; null where the count has no such bit

    /// <summary>Leaves added.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a leaf behind those that are there.</summary>
    public void Add(ReadOnlySpan<byte> leaf)
    {
        var (hash, height) = (Hash(0x00, leaf, []), 0);
        for (var bits = Count; (bits & 1) == 1; bits >>= 1)
            hash = Hash(0x01, _perfect![height++], hash);
        if (_perfect is null || _perfect.Length <= height)
            Array.Resize(ref _perfect, height + 1);
        _perfect[height] = hash;
        Count++;
    }

    /// <summary>The root over all leaves; the hash of nothing where there is none.</summary>
    public readonly byte[] Root()
    {
        byte[]? root = null;
        for (var height = 0; Count >> height > 0; height++)
            if ((Count >> height & 1) == 1)
                root = root is null ? _perfect![height] : Hash(0x01, _perfect![height], root);
        return root ?? SHA256.HashData([]);
    }

    private static byte[] Hash(byte domain, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([domain]);
        hash.AppendData(left);
        hash.AppendData(right);
        return hash.GetHashAndReset();
    }
}
