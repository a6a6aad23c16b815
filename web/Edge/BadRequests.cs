using System.Text.Json;

namespace Realtime.Web.Edge;

/// <summary>A body that cannot be read becomes a 400 (or 413, 415) that names the culprit, never a 500.</summary>
internal sealed class BadRequests(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            var (culprit, sentence) = Culprit(e);
            var problem = e.StatusCode switch
            {
                413 => Problems.Of(context, 413, "too-large", new("The body is larger than this address takes.", "Le corps dépasse ce que cette adresse accepte.")),
                415 => Problems.Of(context, 415, "unsupported-media-type", new("Send application/json.", "Envoyez du application/json.")),
                _ => Problems.InvalidRequest(context, culprit, sentence),
            };
            await problem.ExecuteAsync(context);
        }
    }

    private static (string Culprit, Sentence Sentence) Culprit(BadHttpRequestException e)
    {
        if (e.InnerException is not JsonException json)
            return ("$", new("the body could not be read as JSON", "le corps n'a pas pu être lu comme du JSON"));
        var path = string.IsNullOrEmpty(json.Path) ? "$" : json.Path;
        // The reader's own words name the member that is missing or unknown; they quote no value.
        return (path, new(json.Message, $"JSON refusé : {json.Message}"));
    }
}
