using System.Diagnostics.CodeAnalysis;
using Realtime.Pharmacies;

namespace Realtime.Web.Identity;

/// <summary>Which post of which pharmacy: <c>990000010.k3…</c>.</summary>
internal sealed record PostKey(PharmacyId Pharmacy, string Post)
{
    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PostKey? key)
    {
        var parts = text?.Split('.');
        key = parts is { Length: 2 } && PharmacyId.TryParse(parts[0], out var id) ? new PostKey(id, parts[1]) : null;
        return key is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Pharmacy}.{Post}";
}
