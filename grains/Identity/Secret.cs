using System.Security.Cryptography;
using System.Text;

namespace Realtime.Identity;

/// <summary>
/// The one secret of an installation, kept outside its store: every key that seals, signs or makes a pseudonym is derived from it,
/// so that all nodes that share the secret understand each other and a copy of the store alone says nothing.
/// </summary>
public sealed class Secret
{
    /// <summary>What <see cref="RealtimeOptions.Secret"/> may be, and a cluster in Development takes for itself: known to everybody, so refused elsewhere.</summary>
    public const string Demo = "ZGVtby1zZWNyZXQtb2YtcmVhbHRpbWUtZm9yLWRldmVsb3BtZW50";

    private const int Size = 32;
    private readonly byte[] _master;

    private Secret(byte[] master) => _master = master;

    /// <summary>Whether it is <see cref="Demo"/>, in whatever way that was written: base64 may hold white space.</summary>
    public bool IsDemo => _master.AsSpan().SequenceEqual(Convert.FromBase64String(Demo));

    /// <summary>The secret that a setting holds: base64 of at least 32 bytes.</summary>
    /// <exception cref="FormatException">It is not; the message says how to make one.</exception>
    public static Secret Parse(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && length >= Size
            ? new Secret(bytes[..length])
            : throw new FormatException("takes base64 of at least 32 random bytes; 'openssl rand -base64 32' makes one");
    }

    /// <summary>The secret of an embedded store: a file beside it that only its owner may read, made where there is none.</summary>
    /// <exception cref="FormatException">The file holds something else.</exception>
    public static Secret OfFile(string path)
    {
        if (!File.Exists(path))
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            // Written aside and moved: a process killed half-way leaves no half a secret.
            var aside = $"{path}.new";
            File.Delete(aside);
            using (var file = new StreamWriter(aside, Encoding.ASCII, options))
                file.Write(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Size)));
            File.Move(aside, path);
        }
        return Parse(File.ReadAllText(path).Trim());
    }

    /// <summary>A key of its own for each purpose (HKDF, RFC 5869, over SHA-256); knowing one tells nothing of another.</summary>
    /// <param name="purpose">What it is for; a contract, for other words give another key.</param>
    /// <param name="size">Bytes, at most 8,160.</param>
    public byte[] Derive(string purpose, int size = Size) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _master, size, info: Encoding.UTF8.GetBytes(purpose));

    /// <inheritdoc/>
    public override string ToString() => "(secret)";
}
