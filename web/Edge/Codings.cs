using Microsoft.AspNetCore.Http.Features;

namespace Realtime.Web.Edge;

/// <summary>
/// A body that came compressed is refused with 415: what a few bytes may unfold to is not read, and not taken for JSON either, but where the endpoint
/// reads it as a <see cref="StreamedBody"/>. So is one that is not in UTF-8, which is all that JSON is exchanged in (RFC 8259, section 8.1).
/// It stands behind the routing, which says whose body it is.
/// </summary>
internal sealed class Codings(RequestDelegate next)
{
    private const string Plain = "identity", GZip = "gzip";

    /// <summary>Whether the body came compressed, which its endpoint then takes.</summary>
    public static bool IsGZip(HttpRequest request) => Is(request, GZip);

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
            return next(context);
        var unfolds = context.GetEndpoint()?.Metadata.GetMetadata<StreamedBody>() is not null;
        if (context.Request.Headers.ContentEncoding.Count > 0 && !Is(context.Request, Plain) && !(unfolds && IsGZip(context.Request)))
        {
            // What is taken instead, as RFC 9110, section 15.5.16 has it.
            context.Response.Headers.AcceptEncoding = unfolds ? $"{GZip}, {Plain}" : Plain;
            return Refuse(context, unfolds
                ? new("This address takes a body compressed by gzip, or not at all: see Content-Encoding.", "Cette adresse accepte un corps compressé par gzip, ou non compressé : voyez Content-Encoding.")
                : new("This address takes no compressed body: send it without Content-Encoding.", "Cette adresse n'accepte pas de corps compressé : envoyez-le sans Content-Encoding."));
        }
        return IsUtf8(context.Request)
            ? next(context)
            : Refuse(context, new("Send the body in UTF-8; Content-Type names another charset.", "Envoyez le corps en UTF-8 ; Content-Type nomme un autre charset."));
    }

    private static bool Is(HttpRequest request, string coding) => string.Equals(request.Headers.ContentEncoding, coding, StringComparison.OrdinalIgnoreCase);

    private static bool IsUtf8(HttpRequest request)
    {
        if (request.GetTypedHeaders().ContentType is not { Charset: { HasValue: true, Length: > 0 } charset } type)
            return true;
        var name = charset.AsSpan().Trim('"');
        if (!name.Equals("utf-8", StringComparison.OrdinalIgnoreCase) && !name.Equals("us-ascii", StringComparison.OrdinalIgnoreCase))
            return false;
        // The framework's reader breaks on a name in quotation marks, which are allowed.
        if (name.Length != charset.Length)
        {
            type.Charset = "utf-8";
            request.ContentType = type.ToString();
        }
        return true;
    }

    private static Task Refuse(HttpContext context, Sentence sentence) => StreamedBody.Refuse(context, sentence).ExecuteAsync(context);
}
