using System.Text.Json;
using System.Text.RegularExpressions;

namespace Realtime.Web.Edge;

/// <summary>A body that cannot be read becomes a 400 (or 413, 415) that names the culprit, never a 500.</summary>
internal sealed partial class BadRequests(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (InvalidDataException) when (!context.Response.HasStarted && context.Request.HasFormContentType)
        {
            // A form with a name, a value or a count beyond its bounds.
            await Problems.OfStatus(context, StatusCodes.Status400BadRequest).ExecuteAsync(context);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            var problem = e.StatusCode == StatusCodes.Status400BadRequest
                ? Problems.InvalidRequest(context, Culprits(e).ToDictionary(c => c.Path, c => new[] { context.Say(c.Sentence) }, StringComparer.Ordinal))
                : Problems.OfStatus(context, e.StatusCode);
            await problem.ExecuteAsync(context);
        }
    }

    // The reader's own words name types of the code; all that is taken from them is which member is the culprit.
    private static IEnumerable<(string Path, Sentence Sentence)> Culprits(BadHttpRequestException e)
    {
        if (e.InnerException is not JsonException json)
            return [("$", new("the body could not be read as JSON", "le corps n'a pas pu être lu comme du JSON"))];
        if (json.Message.Contains("missing required properties", StringComparison.Ordinal))
            return Quoted().Matches(json.Message[json.Message.IndexOf("including", StringComparison.Ordinal)..])
                .Select(m => ($"$.{m.Groups["name"].Value}", new Sentence("is required", "est obligatoire")));
        if (json.Message.StartsWith("Duplicate property", StringComparison.Ordinal) && Quoted().Match(json.Message) is { Success: true } twice)
            return [($"$.{twice.Groups["name"].Value}", new("is given twice", "est donné deux fois"))];
        var path = string.IsNullOrEmpty(json.Path) ? "$" : json.Path;
        return json.Message.Contains("could not be mapped", StringComparison.Ordinal)
            ? [(path, new("is not a member of this body", "n'est pas un membre de ce corps"))]
            : [(path, new("is not what is expected here, or the JSON is broken here", "n'est pas ce qui est attendu ici, ou le JSON est rompu ici"))];
    }

    [GeneratedRegex("'(?<name>[^']+)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();
}
