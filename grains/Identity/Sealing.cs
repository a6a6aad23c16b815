using System.Security.Cryptography;
using System.Text;

namespace Realtime.Identity;

/// <summary>Keeps what must not stand in the store in clear: texts sealed, people under pseudonyms, PINs beyond guessing.</summary>
public sealed class Sealing(Secret secret)
{
    private const int PinRounds = 100_000;
    private const int SaltSize = 16;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private readonly byte[] _text = secret.Derive("sealed text");
    private readonly byte[] _person = secret.Derive("person pseudonym");
    private readonly byte[] _pin = secret.Derive("pin pepper");

    /// <summary>Seals a text (AES-256-GCM) for one place; it opens nowhere else.</summary>
    /// <param name="text">What is to be kept.</param>
    /// <param name="place">Where it is kept, as <c>people/990000010</c>; part of the seal.</param>
    public string Seal(string text, string place)
    {
        var clear = Encoding.UTF8.GetBytes(text);
        var bytes = new byte[NonceSize + clear.Length + TagSize];
        var nonce = bytes.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_text, TagSize);
        aes.Encrypt(nonce, clear, bytes.AsSpan(NonceSize, clear.Length), bytes.AsSpan(NonceSize + clear.Length), Encoding.UTF8.GetBytes(place));
        return Convert.ToBase64String(bytes);
    }

    /// <summary>The text that <see cref="Seal"/> sealed for the same place.</summary>
    /// <exception cref="CryptographicException">It was altered, moved from another place, or sealed with another secret.</exception>
    public string Open(string sealedText, string place)
    {
        var bytes = Convert.FromBase64String(sealedText);
        if (bytes.Length < NonceSize + TagSize)
            throw new CryptographicException("The sealed text is cut off.");
        var clear = new byte[bytes.Length - NonceSize - TagSize];
        using var aes = new AesGcm(_text, TagSize);
        aes.Decrypt(bytes.AsSpan(0, NonceSize), bytes.AsSpan(NonceSize, clear.Length), bytes.AsSpan(NonceSize + clear.Length), clear, Encoding.UTF8.GetBytes(place));
        return Encoding.UTF8.GetString(clear);
    }

    /// <summary>The pseudonym of a person whose number the identity provider vouches for; the same on every node, and nothing to be read back from it.</summary>
    /// <param name="number">The national number (RPPS).</param>
    public string PersonOf(string number) => $"p-{Convert.ToHexStringLower(HMACSHA256.HashData(_person, Encoding.UTF8.GetBytes(number)).AsSpan(0, 10))}";

    /// <summary>What is kept of a PIN: PBKDF2 over a keyed hash, so that without the installation's secret its few digits cannot be tried out.</summary>
    public string HashPin(string pin)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        return $"{Convert.ToBase64String(salt)}.{Convert.ToBase64String(Stretch(pin, salt))}";
    }

    /// <summary>Whether it is the PIN that was hashed.</summary>
    public bool IsPin(string pin, string hash)
    {
        var parts = hash.Split('.');
        return CryptographicOperations.FixedTimeEquals(Stretch(pin, Convert.FromBase64String(parts[0])), Convert.FromBase64String(parts[1]));
    }

    private byte[] Stretch(string pin, byte[] salt) =>
        Rfc2898DeriveBytes.Pbkdf2(HMACSHA256.HashData(_pin, Encoding.UTF8.GetBytes(pin)), salt, PinRounds, HashAlgorithmName.SHA256, 32);
}
