using Microsoft.AspNetCore.Mvc;

namespace Realtime.Web.Edge;

/// <summary>A sentence for people, in both languages of the product.</summary>
internal readonly record struct Sentence(string English, string French);

/// <summary>Refusals as RFC 9457 problems: a stable <c>type</c> that ends in the word of the contract, and a sentence in the reader's language.</summary>
internal static class Problems
{
    /// <summary>Where the types of all problems live.</summary>
    public const string TypePrefix = "/problems/";

    /// <summary>A problem whose <c>detail</c> is in French where the request prefers French, else in English.</summary>
    public static IResult Of(HttpContext context, int status, string type, Sentence detail, IDictionary<string, string[]>? errors = null, IDictionary<string, object?>? more = null)
    {
        var problem = new ProblemDetails
        {
            Status = status,
            Type = TypePrefix + type,
            Title = type.Replace('-', ' '),
            Detail = context.Say(detail),
        };
        if (errors is not null)
            problem.Extensions["errors"] = errors;
        foreach (var (name, value) in more ?? new Dictionary<string, object?>())
            problem.Extensions[name] = value;
        context.Response.Headers.CacheControl = "no-store";
        return Results.Problem(problem);
    }

    /// <summary>The shape of the request is wrong; every culprit is named.</summary>
    public static IResult InvalidRequest(HttpContext context, IDictionary<string, string[]> errors) =>
        Of(context, StatusCodes.Status400BadRequest, "invalid-request", new("The request is not valid: see errors.", "La requête n'est pas valide : voir errors."), errors);

    /// <summary>One culprit.</summary>
    public static IResult InvalidRequest(HttpContext context, string culprit, Sentence sentence) =>
        InvalidRequest(context, new Dictionary<string, string[]> { [culprit] = [context.Say(sentence)] });

    /// <summary>No pharmacy has this number.</summary>
    public static IResult UnknownPharmacy(HttpContext context, string id) =>
        Of(context, StatusCodes.Status404NotFound, "unknown-pharmacy", PharmacySentence(id));

    /// <summary>The sentence in the language that the request prefers.</summary>
    public static string Say(this HttpContext context, Sentence sentence) =>
        context.Request.GetTypedHeaders().AcceptLanguage is { Count: > 0 } languages
        && languages.MaxBy(l => l.Quality ?? 1) is { Value: { HasValue: true } first }
        && first.AsSpan().StartsWith("fr", StringComparison.OrdinalIgnoreCase)
            ? sentence.French
            : sentence.English;

    /// <summary>
    /// What the framework itself refuses (an unknown path, a method that is not allowed) gets the same shape as our own refusals,
    /// whatever the request accepts, and what breaks is a 500 that says nothing of its inside.
    /// </summary>
    public static IResult OfStatus(HttpContext context, int status)
    {
        var (type, sentence) = status switch
        {
            400 => ("invalid-request", new Sentence("The request could not be read.", "La requête n'a pas pu être lue.")),
            401 => ("unauthenticated", new("Sign in first: this takes a session or a token that is valid.", "Identifiez-vous d'abord : il faut une session ou un jeton valable.")),
            403 => ("forbidden", new("This is not yours to do.", "Vous n'avez pas le droit de faire cela.")),
            404 => ("not-found", new("Nothing is at this address.", "Il n'y a rien à cette adresse.")),
            405 => ("method-not-allowed", new("This address does not take this method.", "Cette adresse n'accepte pas cette méthode.")),
            408 => ("request-timeout", new("The request took too long to arrive.", "La requête a mis trop de temps à arriver.")),
            413 => ("too-large", new("The body is larger than this address takes.", "Le corps dépasse ce que cette adresse accepte.")),
            415 => ("unsupported-media-type", new("Send application/json.", "Envoyez du application/json.")),
            429 => ("too-many-requests", new("Too many calls: come back when Retry-After says.", "Trop d'appels : revenez quand Retry-After le dit.")),
            < 500 => ("refused", new("The request was refused.", "La requête a été refusée.")),
            503 => ("overloaded", new("The service is overloaded: try again shortly.", "Le service est saturé : réessayez dans un instant.")),
            _ => ("internal-error", new("Something broke on our side; it has been recorded.", "Une erreur s'est produite de notre côté ; elle a été enregistrée.")),
        };
        if (status == StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = "1";
        return Of(context, status, type, sentence);
    }

    private static Sentence PharmacySentence(string id) => Realtime.Pharmacies.PharmacyId.TryParse(id, out _)
        ? new($"No pharmacy {id} is known here.", $"Aucune pharmacie {id} n'est connue ici.")
        : new($"'{id}' is not a FINESS number: nine characters whose last is a check digit.", $"« {id} » n'est pas un numéro FINESS : neuf caractères, le dernier étant une clé.");
}
