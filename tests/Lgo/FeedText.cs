using System.Globalization;
using System.IO.Compression;
using System.Text;
using NodaTime;
using NodaTime.Text;

namespace Realtime.Tests.Lgo;

/// <summary>Texts of feeds, as a pharmacy's software writes them.</summary>
internal static class FeedText
{
    /// <summary>The first line.</summary>
    public static string Header(Instant takenAt, long seq = 1, string kind = "snapshot") =>
        $$"""{"kind":"{{kind}}","seq":{{seq.ToString(CultureInfo.InvariantCulture)}},"takenAt":"{{InstantPattern.ExtendedIso.Format(takenAt)}}"}""";

    /// <summary>One more line.</summary>
    public static string Line(string cip13, int quantity, string? lot = null, string? expiry = null) =>
        $$"""{"cip13":"{{cip13}}","quantity":{{quantity}}{{(lot is null ? "" : $",\"lot\":\"{lot}\"")}}{{(expiry is null ? "" : $",\"expiry\":\"{expiry}\"")}}}""";

    /// <summary>Lines as bytes, each ended.</summary>
    public static byte[] Of(params IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => $"{line}\n")));

    /// <summary>The bytes, compressed.</summary>
    public static byte[] Zipped(byte[] bytes)
    {
        using var zipped = new MemoryStream();
        using (var zip = new GZipStream(zipped, CompressionLevel.Optimal, leaveOpen: true))
            zip.Write(bytes);
        return zipped.ToArray();
    }
}
