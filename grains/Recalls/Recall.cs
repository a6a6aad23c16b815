using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NodaTime;
using Realtime.Idempotency;
using Realtime.Products;

namespace Realtime.Recalls;

/// <summary>Lots of a product that nobody is to be given any more, by the word of an authority or a maker; the public facts of one recall.</summary>
/// <param name="Id">Names it: <see cref="RecallStreams.IdLength"/> letters and digits.</param>
/// <param name="Reference">What its source calls it.</param>
/// <param name="Cip13">Of which product.</param>
/// <param name="Lots">Which lots: trimmed, in capitals, each once, in ascending order; compared exactly.</param>
/// <param name="Source">Who says so.</param>
/// <param name="DeclaredAt">When an operator declared it.</param>
/// <param name="WithdrawnAt">When it was taken back; null while it holds.</param>
[GenerateSerializer, Immutable, Alias("realtime.Recall")]
internal sealed record Recall(
    [property: Id(0)] string Id, [property: Id(1)] string Reference, [property: Id(2)] Cip13 Cip13, [property: Id(3)] IReadOnlyList<string> Lots, [property: Id(4)] string Source,
    [property: Id(5)] Instant DeclaredAt, [property: Id(6)] Instant? WithdrawnAt = null)
{
    /// <summary>The row of its stream that these facts are of.</summary>
    [Id(7)] public long Seq { get; init; }

    /// <summary>Whether every pharmacy that speaks of the product has been visited since it was declared, or withdrawn.</summary>
    [Id(8)] public bool IsSpread { get; init; }

    /// <summary>Why it was taken back, for the counters; null while it holds.</summary>
    [Id(9)] public string? WithdrawnFor { get; init; }

    /// <summary>Whether it holds.</summary>
    public bool IsActive => WithdrawnAt is null;

    /// <summary>Whether boxes of this lot are meant.</summary>
    public bool Names(string lot) => Lots.Contains(lot, StringComparer.Ordinal);
}

/// <summary>Names of the streams of recalls.</summary>
internal static class RecallStreams
{
    /// <summary>How they all begin.</summary>
    public const string Prefix = "recalls/";

    /// <summary>Letters and digits in an id.</summary>
    public const int IdLength = 26;

    private const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int BitsPerLetter = 5;

    /// <summary>The stream of one recall.</summary>
    public static string Of(string id) => Prefix + id;

    /// <summary>The id of the recall that a request declares: the same request, sent again, comes to the same recall, wherever it is received.</summary>
    public static string IdOf(RequestKey request)
    {
        var left = BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(request.Key)));
        return string.Create(IdLength, left, static (text, bits) =>
        {
            for (var i = text.Length - 1; i >= 0; i--, bits >>= BitsPerLetter)
                text[i] = Letters[(int)(bits & (UInt128)(Letters.Length - 1))];
        });
    }
}
