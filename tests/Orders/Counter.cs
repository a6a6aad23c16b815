using System.Text;
using NodaTime;
using Realtime.Hours;
using Realtime.Orders;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Recalls;
using Realtime.Stock;

namespace Realtime.Tests.Orders;

/// <summary>
/// A pharmacy in memory: rules alone, no grain. After every event it recomputes, from nothing but the events, what must hold; and what is stored is read back and must be the same.
/// </summary>
internal sealed class Counter
{
    public static readonly Cip13 Ibuprofen = Cip13.Parse("3400938358926"), Spedifen = Cip13.Parse("3400936251892"), Unknown = Cip13.Parse("3400949497294");
    public static readonly PharmacyId Pharmacy = PharmacyId.Parse("750020927");

    /// <summary>Monday 23 November 2026, ten in the morning in Paris.</summary>
    public static readonly Instant MondayTen = Instant.FromUtc(2026, 11, 23, 9, 0);

    private readonly List<(OrderEvent Happened, Instant At)> _events = [];
    private int _chance;

    public Counter(string? hours = "Mo-Fr 09:00-19:00; PH off", Modules? modules = null)
    {
        Facts = new Pharmacy
        {
            Record = new() { Id = Pharmacy, Name = "Pharmacie du Test", Latitude = 48.8, Longitude = 2.3, Address = new("1 rue du Test", "75012", "Paris"), Hours = hours },
            HoursSource = HoursSource.Pharmacy,
            Page = new(null, [], [], modules ?? new(ClickAndCollect: true), null),
            Seq = 1,
        };
    }

    public OrderQueueState State { get; private set; } = new() { Pharmacy = Pharmacy };

    public Instant Now { get; set; } = MondayTen;

    public Pharmacy Facts { get; set; }

    /// <summary>Whether buyers can be written to.</summary>
    public bool HasEmail { get; init; } = true;

    public IReadOnlyList<(OrderEvent Happened, Instant At)> Events => _events;

    public QueuePage Page => PageOf(Facts, Now);

    public static Hand Pharmacist => new(true, null);

    public static Hand Preparer => new(false, null);

    public Order this[OrderId id] => State.Orders[id];

    public static QueuePage PageOf(Pharmacy facts, Instant now)
    {
        var zone = Zones.Of(facts.Record.Insee, facts.Record.Address.Postcode)!;
        var hours = facts.Record.Hours is { } text && OpeningHours.TryParse(text, out var parsed, out _) ? parsed : null;
        var schedule = new Schedule(zone, hours, facts.Closures, null, exceptions: facts.Exceptions);
        return new(facts, zone, schedule, new(schedule, zone.Time, now, facts.Page?.Modules.OnCallOrders == true));
    }

    public Counter With(Cip13 cip13, int boxes, int reserve = 0)
    {
        Do(OrderQueue.Count(State, cip13, boxes, reserve, Now));
        return this;
    }

    /// <summary>The order that somebody asks for.</summary>
    public Placing Asks(int quantity = 1, Cip13? cip13 = null, string contact = "", bool byCounter = false, string born = "1985-04-23") => new()
    {
        Id = OrderId.Next(Pharmacy, Now, Encoding.ASCII.GetBytes($"{++_chance,10}"), State.Last),
        Lines = [new(cip13 ?? Ibuprofen, quantity, "Ibuprofène", null)],
        Born = NodaTime.Text.LocalDatePattern.Iso.Parse(born).Value,
        Consent = true,
        Contacts = contact.Length == 0 ? [] : [contact],
        ByCounter = byCounter,
        HasEmail = HasEmail,
        Verdict = new(Now, [], [], [], []),
    };

    public OrderId Place(int quantity = 1, Cip13? cip13 = null, string contact = "")
    {
        var asked = Asks(quantity, cip13, contact);
        Do(OrderQueue.Place(State, asked, Page, OrderRules.Default, Now));
        return asked.Id;
    }

    public Decision TryPlace(Placing asked) => OrderQueue.Place(State, asked, Page, OrderRules.Default, Now);

    /// <summary>Takes an order as far as it is to come.</summary>
    public OrderId PlaceUpTo(OrderState state, int quantity = 1)
    {
        var id = Place(quantity);
        if (state >= OrderState.Accepted)
            Do(OrderQueue.Accept(State, id, Pharmacist, Page, Now));
        if (state >= OrderState.Ready)
            Do(OrderQueue.Ready(State, id, BoxCheck.None, Pharmacist, Page, Now));
        if (state == OrderState.Collected)
            Do(OrderQueue.Collect(State, id, true, BoxCheck.None, Preparer, Page, Now));
        return id;
    }

    /// <summary>The next feed of the pharmacy's software, as of an instant, by default this one.</summary>
    public StockFeed Fed(FeedKind kind, Instant? takenAt, params (Cip13 Cip13, int Boxes, string? Lot, LocalDate? Expiry)[] lines)
    {
        using var builder = new FeedSet.Builder();
        foreach (var line in lines)
            builder.Add(line.Cip13, line.Boxes, line.Lot, line.Expiry);
        var seq = (State.Feed?.Seq ?? 0) + 1;
        return new(kind, seq, takenAt ?? Now, $"feed {seq}", builder.Build(), lines.Length, RejectedLines.None);
    }

    /// <summary>A feed is taken, in as many rows as it needs, and what it brings is barred where it must be, as the grain does.</summary>
    public StockFed Take(StockFeed feed, RecallBook? book = null)
    {
        var decision = FeedRules.Take(State, feed, Page, Now);
        Assert.Null(decision.Refusal);
        var rows = FeedRules.Rows((StockFed)decision.Happened!).ToArray();
        foreach (var row in rows)
            Happen(row);
        Turn();
        Recall(book ?? RecallBook.Empty);
        return (StockFed)rows[^1];
    }

    /// <summary>Lots whose last day is over expire.</summary>
    public void Turn()
    {
        while (LotRules.Turn(State, Page, Now).Happened is { } turned)
            Happen(turned);
    }

    /// <summary>What recalls ask of these shelves happens.</summary>
    public IReadOnlyList<OrderEvent> Recall(RecallBook book)
    {
        var happened = new List<OrderEvent>();
        while (LotRules.Recall(State, book).Happened is { } next)
            happened.Add(Happen(next));
        return happened;
    }

    /// <summary>What was decided happens; nothing may be refused.</summary>
    public OrderEvent Do(Decision decision)
    {
        Assert.Null(decision.Refusal);
        return Happen(decision.Happened!);
    }

    /// <summary>What was decided happens, and it is refused too, as a wrong code is.</summary>
    public OrderRefusalKind Refused(Decision decision)
    {
        if (decision.Happened is { } happened)
            Happen(happened);
        return decision.Refusal!.Kind;
    }

    /// <summary>Time passes; everything that comes due happens.</summary>
    public IReadOnlyList<TimePassed> Wait(Duration duration)
    {
        Now += duration;
        var passed = new List<TimePassed>();
        while (OrderQueue.Pass(State, Page, Now).Happened is TimePassed due)
            passed.Add((TimePassed)Happen(due));
        return passed;
    }

    public OrderEvent Happen(OrderEvent happened)
    {
        _events.Add((happened, Now));
        State = OrderQueue.Evolve(State, happened, _events.Count, Now);
        Invariants.Hold(State, _events);
        return happened;
    }
}
