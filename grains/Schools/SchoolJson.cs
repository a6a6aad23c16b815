using System.Text.Json;
using System.Text.Json.Serialization;

namespace Realtime.Schools;

/// <summary>How school holidays stand in the journal: kinds, versions and JSON members are a contract that outlives class names.</summary>
internal static class SchoolJson
{
    private const string Stated = "school.stated";

    /// <summary>The event's name in the log, the version of its payload, and the payload.</summary>
    public static (string Kind, int Version, byte[] Payload) Write(SchoolYearsStated happened) =>
        (Stated, 1, JsonSerializer.SerializeToUtf8Bytes(happened, SchoolJsonContext.Default.SchoolYearsStated));

    /// <summary>The event that <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidOperationException">Written by a newer program.</exception>
    public static SchoolYearsStated Read(string kind, int version, ReadOnlySpan<byte> payload) => (kind, version) is (Stated, 1)
        ? JsonSerializer.Deserialize(payload, SchoolJsonContext.Default.SchoolYearsStated)!
        : throw new InvalidOperationException($"The journal holds {kind} version {version}, which this program does not know: it was written by a newer one.");

    /// <summary>The whole table, as nodes and snapshots keep it.</summary>
    public static byte[] WriteTable(SchoolTable table) => JsonSerializer.SerializeToUtf8Bytes(table, SchoolJsonContext.Default.SchoolTable);

    /// <summary>The table that <see cref="WriteTable"/> wrote.</summary>
    public static SchoolTable ReadTable(ReadOnlySpan<byte> payload) => JsonSerializer.Deserialize(payload, SchoolJsonContext.Default.SchoolTable)!;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SchoolYearsStated))]
[JsonSerializable(typeof(SchoolTable))]
internal sealed partial class SchoolJsonContext : JsonSerializerContext;
