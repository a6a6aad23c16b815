using Microsoft.Net.Http.Headers;

namespace Realtime.Web.Pages;

/// <summary>One file of the pages, held in memory with the compressed forms the build made of it.</summary>
/// <param name="Path">Where it is served, for example <c>/assets/index-CcD8Ib8j.js</c>.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Plain">Its bytes.</param>
/// <param name="Brotli">Its bytes under brotli; null where the build made none.</param>
/// <param name="Gzip">Its bytes under gzip; null where the build made none.</param>
internal sealed record Page(string Path, string ContentType, Variant Plain, Variant? Brotli, Variant? Gzip)
{
    /// <summary>Whether the build named the file after its contents, so that what is served here never changes.</summary>
    public bool IsFingerprinted => Path.StartsWith("/assets/", StringComparison.Ordinal);

    /// <summary>
    /// The form to send. Brotli is preferred over gzip where the client ranks them alike. A client that accepts none of the codings, or refuses even the plain
    /// form, gets the plain form: RFC 9110, section 12.5.3, lets a server disregard the field, and a page serves a reader better than a 406.
    /// </summary>
    public Variant For(IList<StringWithQualityHeaderValue> acceptEncoding)
    {
        if (Brotli is null || Gzip is null)
            return Plain;
        var (brotli, gzip) = (Quality(acceptEncoding, "br"), Quality(acceptEncoding, "gzip"));
        if (brotli is 0 && gzip is 0)
            return Plain;
        return brotli >= gzip ? Brotli : Gzip;
    }

    private static double Quality(IList<StringWithQualityHeaderValue> accepted, string coding)
    {
        var match = accepted.FirstOrDefault(value => value.Value.Equals(coding, StringComparison.OrdinalIgnoreCase))
            ?? accepted.FirstOrDefault(value => value.Value.Equals("*", StringComparison.Ordinal));
        return match is null ? 0 : match.Quality ?? 1;
    }
}

/// <summary>One form of a file: every coding is a representation of its own, with its own entity tag.</summary>
/// <param name="Coding">The content coding; null where the bytes are plain.</param>
/// <param name="Bytes">What is sent.</param>
/// <param name="Tag">A strong entity tag: a digest of <paramref name="Bytes"/>.</param>
internal sealed record Variant(string? Coding, ReadOnlyMemory<byte> Bytes, EntityTagHeaderValue Tag);
