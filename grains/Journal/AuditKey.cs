using System.Security.Cryptography;
using Realtime.Identity;

namespace Realtime.Journal;

/// <summary>The key that seals checkpoints, derived from the installation's secret: whoever has only the store can make no seal.</summary>
internal sealed class AuditKey(Secret secret)
{
    private readonly byte[] _key = secret.Derive("audit checkpoint");

    /// <summary>A name for the key that tells nothing of it: two secrets can be told apart where a seal does not fit.</summary>
    public string Id { get; } = Hex(secret.Derive("audit checkpoint name", size: 8));

    /// <summary>The checkpoint with this key's name and seal.</summary>
    public AuditCheckpoint Seal(AuditCheckpoint checkpoint)
    {
        var named = checkpoint with { Key = Id };
        return named with { Seal = SealOf(named) };
    }

    /// <summary>Whether this key made the seal.</summary>
    public bool Fits(AuditCheckpoint checkpoint) =>
        CryptographicOperations.FixedTimeEquals(Convert.FromHexString(SealOf(checkpoint)), Bytes(checkpoint.Seal));

    // Over the very text that is stored, but for the seal itself: what can be read of a checkpoint is what was sealed.
    private string SealOf(AuditCheckpoint checkpoint) => Hex(HMACSHA256.HashData(_key, (checkpoint with { Seal = "" }).Write()));

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    // What is no hexadecimal text is no seal.
    private static byte[] Bytes(string hex)
    {
        var bytes = new byte[hex.Length / 2];
        return Convert.FromHexString(hex, bytes, out _, out var written) == System.Buffers.OperationStatus.Done ? bytes[..written] : [];
    }
}
