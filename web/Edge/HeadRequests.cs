using Microsoft.Net.Http.Headers;

namespace Realtime.Web.Edge;

/// <summary>
/// HEAD wherever GET is, but for the hubs, where a GET takes messages away: the request is answered as a GET would be, and the server, which knows how it arrived, sends the head alone (RFC 9110, section 9.3.2).
/// </summary>
internal sealed class HeadRequests(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(() =>
        {
            Admit(context.Response.Headers);
            return Task.CompletedTask;
        });
        var request = context.Request;
        if (!HttpMethods.IsHead(request.Method) || context.IsUnder("/hubs"))
        {
            await next(context);
            return;
        }
        request.Method = HttpMethods.Get;
        try
        {
            await next(context);
        }
        finally
        {
            // Whoever logs the request sees what was sent.
            request.Method = HttpMethods.Head;
        }
    }

    // A 405 lists what the address takes: where that is GET, it is HEAD too.
    private static void Admit(IHeaderDictionary headers)
    {
        var allowed = headers.GetCommaSeparatedValues(HeaderNames.Allow);
        if (allowed.Contains(HttpMethods.Get, StringComparer.Ordinal) && !allowed.Contains(HttpMethods.Head, StringComparer.Ordinal))
            headers.Allow = string.Join(", ", [.. allowed, HttpMethods.Head]);
    }
}

/// <summary>Where HEAD requests are answered.</summary>
internal static class HeadEndpoints
{
    /// <summary>Before the routing, which would refuse the method.</summary>
    public static void UseHead(this IApplicationBuilder app) => app.UseMiddleware<HeadRequests>();
}
