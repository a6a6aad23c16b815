using Microsoft.AspNetCore.Http.Features;

namespace Realtime.Web.Edge;

/// <summary>
/// A body that came compressed is refused with 415: what a few bytes may unfold to is not read, and not taken for JSON either. So is one that
/// is not in UTF-8, which is all that JSON is exchanged in (RFC 8259, section 8.1).
/// </summary>
internal sealed class Codings(RequestDelegate next)
{
    private const string Plain = "identity";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
            return next(context);
        if (context.Request.Headers.ContentEncoding is { Count: > 0 } coding && !string.Equals(coding, Plain, StringComparison.OrdinalIgnoreCase))
        {
            // What is taken instead, as RFC 9110, section 15.5.16 has it.
            context.Response.Headers.AcceptEncoding = Plain;
            return Refuse(context, new(
                "This address takes no compressed body: send it without Content-Encoding.",
                "Cette adresse n'accepte pas de corps compressé : envoyez-le sans Content-Encoding."));
        }
        return IsUtf8(context.Request)
            ? next(context)
            : Refuse(context, new("Send the body in UTF-8; Content-Type names another charset.", "Envoyez le corps en UTF-8 ; Content-Type nomme un autre charset."));
    }

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

    private static Task Refuse(HttpContext context, Sentence sentence) =>
        Problems.Of(context, StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", sentence).ExecuteAsync(context);
}
