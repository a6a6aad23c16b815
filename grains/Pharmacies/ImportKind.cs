using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Realtime.Pharmacies;

/// <summary>Whose file states something about a pharmacy. Stored by name: the names are a contract.</summary>
public enum ImportSource : byte
{
    /// <summary>Places of flu vaccination as Santé.fr publishes them.</summary>
    [JsonStringEnumMemberName("santefr")]
    SanteFr,

    /// <summary>The register of establishments, in either of its formats.</summary>
    [JsonStringEnumMemberName("finess")]
    Finess,

    /// <summary>OpenStreetMap.</summary>
    [JsonStringEnumMemberName("osm")]
    Osm,
}

/// <summary>Reads a file from its first byte to its last; false with what is wrong with it as a whole.</summary>
public delegate bool ReadFile(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ImportReading? reading, [NotNullWhen(false)] out FileFault? fault);

/// <summary>A kind of file that can be imported.</summary>
/// <param name="Word">What an operator calls it: <c>santefr</c>.</param>
/// <param name="Source">Whose it is.</param>
/// <param name="Read">Its reader.</param>
public sealed record ImportKind(string Word, ImportSource Source, ReadFile Read)
{
    /// <summary>Every kind.</summary>
    public static IReadOnlyList<ImportKind> All { get; } =
    [
        new("santefr", ImportSource.SanteFr, SanteFrFile.TryRead),
        new("finess", ImportSource.Finess, FinessFile.TryRead),
        new("osm", ImportSource.Osm, OsmFile.TryRead),
    ];

    /// <summary>The word of a source.</summary>
    public static string WordOf(ImportSource source) => All.First(kind => kind.Source == source).Word;
}
