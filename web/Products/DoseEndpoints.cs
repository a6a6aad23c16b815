using Realtime.Products;
using Realtime.Web.Edge;

namespace Realtime.Web.Products;

/// <summary><c>POST /api/v1/doses/check</c>: what an order of these boxes would be told, before anybody orders.</summary>
internal static class DoseEndpoints
{
    /// <summary>Lines of a basket at most.</summary>
    public const int MostLines = 50;

    /// <summary>Boxes on one line at most.</summary>
    public const int MostBoxes = 99;

    public static IResult Check(HttpContext context, DosesAsked asked, Shelf shelf, Clock clock)
    {
        if (shelf.Catalogue is not { } catalogue)
            return ProductEndpoints.NotYet(context);
        if (ShapeErrors(context, asked) is { Count: > 0 } errors)
            return Problems.InvalidRequest(context, errors);
        var lines = new List<DoseLine>(asked.Lines.Count);
        foreach (var line in asked.Lines)
        {
            if (!catalogue.TryFind(Cip13.Parse(line.Cip13), out var product))
                return ProductEndpoints.UnknownProduct(context, line.Cip13);
            lines.Add(new(product.Cip13, line.Quantity, product.Facts));
        }
        context.Response.Headers.CacheControl = "no-store";
        var verdict = DoseLaw.Decide(lines, shelf.Rules, clock.Now);
        return TypedResults.Ok(new DosesAnswer(verdict.IsAllowed, [.. verdict.Doses.Select(DoseItem.Of)], [.. verdict.Problems.Select(problem => DoseProblems.Of(context, problem, catalogue))]));
    }

    private static Dictionary<string, string[]> ShapeErrors(HttpContext context, DosesAsked asked)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        void Refuse(string path, Sentence sentence) => errors[path] = [context.Say(sentence)];

        if (asked.Lines.Count is 0 or > MostLines)
            Refuse("$.lines", new($"takes 1 to {MostLines} lines", $"attend de 1 à {MostLines} lignes"));
        for (var i = 0; i < asked.Lines.Count && i < MostLines; i++)
        {
            // JSON may hold null where the shape says a line.
            if (asked.Lines[i] is not { } line)
            {
                Refuse($"$.lines[{i}]", new("is required", "est obligatoire"));
                continue;
            }
            if (!Cip13.TryParse(line.Cip13, out _))
                Refuse($"$.lines[{i}].cip13", ProductEndpoints.NotACode(line.Cip13));
            if (line.Quantity is < 1 or > MostBoxes)
                Refuse($"$.lines[{i}].quantity", new($"takes a whole number from 1 to {MostBoxes}", $"attend un nombre entier de 1 à {MostBoxes}"));
        }
        return errors;
    }
}
