using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Realtime.Benchmarks.Lgo;

/// <summary>A line of a feed.</summary>
/// <param name="Cip13">Which product.</param>
/// <param name="Quantity">Boxes on hand.</param>
/// <param name="Lot">Lot, or null.</param>
/// <param name="Expiry">Last day of use, or null.</param>
internal sealed record FeedLine(string Cip13, int Quantity, string? Lot = null, string? Expiry = null);

/// <summary>A feed as it goes over the wire: a header, then a line of JSON each.</summary>
internal sealed class FeedText
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly StringBuilder _text = new();

    private FeedText(long seq) => Seq = seq;

    /// <summary>Its place in the sequence.</summary>
    public long Seq { get; }

    /// <summary>Lines after the header.</summary>
    public int Lines { get; private set; }

    /// <summary>A feed that has its header and no line yet.</summary>
    public static FeedText Begin(string kind, long seq, DateTimeOffset takenAt)
    {
        var feed = new FeedText(seq);
        feed._text.Append(JsonSerializer.Serialize(new { kind, seq, takenAt = takenAt.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'") }, Json)).Append('\n');
        return feed;
    }

    /// <summary>Adds lines.</summary>
    public FeedText With(params IEnumerable<FeedLine> lines)
    {
        foreach (var line in lines)
            Raw(JsonSerializer.Serialize(line, Json));
        return this;
    }

    /// <summary>Adds a line as it is, right or wrong.</summary>
    public FeedText Raw(string line)
    {
        _text.Append(line).Append('\n');
        Lines++;
        return this;
    }

    /// <summary>The bytes of it.</summary>
    public byte[] Bytes() => Encoding.UTF8.GetBytes(_text.ToString());

    /// <summary>The bytes of it, compressed.</summary>
    public byte[] Gzip()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(Bytes());
        return packed.ToArray();
    }
}
