using System.Text.Json;
using Microsoft.AspNetCore.Http;
using NodaTime;
using Realtime.Identity;
using Realtime.Journal;
using Realtime.Orders;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Web.Edge;

namespace Realtime.Tests.Orders;

/// <summary>What can be wrong with stock and orders.</summary>
internal enum OrderFault
{
    /// <summary>Somebody was told that it is done, and it is not in the journal.</summary>
    Missing,

    /// <summary>What was wanted once was done twice.</summary>
    Duplicate,

    /// <summary>A box was promised that is not there.</summary>
    Oversold,

    /// <summary>A stream has a hole, or its chain is broken.</summary>
    Hole,

    /// <summary>The service counts other boxes than there are.</summary>
    Ledger,

    /// <summary>The same request was answered in two ways.</summary>
    Differing,

    /// <summary>Somebody was told that there are too few boxes, and there were enough.</summary>
    RefusedWhileFree,

    /// <summary>Somebody was told no, and holds an order.</summary>
    TakenThoughRefused,
}

/// <summary>How callers' keys and telephones stand in the journal of an installation.</summary>
internal sealed class OrderCodes(Secret secret)
{
    private const int NationalDigits = 9;
    private readonly RequestKeys _keys = new(secret);
    private readonly OrderSecrets _secrets = new(secret);

    public string KeyOf(Wish wish)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers[RequestKeys.Name] = wish.Key;
        return _keys.TryRead(context, wish.Pharmacy, wish.Act, "", out var request, out _) ? request.Key : throw new InvalidOperationException($"{wish.Key} is no key.");
    }

    public string? ContactOf(Wish wish) => wish.Phone is { } phone ? _secrets.ContactOf(wish.Pharmacy, $"tel {phone[^NationalDigits..]}") : null;
}

/// <summary>What a pharmacy's stream must be after anything at all has happened to whoever wrote it, and what its callers were told.</summary>
internal sealed class OrderCheck
{
    // Callers read the same clock as the service, but not at the same moment.
    private static readonly Duration Slack = Duration.FromMilliseconds(5);

    private readonly List<(OrderFault Kind, string Sentence)> _faults = [];

    /// <summary>What is wrong; empty where nothing is.</summary>
    public IEnumerable<string> Sentences => _faults.Select(fault => $"{fault.Kind}: {fault.Sentence}");

    public int Rows { get; private set; }

    /// <summary>Feeds that were taken.</summary>
    public int Feeds { get; private set; }

    /// <summary>Successes that were told and found.</summary>
    public int Found { get; private set; }

    public int Count(OrderFault kind) => _faults.Count(fault => fault.Kind == kind);

    /// <summary>Checks one stream.</summary>
    /// <param name="pharmacy">Whose.</param>
    /// <param name="rows">All of its rows.</param>
    /// <param name="wishes">What was asked of it.</param>
    /// <param name="codes">How that stands in the journal.</param>
    /// <returns>Boxes as the plain oracle counts them after the last row; null where a stream with holes cannot be followed.</returns>
    public PlainShelf? Take(PharmacyId pharmacy, IReadOnlyList<JournalRow> rows, IReadOnlyList<Wish> wishes, OrderCodes codes)
    {
        Rows += rows.Count;
        if (JournalHash.FirstBroken(rows) is { } seq)
            Add(OrderFault.Hole, $"{pharmacy}: the stream breaks at row {seq}");
        var happened = rows.Select(row => (row, Event: OrderJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span))).ToArray();
        Told(wishes, happened, codes);
        Once(happened, wishes, codes);
        try
        {
            var (shelf, free) = Follow(pharmacy, happened, wishes.Where(wish => wish.Said is not null).ToDictionary(wish => wish.Said!.Seq, wish => wish.Said!));
            Refused(wishes, free);
            return shelf;
        }
        catch (Exception strange) when (strange is KeyNotFoundException or NullReferenceException)
        {
            Add(OrderFault.Hole, $"{pharmacy}: a row is about what no row before it made: {strange.Message}");
            return null;
        }
    }

    /// <summary>Adds a fault that others found.</summary>
    public void Add(OrderFault kind, string sentence) => _faults.Add((kind, sentence));

    // What was told is there, by its key and as it was told.
    private void Told(IReadOnlyList<Wish> wishes, (JournalRow Row, OrderEvent Event)[] happened, OrderCodes codes)
    {
        var byKey = happened.Where(one => one.Event.Request is not null).ToLookup(one => one.Event.Request!.Key, one => one.Event);
        foreach (var wish in wishes)
        {
            if (wish.Differing > 0 || wish.TakenBack > 0)
                Add(OrderFault.Differing, $"{wish.Act} {wish.Key}: {wish.Differing} answers differ from the first, {wish.TakenBack} refusals came after it");
            if (wish.Given is not { } given)
                continue;
            if (wish.Said is { } said)
            {
                if (happened.Any(one => one.Event is StockFed fed && fed.Feed == said.Seq && fed.Kind == said.Kind && fed.TakenAt == said.TakenAt))
                    Found++;
                else
                    Add(OrderFault.Missing, $"feed {said.Seq} of {wish.Pharmacy} was told as taken and is missing");
                continue;
            }
            var rows = byKey[codes.KeyOf(wish)].ToArray();
            // Counting what is known already leaves no row.
            if (wish.Act == Wish.Stock && rows.Length == 0)
                continue;
            if (rows.Any(one => Is(one, wish, given)))
                Found++;
            else
                Add(OrderFault.Missing, $"{wish.Act} {wish.Key} was told as done and is missing");
        }
    }

    private static bool Is(OrderEvent happened, Wish wish, byte[] given)
    {
        if (happened is not OneOrderEvent one)
            return happened is StockCounted && wish.Act == Wish.Stock || happened is ShortageSettled && wish.Act == Wish.Settle;
        var told = JsonDocument.Parse(given).RootElement;
        var same = told.GetProperty("orderId").GetString() == one.Id.ToString();
        return one is OrderPlaced placed
            ? same && placed.Lines.Select(line => (line.Cip13, line.Quantity)).SequenceEqual(wish.Lines)
            : same && one.Left is { } left && (OrderJson.WordOf(left.State), left.Seq) == (told.GetProperty("state").GetString(), told.GetProperty("seq").GetInt64());
    }

    // One key left one row, and one wish one order, whatever keys it was sent with.
    private void Once((JournalRow Row, OrderEvent Event)[] happened, IReadOnlyList<Wish> wishes, OrderCodes codes)
    {
        foreach (var key in happened.Where(one => one.Event.Request is not null).GroupBy(one => one.Event.Request!.Key).Where(group => group.Count() > 1))
            Add(OrderFault.Duplicate, $"one key left the rows {string.Join(", ", key.Select(one => one.Row.Seq))} of {key.First().Row.Stream}");
        foreach (var feed in happened.Select(one => one.Event).OfType<StockFed>().GroupBy(fed => fed.Feed).Where(group => group.Count() > 1))
            Add(OrderFault.Duplicate, $"feed {feed.Key} was taken {feed.Count()} times");
        var placed = happened.Select(one => one.Event).OfType<OrderPlaced>().ToArray();
        foreach (var contact in placed.SelectMany(order => order.Contacts).GroupBy(contact => contact).Where(group => group.Count() > 1))
            Add(OrderFault.Duplicate, $"one wish was placed {contact.Count()} times");
        foreach (var wish in wishes.Where(wish => wish is { Act: Wish.Place, Given: null }))
            if (codes.ContactOf(wish) is { } contact && happened.FirstOrDefault(one => one.Event is OrderPlaced order && order.Contacts.Contains(contact)) is { Event: { } } taken)
                Add(OrderFault.TakenThoughRefused, $"row {taken.Row.Seq} of {taken.Row.Stream} took an order at {taken.Row.At} (lane {taken.Row.Lane}), and whoever asked for it was told that it was not: {wish.Heard}");
    }

    private (PlainShelf Shelf, Dictionary<Cip13, List<(Instant From, int Free)>> Free) Follow(PharmacyId pharmacy, (JournalRow Row, OrderEvent Event)[] happened, Dictionary<long, FeedSaid> said)
    {
        var (shelf, state, free) = (new PlainShelf(pharmacy), new OrderQueueState { Pharmacy = pharmacy }, new Dictionary<Cip13, List<(Instant From, int Free)>>());
        foreach (var (row, change) in happened)
        {
            var before = change.Touches.Any() || change is StockCounted or StockFed ? shelf.Products.ToDictionary(cip13 => cip13, cip13 => shelf[cip13].Short) : [];
            var moved = shelf.Take(change, row.At, change is StockFed taken ? said[taken.Feed] : null);
            Feeds += change is StockFed ? 1 : 0;
            state = OrderQueue.Evolve(state, change, row.Seq, row.At);
            foreach (var cip13 in moved)
            {
                if (!free.TryGetValue(cip13, out var times))
                    free[cip13] = times = [];
                times.Add((row.At, shelf[cip13].Free));
                // What the rules count after each feed is what the plain oracle does.
                if (change is StockFed fed && state.CountOf(cip13)?.OnHand != shelf[cip13].OnHand)
                    Add(OrderFault.Ledger, $"{pharmacy}: after feed {fed.Feed} the rules count {state.CountOf(cip13)} of {cip13}, and there are {shelf[cip13]}");
                // Only a count can find fewer boxes than are promised; nothing is promised that is not there.
                if (change is not (StockCounted or StockFed) && shelf[cip13].Short > before.GetValueOrDefault(cip13) || change is OrderPlaced && shelf[cip13].Free < 0)
                    Add(OrderFault.Oversold, $"{row.Stream} row {row.Seq} ({row.Event.Kind}) leaves {shelf[cip13]} of {cip13}");
            }
        }
        foreach (var cip13 in shelf.Products)
            if (state.CountOf(cip13) is not { } count || new Boxes(count.OnHand, count.Reserve, count.Held, count.ToReshelve) != shelf[cip13])
                Add(OrderFault.Ledger, $"{pharmacy}: the rules count {state.CountOf(cip13)} of {cip13}, and there are {shelf[cip13]}");
        return (shelf, free);
    }

    // Who was told that there are too few boxes was told so at a moment when there were.
    private void Refused(IReadOnlyList<Wish> wishes, Dictionary<Cip13, List<(Instant From, int Free)>> free)
    {
        foreach (var wish in wishes)
            foreach (var (sent, answered) in wish.OutOfStock)
                if (!wish.Lines.Any(line => WasBelow(free.GetValueOrDefault(line.Cip13) ?? [], line.Quantity, sent - Slack, answered + Slack)))
                    Add(OrderFault.RefusedWhileFree, $"{wish.Pharmacy}: {string.Join(", ", wish.Lines)} was refused between {sent} and {answered}, when there was enough");
    }

    private static bool WasBelow(List<(Instant From, int Free)> times, int quantity, Instant from, Instant to)
    {
        for (var i = 0; i < times.Count; i++)
            if (times[i].Free < quantity && times[i].From <= to && (i + 1 == times.Count || times[i + 1].From >= from))
                return true;
        return times.Count == 0;
    }
}
