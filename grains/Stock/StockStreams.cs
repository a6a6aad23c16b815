using System.Diagnostics.CodeAnalysis;
using Realtime.Pharmacies;

namespace Realtime.Stock;

/// <summary>Names of the journal streams whose public facts are <see cref="StockFacts"/>: those of the pharmacies' orders, which take boxes from the shelves.</summary>
internal static class StockStreams
{
    /// <summary>Every such stream starts so.</summary>
    public const string Prefix = "orders/";

    /// <summary>The stream of one pharmacy.</summary>
    public static string Of(PharmacyId id) => Prefix + id.Value;

    /// <summary>Whose stream this is; false where it is no pharmacy's.</summary>
    public static bool TryRead([NotNullWhen(true)] string? stream, out PharmacyId id)
    {
        id = default;
        return stream?.StartsWith(Prefix, StringComparison.Ordinal) == true && PharmacyId.TryParse(stream[Prefix.Length..], out id);
    }
}
