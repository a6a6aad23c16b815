using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Mvc;

namespace Realtime.Web.Edge;

/// <summary>Endpoint metadata: a body that the endpoint reads itself, piece by piece, and that may come compressed by gzip.</summary>
/// <param name="ContentType">The one media type that it takes.</param>
/// <param name="Doc">What is in it, for the reference.</param>
internal sealed record StreamedBody(string ContentType, string Doc)
{
    /// <summary>Whether the request's body is of the type that its endpoint takes; else the problem that says which.</summary>
    public static bool IsTaken(HttpContext context, [NotNullWhen(false)] out IResult? problem)
    {
        var taken = context.GetEndpoint()!.Metadata.GetRequiredMetadata<StreamedBody>().ContentType;
        problem = context.Request.GetTypedHeaders().ContentType is { } type && type.MediaType.Equals(taken, StringComparison.OrdinalIgnoreCase) ? null
            : Refuse(context, new($"Send {taken}.", $"Envoyez du {taken}."));
        return problem is null;
    }

    /// <summary>The body is in a form that is not taken.</summary>
    public static IResult Refuse(HttpContext context, Sentence sentence) =>
        Problems.Of(context, StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", sentence);
}

/// <summary>How an endpoint says that it reads such a body.</summary>
internal static class StreamedBodies
{
    /// <summary>Declares the body, and how many bytes of it may come over the wire.</summary>
    public static RouteHandlerBuilder Streams(this RouteHandlerBuilder endpoint, string contentType, long largest, string doc) =>
        endpoint.WithMetadata(new StreamedBody(contentType, doc), new RequestSizeLimitAttribute(largest));
}
