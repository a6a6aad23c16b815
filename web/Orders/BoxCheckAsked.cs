using NodaTime;
using Realtime.Products;
using Realtime.Stock;
using Realtime.Web.Edge;

namespace Realtime.Web.Orders;

/// <summary>What was scanned of an order's boxes, and looked at, when it was bagged or handed over.</summary>
internal static class BoxCheckAsked
{
    private const int MostScans = 500;

    /// <summary>The check, as far as it is right, and all that it says as one text, empty where it says nothing.</summary>
    public static (BoxCheck Check, string Said) Read(BodyReader body, IReadOnlyList<string?>? scans, bool recallChecked, Instant now)
    {
        if (scans is not { Count: > 0 } && !recallChecked)
            return (BoxCheck.None, "");
        if (scans?.Count > MostScans)
            body.Refuse("$.scans", new($"takes at most {MostScans} codes", $"attend {MostScans} codes au plus"));
        var boxes = new List<ScannedBox>();
        for (var i = 0; i < scans?.Count && i < MostScans; i++)
            if (DataMatrix.TryRead(scans[i], now.InUtc().Date, out var box, out _))
                boxes.Add(box);
            else
                body.Refuse($"$.scans[{i}]", new("is not the DataMatrix of a medicine's box", "n'est pas le DataMatrix d'une boîte de médicament"));
        return (new(boxes, recallChecked), $"\n{string.Join(',', boxes)}\n{recallChecked}");
    }
}
