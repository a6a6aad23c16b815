using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Realtime.Web.Edge;

/// <summary>The header <c>If-Match</c> as changes take it: the version that the caller has read, as the <c>ETag</c> of a page gave it.</summary>
internal static class IfMatch
{
    /// <summary>Name of the header.</summary>
    public const string Name = "If-Match";

    /// <summary>For the reference.</summary>
    public static readonly HeaderParameter Parameter = new(Name, "^\"[0-9]{1,18}\"$", Required: true, "The seq that was read, in quotation marks, as ETag gave it.");

    /// <summary>Reads the one version that the caller expects; else the problem that says what is missing or wrong.</summary>
    public static bool TryRead(HttpContext context, out long seq, [NotNullWhen(false)] out IResult? problem)
    {
        seq = 0;
        var values = context.Request.Headers.IfMatch;
        problem = values.Count == 0
            ? Problems.Of(context, StatusCodes.Status428PreconditionRequired, "precondition-required",
                new("Say in If-Match which version you have read, as \"12\": nobody's change is to be overwritten unseen.",
                    "Indiquez dans If-Match la version que vous avez lue, comme \"12\" : aucun changement ne doit être écrasé sans avoir été vu."))
            : values is [{ Length: > 2 and <= 20 } tag] && tag[0] == '"' && tag[^1] == '"' && long.TryParse(tag.AsSpan(1, tag.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out seq) && !tag.Contains('\0')
                ? null
                : Problems.InvalidRequest(context, Name, new("takes one version in quotation marks, as \"12\"", "attend une version entre guillemets, comme \"12\""));
        return problem is null;
    }

    /// <summary>What an answer says of the version that it left behind or shows; nobody keeps it.</summary>
    public static void Tag(HttpContext context, long seq)
    {
        context.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{seq}\"");
        context.Response.Headers.CacheControl = "no-store";
    }

    /// <summary>Somebody else has changed it since it was read.</summary>
    public static IResult Stale(HttpContext context, long seq) =>
        Problems.Of(context, StatusCodes.Status412PreconditionFailed, "stale",
            new("It has changed since you read it: read it again, then decide.", "Cela a changé depuis votre lecture : relisez, puis décidez."),
            more: new Dictionary<string, object?> { ["seq"] = seq });
}

/// <summary>A request header of our own or of the standard, for the reference.</summary>
/// <param name="Name">As on the wire.</param>
/// <param name="Pattern">What it takes, as a regular expression.</param>
/// <param name="Required">Whether a request without it is refused.</param>
/// <param name="Doc">What it means.</param>
internal sealed record HeaderParameter(string Name, string Pattern, bool Required, string Doc);
