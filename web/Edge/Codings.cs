using Microsoft.AspNetCore.Http.Features;

namespace Realtime.Web.Edge;

/// <summary>A body that came compressed is refused with 415: what a few bytes may unfold to is not read, and not taken for JSON either.</summary>
internal sealed class Codings(RequestDelegate next)
{
    private const string Plain = "identity";

    public Task InvokeAsync(HttpContext context)
    {
        var coding = context.Request.Headers.ContentEncoding;
        if (coding.Count == 0 || string.Equals(coding, Plain, StringComparison.OrdinalIgnoreCase)
            || context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
            return next(context);
        // What is taken instead, as RFC 9110, section 15.5.16 has it.
        context.Response.Headers.AcceptEncoding = Plain;
        return Problems.Of(context, StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", new(
            "This address takes no compressed body: send it without Content-Encoding.",
            "Cette adresse n'accepte pas de corps compressé : envoyez-le sans Content-Encoding.")).ExecuteAsync(context);
    }
}
