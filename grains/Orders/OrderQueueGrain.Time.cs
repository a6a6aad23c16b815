using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using Realtime.Hours;
using Realtime.Idempotency;
using Realtime.Journal;
using Realtime.OnCall;
using Realtime.Pharmacies;
using Realtime.Schools;

namespace Realtime.Orders;

/// <summary>
/// What time does to the queue. A timer of this activation acts at the very instant; a reminder, which outlives every process, wakes the grain within a minute where
/// there is none. Both only ask the rules what is due, so that acting twice is acting once.
/// </summary>
internal sealed partial class OrderQueueGrain
{
    /// <summary>Name of the reminder that holds.</summary>
    private const string Holds = "holds";

    // However the system's clock is set meanwhile, what is due is done at most so much late.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    // What others change on the page is heeded within this: the interface promises a second.
    private static readonly Duration PageAge = Duration.FromMilliseconds(500);

    // A pause that could not be told for so long is no news any more.
    private static readonly Duration PauseAge = Duration.FromDays(1);

    private QueuePage? _page;
    private Instant _pageAsked = Instant.MinValue;
    private IGrainTimer? _timer;
    private IGrainReminder? _reminder;
    private long _paused; // the row whose pause the page was told of by this activation

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        // What came due while nobody was here is done at once, but not before the first caller is let in.
        if (State.Orders.Count > 0 || State.CalledPause is not null || IsAwaited)
            Wake(TimeSpan.Zero);
    }

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await Sweep();
        if (IsAwaited)
            return;
        // The last hold is gone, and nobody is to be written to any more: the next one asks for a reminder of its own.
        if ((_reminder ?? await this.GetReminder(Holds)) is { } reminder)
            await this.UnregisterReminder(reminder);
        _reminder = null;
    }

    /// <inheritdoc/>
    public async Task Sweep()
    {
        _pageAsked = Instant.MinValue;
        if (await Page() is not { } page)
            return;
        // Before boxes come free for anybody, those that nobody may be given are barred.
        await Bar();
        // Holds that a closure moves are moved before any of them is ended.
        while (OrderQueue.Move(State, page, _rules).Happened is { } moved)
            await Happen(moved, Time, "held longer, since the pharmacy closes", JournalRows.AsStored(clock.Now));
        while (JournalRows.AsStored(clock.Now) is var now && OrderQueue.Pass(State, page, now).Happened is { } passed)
            await Happen(passed, Time, "time passed", now);
        await TellPause();
        await CallWaiters();
        await PostLetters();
        await TellBrowsers();
        Arm();
    }

    // Before anything is decided: what is due is done, and what is recalled is barred.
    private async ValueTask SweepIfDue()
    {
        if (State.Due.Count > 0 && State.Due.Min.At <= clock.Now)
            await Sweep();
        else
            await BarAndTell();
    }

    // The page takes the pause as one of its own, so that whoever resumes it by hand resumes this one; told again, it knows the request.
    private async Task TellPause()
    {
        if (State.CalledPause is not { } pause || pause.Seq == _paused || clock.Now - pause.At > PauseAge)
            return;
        var request = new RequestKey($"{Stream}/{pause.Seq}", "pause");
        await GrainFactory.GetGrain<IPharmacyGrain>(Id.Value).PauseUnanswered(pause.Until, request);
        _paused = pause.Seq;
    }

    /// <summary>The pharmacy's page, at most half a second old; null where no pharmacy has this number.</summary>
    private async ValueTask<QueuePage?> Page()
    {
        var now = clock.Now;
        var book = await duty.Current;
        if (_page is { } known && now - _pageAsked < PageAge && now >= _pageAsked && StillHolds(known, book, now))
            return known;
        var facts = await GrainFactory.GetGrain<IPharmacyGrain>(Id.Value).FactsAfter(_page is null ? -1 : _page.Facts.Seq);
        _pageAsked = now;
        if (facts is { Length: 0 })
            return _page = null;
        if (facts is not null || !StillHolds(_page!, book, now))
            _page = await PageOf(facts is null ? _page!.Facts : PharmacyJson.ReadFacts(facts), book, now);
        return _page;
    }

    // What was computed of a page serves until a department changes its duty, or a duty comes into sight, or the range that was looked at is over.
    private bool StillHolds(QueuePage page, OnCallBook book, Instant now) => page.Open.Covers(now) && page.Book == book && !(page.NextSight <= now);

    // What is written was checked when it was written: its zone is known, and its hours parse.
    private async ValueTask<QueuePage> PageOf(Pharmacy facts, OnCallBook book, Instant now)
    {
        var zone = Zones.Of(facts.Record.Insee, facts.Record.Address.Postcode)!;
        var hours = facts.Record.Hours is { } text && OpeningHours.TryParse(text, out var parsed, out _) ? parsed : null;
        if (hours?.SpeaksOfSchools == true)
            zone = SchoolRules.With(zone, SchoolRules.Compile(new(await GrainFactory.GetGrain<ISchoolGrain>(ISchoolGrain.Key).Years())), facts.Record.Insee, facts.Record.Address.Postcode);
        var schedule = PharmacySchedule.Of(facts, zone, hours, book, options, now);
        return new(facts, zone, schedule, new(schedule, zone.Time, now, facts.Page?.Modules.OnCallOrders == true)) { Book = book, NextSight = book.DutyOf(facts.Record.Id).NextSight(now) };
    }

    /// <summary>Asks for the reminder, durably, unless this activation already has: before the first hold, so that none is ever without.</summary>
    private async ValueTask Remind() => _reminder ??= await this.RegisterOrUpdateReminder(Holds, TimeSpan.FromSeconds(options.ReminderSeconds), TimeSpan.FromSeconds(options.ReminderSeconds));

    // Whether time has anything to do here: holds, letters, boxes that are the next one's once their day is over.
    private bool IsAwaited => State.Due.Count > 0 || Owes || State.Telling.Count > 0 || State.Waiters.Exists(waiter => waiter.CalledAt is null) && State.Waiters.Exists(waiter => waiter.ClaimsAt(clock.Now));

    // To the next instant that an order has ahead of it, and each minute while anything else is awaited; else the timer rests.
    private void Arm()
    {
        if (!IsAwaited)
            return;
        var wait = State.Due.Count == 0 ? LongestWait : (State.Due.Min.At - clock.Now).ToTimeSpan();
        Wake(wait < TimeSpan.Zero ? TimeSpan.Zero : wait < LongestWait ? wait + TimeSpan.FromMilliseconds(1) : LongestWait);
    }

    private void Wake(TimeSpan wait)
    {
        if (_timer is null)
            _timer = this.RegisterGrainTimer(OnTime, new GrainTimerCreationOptions(wait, Timeout.InfiniteTimeSpan));
        else
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private async Task OnTime(CancellationToken stopping)
    {
        try
        {
            await Sweep();
        }
        catch (Exception failure) when (failure is JournalException or TimeoutException or OrleansException)
        {
            // The store or a neighbour does not answer just now. Nothing was done by halves, and what is due stays due.
            ServiceProvider.GetRequiredService<ILogger<OrderQueueGrain>>().LogWarning("What is due in {Stream} waits: {Cause}", Stream, failure.Message);
            Wake(TimeSpan.FromSeconds(1));
        }
    }
}
