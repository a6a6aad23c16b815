namespace Realtime.Web.Edge;

/// <summary>Refuses with 400 a head that the server takes and that the libraries behind it break on.</summary>
internal sealed class Heads(RequestDelegate next)
{
    // A name has at most 253 characters (RFC 1035, section 2.3.4); a colon and a port follow.
    private const int LongestHost = 253 + 6;

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.Host.Value is { Length: > LongestHost })
            return Problems.InvalidRequest(context, "Host", new($"takes at most {LongestHost} characters", $"prend au plus {LongestHost} caractères")).ExecuteAsync(context);
        return request.Headers.ContentType.Count > 1
            ? Problems.InvalidRequest(context, "Content-Type", new("may be given once", "ne peut être donné qu'une fois")).ExecuteAsync(context)
            : next(context);
    }
}
