using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Realtime.Identity;
using Realtime.Pharmacies;
using Realtime.Push;

namespace Realtime.Orders;

/// <summary>What follows from an order's id and the installation's secret alone, so that it is stored nowhere and every node knows it.</summary>
internal sealed class OrderSecrets(Secret secret)
{
    /// <summary>Digits of a pick-up code: short enough to be said at the counter; wrong ones are counted.</summary>
    public const int CodeDigits = 6;

    private const int CodeSize = 16;
    private const int PushNameSize = 24;
    private const uint Codes = 1_000_000;
    private readonly byte[] _token = secret.Derive("order token");
    private readonly byte[] _code = secret.Derive("order pick-up code");
    private readonly byte[] _contact = secret.Derive("order contact");
    private readonly byte[] _push = secret.Derive("order push name");

    /// <summary>What the buyer shows to see the order: 43 characters.</summary>
    public string TokenOf(OrderId id) => Base64Url.EncodeToString(HMACSHA256.HashData(_token, Encoding.ASCII.GetBytes(id.ToString())));

    /// <summary>Whether it is the order's token; takes as long whatever is wrong with it.</summary>
    public bool IsToken(OrderId id, string token) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(TokenOf(id)), Encoding.UTF8.GetBytes(token));

    /// <summary>What the buyer, or whoever is sent, says at the counter.</summary>
    public string CodeOf(OrderId id)
    {
        // 2⁶⁴ is so much more than a million that every code is as likely as any other.
        var number = BitConverter.ToUInt64(HMACSHA256.HashData(_code, Encoding.ASCII.GetBytes(id.ToString()))) % Codes;
        return number.ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>Whether it is the order's code; blanks between the digits do not count.</summary>
    public bool IsCode(OrderId id, string code) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(CodeOf(id)), Encoding.UTF8.GetBytes(code.Replace(" ", "", StringComparison.Ordinal)));

    /// <summary>
    /// The name of an order towards push services and in what browsers are told: 32 characters of base64url, as many as a topic may have (RFC 8030, section 5.4). By it a
    /// newer message takes the place of an older one, and the browser finds the order's link; neither pharmacy nor order is to be read from it.
    /// </summary>
    public string PushNameOf(OrderId id) => Base64Url.EncodeToString(HMACSHA256.HashData(_push, Encoding.ASCII.GetBytes(id.ToString())).AsSpan(0, PushNameSize));

    /// <summary>The code under which a browser that asks to be told is recognized for one order, and for no other.</summary>
    public string PushCodeOf(OrderId id, PushSubscription subscription) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(_push, (byte[])[.. Encoding.ASCII.GetBytes($"{id}\n"), .. subscription.Write()]).AsSpan(0, CodeSize));

    /// <summary>The code under which a contact is recognized in one pharmacy, and in no other.</summary>
    /// <param name="pharmacy">Where.</param>
    /// <param name="contact">A telephone number, an address, or a name and a day of birth, as <see cref="Contacts"/> writes them.</param>
    public string ContactOf(PharmacyId pharmacy, string contact) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(_contact, Encoding.UTF8.GetBytes($"{pharmacy}\n{contact}")).AsSpan(0, CodeSize));
}

/// <summary>How a contact is written so that two ways of writing it are one. Pure.</summary>
internal static class Contacts
{
    private const int NationalDigits = 9;

    /// <summary>The contacts of a buyer: telephone and address where given; else the name with the day of birth, so that leaving them out is no way around the limit.</summary>
    public static IEnumerable<string> Of(Buyer buyer)
    {
        if (buyer.Phone is { } phone)
            yield return $"tel {Phone(phone)}";
        if (buyer.Email is { } email)
            yield return $"mail {email.Trim().ToUpperInvariant()}";
        if (buyer.Phone is null && buyer.Email is null)
            yield return $"name {buyer.Name.Trim().ToUpperInvariant()} {buyer.BirthDate}";
    }

    // +33 6 12…, 0033 6 12… and 06 12… are one number: its last nine digits are.
    private static string Phone(string phone)
    {
        var digits = string.Concat(phone.Where(char.IsAsciiDigit));
        return digits.Length > NationalDigits ? digits[^NationalDigits..] : digits;
    }
}
