using NodaTime;
using Realtime.Recalls;
using Realtime.Stock;
using Realtime.Web.Edge;
using Realtime.Web.Live;

namespace Realtime.Web.Recalls;

/// <summary>A recall as it was declared.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Reference">What its source calls it.</param>
/// <param name="Cip13">Of which presentation.</param>
/// <param name="Lots">Trimmed, in capitals, each once.</param>
/// <param name="Source">Who says so.</param>
/// <param name="DeclaredAt">When.</param>
public sealed record RecallDeclaredItem(string Id, string Reference, string Cip13, IReadOnlyList<string> Lots, string Source, string DeclaredAt)
{
    internal static RecallDeclaredItem Of(Recall recall) => new(recall.Id, recall.Reference, recall.Cip13.ToString(), recall.Lots, recall.Source, Moments.Utc(recall.DeclaredAt));
}

/// <summary>A recall in the list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Reference">What its source calls it.</param>
/// <param name="Cip13">Of which presentation.</param>
/// <param name="Name">What that is called.</param>
/// <param name="Lots">Which lots.</param>
/// <param name="Source">Who says so.</param>
/// <param name="DeclaredAt">When.</param>
/// <param name="WithdrawnAt">When it was taken back; null while it holds.</param>
/// <param name="WithdrawnFor">Why it was taken back; null while it holds.</param>
public sealed record RecallItem(string Id, string Reference, string Cip13, string Name, IReadOnlyList<string> Lots, string Source, string DeclaredAt, string? WithdrawnAt, string? WithdrawnFor)
{
    internal static RecallItem Of(Recall recall, RecallDesk desk) => new(
        recall.Id, recall.Reference, recall.Cip13.ToString(), desk.NameOf(recall.Cip13), recall.Lots, recall.Source, Moments.Utc(recall.DeclaredAt),
        recall.WithdrawnAt is { } at ? Moments.Utc(at) : null, recall.WithdrawnFor);
}

/// <summary>A page of recalls, the newest first.</summary>
/// <param name="Items">The recalls.</param>
/// <param name="Cursor">For the page after; null on the last one.</param>
public sealed record RecallsAnswer(IReadOnlyList<RecallItem> Items, string? Cursor);

/// <summary>How far a recall has come.</summary>
/// <param name="Done">Whether every pharmacy that speaks of the product has been asked, since it was declared or withdrawn.</param>
/// <param name="Visited">How many were.</param>
/// <param name="WithoutLots">How many of these have boxes of the product whose lot nobody has said: they must look for themselves.</param>
/// <param name="Failed">How many could not be asked so far; they are asked again until they answer.</param>
public sealed record RecallSpreadItem(bool Done, int Visited, int WithoutLots, int Failed);

/// <summary>A pharmacy that a recall has reached.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name; null where it is not known here any more.</param>
/// <param name="Boxes">Boxes of the lots that it was last found to hold.</param>
/// <param name="Orders">Open orders of the product there.</param>
/// <param name="AcknowledgedAt">When somebody there saw it; null where nobody has.</param>
public sealed record RecallHolderItem(string Id, string? Name, int Boxes, int Orders, string? AcknowledgedAt)
{
    internal static RecallHolderItem Of(RecallHolder holder, Country country) => new(
        holder.Held.Id.Value, country.TryFind(holder.Held.Id, out var place) ? place.Facts.Record.Name : null, holder.Held.Boxes, holder.Held.Orders,
        holder.AcknowledgedAt is { } at ? Moments.Utc(at) : null);
}

/// <summary>A recall, and where it has been seen.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Reference">What its source calls it.</param>
/// <param name="Cip13">Of which presentation.</param>
/// <param name="Name">What that is called.</param>
/// <param name="Lots">Which lots.</param>
/// <param name="Source">Who says so.</param>
/// <param name="DeclaredAt">When.</param>
/// <param name="WithdrawnAt">When it was taken back; null while it holds.</param>
/// <param name="WithdrawnFor">Why it was taken back; null while it holds.</param>
/// <param name="Spread">How far it has come.</param>
/// <param name="Holders">How many pharmacies hold boxes of it.</param>
/// <param name="Boxes">How many boxes, in all of them.</param>
/// <param name="Acknowledged">In how many of them somebody has seen it.</param>
/// <param name="Pharmacies">Some of them, by number.</param>
/// <param name="Cursor">For the next ones; null where these are the last.</param>
public sealed record RecallStandingItem(
    string Id, string Reference, string Cip13, string Name, IReadOnlyList<string> Lots, string Source, string DeclaredAt, string? WithdrawnAt, string? WithdrawnFor,
    RecallSpreadItem Spread, int Holders, long Boxes, int Acknowledged, IReadOnlyList<RecallHolderItem> Pharmacies, string? Cursor)
{
    internal static RecallStandingItem Of(RecallPage page, RecallDesk desk, Country country)
    {
        var item = RecallItem.Of(page.Recall, desk);
        return new(
            item.Id, item.Reference, item.Cip13, item.Name, item.Lots, item.Source, item.DeclaredAt, item.WithdrawnAt, item.WithdrawnFor,
            new(page.Recall.IsSpread, page.Visited, page.WithoutLots, page.Failed), page.Holders, page.Boxes, page.Acknowledged,
            [.. page.Items.Select(holder => RecallHolderItem.Of(holder, country))], page.More ? page.Items[^1].Held.Id.Value : null);
    }
}

/// <summary>A recall as one counter has it.</summary>
/// <param name="RecallId">Its id.</param>
/// <param name="Reference">What its source calls it.</param>
/// <param name="Cip13">Of which presentation.</param>
/// <param name="Name">What that is called.</param>
/// <param name="Lots">Which lots.</param>
/// <param name="Source">Who says so.</param>
/// <param name="DeclaredAt">When.</param>
/// <param name="Boxes">Boxes of the lots here: take them off the shelf.</param>
/// <param name="Orders">Open orders of the product: their bags are to be looked into.</param>
/// <param name="AcknowledgedAt">When somebody here saw it; null where nobody has.</param>
public sealed record CounterRecallItem(
    string RecallId, string Reference, string Cip13, string Name, IReadOnlyList<string> Lots, string Source, string DeclaredAt, int Boxes, IReadOnlyList<string> Orders, string? AcknowledgedAt)
{
    internal static CounterRecallItem Of(Recall recall, RecallReach held, Instant? seen, RecallDesk desk, DateTimeZone zone) => new(
        recall.Id, recall.Reference, recall.Cip13.ToString(), desk.NameOf(recall.Cip13), recall.Lots, recall.Source, Moments.In(zone, recall.DeclaredAt),
        held.Boxes, [.. held.Orders.Select(order => order.ToString())], seen is { } at ? Moments.In(zone, at) : null);
}

/// <summary>The recalls that concern a counter, the newest first.</summary>
public sealed record CounterRecallsAnswer(IReadOnlyList<CounterRecallItem> Items);

/// <summary>Somebody here has seen a recall.</summary>
/// <param name="RecallId">Which.</param>
/// <param name="AcknowledgedAt">When somebody did, for the first time.</param>
public sealed record RecallAcknowledgedItem(string RecallId, string AcknowledgedAt);
