using System.Globalization;
using Microsoft.OpenApi;
using NodaTime;
using NodaTime.Text;

namespace Realtime.Web.Edge;

/// <summary>One parameter of a query string: its name, what it takes, and how that is said. Read, refused and documented from this one place.</summary>
/// <param name="Name">As in the URL.</param>
/// <param name="Schema">What one value is, with its bounds and its default, for the reference.</param>
/// <param name="Expected">What it takes, as the end of a sentence.</param>
internal abstract record QueryParameter(string Name, OpenApiSchema Schema, Sentence Expected)
{
    /// <summary>Whether a request without it is refused.</summary>
    public bool Required { get; init; }

    /// <summary>Whether it may come several times.</summary>
    public bool Repeatable { get; init; }

    /// <summary>What it means, for the reference.</summary>
    public string Doc { get; init; } = "";

    /// <summary>A number of a range, both ends included.</summary>
    public static QueryParameter<double> Number(string name, double min, double max, string doc) => new(name, Schemas.Number(min, max),
        new($"a number from {min} to {max}", $"un nombre de {min} à {max}"),
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max ? (true, value) : default)
    { Doc = doc };

    /// <summary>A whole number of a range, both ends included.</summary>
    public static QueryParameter<int> Integer(string name, int min, int max, int otherwise, string doc) => new(name, Schemas.Integer(min, max, otherwise),
        new($"a whole number from {min} to {max}", $"un nombre entier de {min} à {max}"),
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max ? (true, value) : default)
    { Doc = doc, Default = otherwise };

    /// <summary>The number of a row of a stream, 0 standing before the first.</summary>
    public static QueryParameter<long> Row(string name, string doc) => new(name, Schemas.Row(),
        new("a whole number from 0", "un nombre entier à partir de 0"),
        text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? (true, value) : default)
    { Doc = doc };

    /// <summary>An instant with its offset, of the years for which calendars are sure.</summary>
    public static QueryParameter<Instant?> Moment(string name, string doc) => new(name, Schemas.Moment(),
        new("an instant with offset such as 2026-11-22T19:30:00+01:00, of the years 2000 to 2099", "un instant avec décalage comme 2026-11-22T19:30:00+01:00, des années 2000 à 2099"),
        text => Moments.TryParse(text, out var value) ? (true, value) : default)
    { Doc = doc };

    /// <summary>One word of a closed list.</summary>
    public static QueryParameter<string> Word(string name, string[] words, string otherwise, string doc) => new(name, Schemas.Word(words, otherwise),
        new($"one of {string.Join(", ", words)}", $"l'un de {string.Join(", ", words)}"),
        text => Array.IndexOf(words, text) >= 0 ? (true, text) : default)
    { Doc = doc, Default = otherwise };

    /// <summary>Yes or no, and no where it is absent.</summary>
    public static QueryParameter<bool> Flag(string name, string doc) => new(name, Schemas.Flag(), new("true or false", "true ou false"),
        text => text is "true" or "false" ? (true, text == "true") : default)
    { Doc = doc };

    /// <summary>Free text of a bounded length.</summary>
    public static QueryParameter<string> Text(string name, int longest, string doc) => new(name, Schemas.Text(longest),
        new($"1 to {longest} characters", $"de 1 à {longest} caractères"),
        text => text.Length >= 1 && text.Length <= longest ? (true, text) : default)
    { Doc = doc };
}

/// <summary>A parameter and how its text becomes a value.</summary>
internal sealed record QueryParameter<T>(string Name, OpenApiSchema Schema, Sentence Expected, Func<string, (bool Ok, T Value)> Parse) : QueryParameter(Name, Schema, Expected)
{
    /// <summary>The value where the parameter is absent.</summary>
    public T? Default { get; init; }
}

/// <summary>Endpoint metadata: the parameters that its query string may hold, and no other.</summary>
internal sealed record QueryShape(QueryParameter[] Parameters);

/// <summary>Reads one request's query string and gathers every culprit, so that the caller learns of all of them at once.</summary>
internal sealed class QueryReader
{
    private readonly HttpContext _context;
    private Dictionary<string, string[]>? _errors;

    public QueryReader(HttpContext context)
    {
        _context = context;
        var known = context.GetEndpoint()!.Metadata.GetRequiredMetadata<QueryShape>().Parameters;
        foreach (var name in context.Request.Query.Keys)
            if (!Array.Exists(known, p => p.Name == name))
                Refuse(name, new("is not a parameter of this address", "n'est pas un paramètre de cette adresse"));
    }

    /// <summary>Whether anything was wrong so far.</summary>
    public bool Failed => _errors is not null;

    /// <summary>The problem that names every culprit.</summary>
    public IResult Problem => Problems.InvalidRequest(_context, _errors!);

    /// <summary>The value, or the parameter's default where it is absent or wrong.</summary>
    public T Read<T>(QueryParameter<T> parameter)
    {
        var values = _context.Request.Query[parameter.Name];
        if (values.Count == 0)
        {
            if (parameter.Required)
                Refuse(parameter.Name, new($"is required: {parameter.Expected.English}", $"est obligatoire : {parameter.Expected.French}"));
            return parameter.Default!;
        }
        if (values.Count > 1)
            Refuse(parameter.Name, new("may be given once", "ne peut être donné qu'une fois"));
        return One(parameter, values[0]);
    }

    /// <summary>All the values of a repeatable parameter.</summary>
    public T[] ReadAll<T>(QueryParameter<T> parameter)
    {
        var values = _context.Request.Query[parameter.Name];
        return values.Count == 0 ? [] : [.. values.Select(text => One(parameter, text))];
    }

    /// <summary>Notes a culprit.</summary>
    public void Refuse(string name, Sentence sentence) => (_errors ??= [])[name] = [_context.Say(sentence)];

    private T One<T>(QueryParameter<T> parameter, string? text)
    {
        // Number parsers overlook NUL characters at the end.
        var (ok, value) = text is null || text.Contains('\0') ? default : parameter.Parse(text);
        if (ok)
            return value;
        Refuse(parameter.Name, new($"takes {parameter.Expected.English}", $"attend {parameter.Expected.French}"));
        return parameter.Default!;
    }
}

/// <summary>Instants as they cross the edge: RFC 3339 with offset.</summary>
internal static class Moments
{
    private static readonly Instant Earliest = Instant.FromUtc(2000, 1, 1, 0, 0);
    private static readonly Instant Latest = Instant.FromUtc(2100, 1, 1, 0, 0);

    /// <summary>Reads an instant of the years 2000 to 2099. A plus sign that a URL turned into a space is read as the plus it was.</summary>
    public static bool TryParse(string text, out Instant instant)
    {
        instant = default;
        // The pattern reads a comma for the point, as ISO 8601 does and RFC 3339 does not; and an instant at the end of time has no UTC.
        var parsed = OffsetDateTimePattern.Rfc3339.Parse(text.Replace(' ', '+').ToUpperInvariant());
        if (!parsed.Success || text.Contains(',') || parsed.Value.Year is < 1999 or > 2100)
            return false;
        instant = parsed.Value.ToInstant();
        return instant >= Earliest && instant < Latest;
    }

    /// <summary>Writes an instant in the offset of a zone.</summary>
    public static string In(DateTimeZone zone, Instant instant) => OffsetDateTimePattern.Rfc3339.Format(instant.InZone(zone).ToOffsetDateTime());

    /// <summary>Writes an instant in UTC, to the millisecond and cut there, so that texts of one length compare as instants do.</summary>
    public static string Utc(Instant instant) => instant.ToDateTimeUtc().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}

/// <summary>How an endpoint says which parameters it takes.</summary>
internal static class QueryEndpoints
{
    /// <summary>Declares the whole query string of an endpoint; what is not declared is refused with 400.</summary>
    public static RouteHandlerBuilder WithQuery(this RouteHandlerBuilder endpoint, params QueryParameter[] parameters) =>
        endpoint.WithMetadata(new QueryShape(parameters));

    /// <summary>Declares the request headers that an endpoint reads, for the reference.</summary>
    public static RouteHandlerBuilder WithHeaders(this RouteHandlerBuilder endpoint, params HeaderParameter[] headers) => endpoint.WithMetadata([.. headers]);

    /// <summary>Says which refusals an endpoint gives.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (var status in statuses)
            endpoint.ProducesProblem(status);
        return endpoint;
    }

    /// <summary>Refuses a query string with undeclared names before the handler runs, for handlers that read none themselves.</summary>
    public static RouteHandlerBuilder Strict(this RouteHandlerBuilder endpoint) =>
        endpoint.AddEndpointFilter(async (context, next) =>
        {
            var query = new QueryReader(context.HttpContext);
            return query.Failed ? query.Problem : await next(context);
        });
}
