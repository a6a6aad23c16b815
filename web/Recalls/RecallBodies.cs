using Realtime.Recalls;
using Realtime.Web.Edge;
using Realtime.Web.Products;

namespace Realtime.Web.Recalls;

/// <summary>A recall that is to be declared.</summary>
/// <param name="Reference">What its source calls it.</param>
/// <param name="Cip13">Of which presentation.</param>
/// <param name="Lots">1 to 100 lots as printed on the boxes, of 1 to 20 characters; capitals and small letters are the same.</param>
/// <param name="Source">Who says so, as an agency or a laboratory.</param>
public sealed record RecallBody(string Reference, string Cip13, IReadOnlyList<string?> Lots, string Source)
{
    private const int LongestReference = 100, LongestSource = 200;

    /// <summary>The recall, as far as it is right; the reader knows what is not.</summary>
    internal RecallAsked Read(BodyReader body)
    {
        if (!Realtime.Products.Cip13.TryParse(Cip13, out var cip13))
            body.Refuse("$.cip13", ProductEndpoints.NotACode(Cip13));
        return new(body.Text("$.reference", Reference, LongestReference)!, cip13, ReadLots(body), body.Text("$.source", Source, LongestSource)!);
    }

    private string[] ReadLots(BodyReader body)
    {
        if (Lots.Count is 0 or > RecallRules.MostLots)
            body.Refuse("$.lots", new($"takes 1 to {RecallRules.MostLots} lots", $"attend de 1 à {RecallRules.MostLots} lots"));
        var lots = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Lots.Count && i < RecallRules.MostLots; i++)
            if (Lots[i]?.Trim() is { } lot && Bodies.IsLine(lot, RecallRules.LongestLot))
                lots.Add(lot.ToUpperInvariant());
            else
                body.Refuse($"$.lots[{i}]", new($"takes 1 to {RecallRules.LongestLot} printable characters", $"attend de 1 à {RecallRules.LongestLot} caractères imprimables"));
        return [.. lots];
    }
}

/// <summary>A recall that is to be taken back.</summary>
/// <param name="Reason">Why, for the counters.</param>
public sealed record RecallWithdrawalAsked(string Reason)
{
    /// <summary>The longest reason.</summary>
    internal const int Longest = 200;
}
