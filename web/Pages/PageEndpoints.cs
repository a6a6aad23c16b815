using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Realtime.Web.Pages;

/// <summary>The pages for people, and the files they load.</summary>
internal static class PageEndpoints
{
    /// <summary>
    /// Maps one route per file, so that an address that is none of them stays a 404 of the service. A file named after its contents may be kept for ever;
    /// the page itself is asked for again each time, and answered 304 while it is the same.
    /// </summary>
    public static IEndpointRouteBuilder MapPages(this IEndpointRouteBuilder endpoints)
    {
        foreach (var page in PageFiles.Read(Path.Combine(AppContext.BaseDirectory, "wwwroot")))
            endpoints.MapMethods(page.Path, [HttpMethods.Get, HttpMethods.Head], (HttpRequest request) => Send(page, request)).WithMetadata(page).ExcludeFromDescription().AllowAnonymous().DisableRateLimiting();
        return endpoints;
    }

    private static FileContentHttpResult Send(Page page, HttpRequest request)
    {
        var variant = page.For(request.GetTypedHeaders().AcceptEncoding);
        var headers = request.HttpContext.Response.Headers;
        headers.CacheControl = page.IsFingerprinted ? "public, max-age=31536000, immutable" : "no-cache";
        if (page.Brotli is not null)
            headers.Vary = HeaderNames.AcceptEncoding;
        if (variant.Coding is { } coding)
            headers.ContentEncoding = coding;
        return TypedResults.Bytes(variant.Bytes, page.ContentType, entityTag: variant.Tag);
    }
}
