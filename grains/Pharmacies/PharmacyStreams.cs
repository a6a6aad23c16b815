namespace Realtime.Pharmacies;

/// <summary>Names of the journal streams that hold pharmacies, made in this one place.</summary>
public static class PharmacyStreams
{
    /// <summary>Every pharmacy's stream starts so.</summary>
    public const string Prefix = "pharmacy/";

    /// <summary>The stream of one pharmacy.</summary>
    public static string Of(PharmacyId id) => Prefix + id.Value;

    /// <summary>Whether a stream is a pharmacy's.</summary>
    public static bool Is(string stream) => stream.StartsWith(Prefix, StringComparison.Ordinal);
}
