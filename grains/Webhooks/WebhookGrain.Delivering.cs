using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using Realtime.Journal;

namespace Realtime.Webhooks;

/// <summary>
/// From rows to messages that were taken. Rows behind the cursor are read; their messages are fresh until they were taken or a row says that they wait; then the cursor moves.
/// Whatever is lost on the way, the next activation begins at the cursor and at what waits, and makes the same messages under the same ids.
/// </summary>
internal sealed partial class WebhookGrain
{
    /// <summary>Name of the reminder while anything is to be sent.</summary>
    private const string Deliveries = "deliveries";

    // Calls at a time to one endpoint: of fresh messages, and of such that waited, so that neither holds up the other.
    private const int MostCalls = 8, MostLateCalls = 4;

    // Messages in one row, which stays under 64 KB: an entry has at most some 220 bytes.
    private const int MostInRow = 200;

    // Rows that a cursor may be behind: so many are read again after a crash, at most.
    private const int MostBehind = 1_000;

    // How long what is known waits for what is not, to be written in one row with it. A fresh message that was not taken by then is written down as waiting, so that one slow
    // endpoint holds up no other.
    private static readonly Duration RowAge = Duration.FromSeconds(2);

    // A cursor that moved past messages that were all taken is written so much later: after a crash these are sent again, under the same ids.
    private static readonly Duration CursorAge = Duration.FromSeconds(10);

    // What has not been reported for so long was lost on the way.
    private static readonly Duration ReportAge = Duration.FromMinutes(1);
    private static readonly Duration LongestRest = Duration.FromMinutes(1);

    // How long a store that did not answer, or a row that could not be read, is left alone.
    private static readonly Duration FailureRest = Duration.FromSeconds(1);

    private readonly Dictionary<DeliveryKey, Fresh> _fresh = [];
    private readonly Dictionary<DeliveryKey, Instant> _called = [];
    private readonly Dictionary<DeliveryKey, DeliveryOutcome> _outcomes = [];
    private Instant? _taken; // since when the cursor could be moved
    private Instant? _reported; // since when an outcome is not written
    private IGrainTimer? _timer;
    private IGrainReminder? _reminder;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        // What came while nobody was here is sent at once, but not before the first caller is let in.
        if (State.Endpoints.Count > 0)
            Rest(Duration.Zero);
    }

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, Orleans.Runtime.TickStatus status)
    {
        await Wake(0, 0);
        if (IsAwaited)
            return;
        // Nothing is to be sent any more: the next message asks for a reminder of its own.
        if ((_reminder ?? await this.GetReminder(Deliveries)) is { } reminder)
            await this.UnregisterReminder(reminder);
        _reminder = null;
    }

    /// <inheritdoc/>
    public async Task Report(IReadOnlyList<DeliveryOutcome> outcomes)
    {
        foreach (var outcome in outcomes)
            await Take(outcome);
        await Deliver();
    }

    // Whether anything is to be sent or written.
    private bool IsAwaited => _fresh.Count > 0 || _outcomes.Count > 0 || Behind > 0 && _taken is not null || State.Endpoints.Exists(endpoint => !endpoint.Waiting.IsEmpty);

    private async Task Take(DeliveryOutcome outcome)
    {
        var key = new DeliveryKey(outcome.Endpoint, outcome.Message);
        _called.Remove(key);
        if (outcome.Message.Source == MessageSource.Test)
            await TakeTest(outcome);
        // Of the past, where neither: it was taken out, or given up, or another activation asked.
        else if (_fresh.ContainsKey(key) || State.IsWaiting(key))
        {
            _outcomes[key] = outcome;
            _reported ??= clock.Now;
        }
    }

    private async Task TakeTest(DeliveryOutcome outcome)
    {
        if (_tests.TryGetValue(outcome.Message, out var test))
            _tests[outcome.Message] = test with { Outcome = outcome };
        if (outcome.IsTaken && State.Find(outcome.Endpoint) is { GoneAt: not null })
            await Append(new EndpointResumed(outcome.Endpoint, await Ends()), "test", "took a test after it had been gone", clock.Now);
    }

    /// <summary>Sends what is due, writes down what must be, and rests until the next of both.</summary>
    private async Task Deliver()
    {
        Forget();
        await WriteDown();
        foreach (var endpoint in State.Endpoints.Where(endpoint => endpoint.GoneAt is null))
        {
            CallFresh(endpoint);
            await CallLate(endpoint);
        }
        Rest();
    }

    // Calls that nobody reported, and messages to endpoints that are no more.
    private void Forget()
    {
        var now = clock.Now;
        foreach (var (key, since) in _called)
            if (now - since >= ReportAge || since > now)
                _called.Remove(key);
        foreach (var key in _fresh.Keys)
            if (State.Find(key.Endpoint) is not { GoneAt: null })
                Drop(key);
    }

    private void CallFresh(WebhookEndpoint endpoint)
    {
        var room = MostCalls - _called.Keys.Count(key => key.Endpoint == endpoint.Id && _fresh.ContainsKey(key));
        foreach (var (key, fresh) in _fresh.Where(one => one.Key.Endpoint == endpoint.Id && !IsUnderWay(one.Key)).Take(room).ToList())
            Call(endpoint, key, fresh.Message);
    }

    private async Task CallLate(WebhookEndpoint endpoint)
    {
        var now = clock.Now;
        var due = endpoint.Waiting.Values.Where(one => one.Next <= now && !IsUnderWay(new(endpoint.Id, one.Message)));
        foreach (var one in due.OrderBy(one => one.Next).Take(LateRoomOf(endpoint)).ToList())
        {
            await Remind();
            if (await MessageOf(one.Message) is { } message)
                Call(endpoint, new(endpoint.Id, one.Message), message);
            else
                await Take(new(endpoint.Id, one.Message, null, "not-sent"));
        }
    }

    private int LateRoomOf(WebhookEndpoint endpoint) => MostLateCalls - _called.Keys.Count(key => key.Endpoint == endpoint.Id && !_fresh.ContainsKey(key));

    private bool IsUnderWay(DeliveryKey key) => _called.ContainsKey(key) || _outcomes.ContainsKey(key);

    private void Call(WebhookEndpoint endpoint, DeliveryKey key, WebhookMessage message)
    {
        _called[key] = clock.Now;
        Put(endpoint, message);
    }

    private void Put(WebhookEndpoint endpoint, WebhookMessage message) => sender.Put(new(new(endpoint.Id, message.Id), endpoint.Url, message.Body, endpoint.SecretsAt(clock.Now)));

    private async Task WriteDown()
    {
        if (_fresh.Count == 0 && _outcomes.Count == 0 && Behind == 0)
            return;
        Settle();
        if (!MustWrite())
            return;
        var (rows, written) = Changes();
        foreach (var row in rows)
            await Append(row, "webhooks", "deliveries moved on", JournalRows.AsStored(clock.Now));
        written.ForEach(Drop);
        (_taken, _reported) = (null, null);
    }

    // Fresh messages that were taken leave nothing behind but the cursor, in a while.
    private void Settle()
    {
        foreach (var (key, outcome) in _outcomes)
            if (outcome.IsTaken && _fresh.ContainsKey(key))
            {
                Drop(key);
                _taken ??= clock.Now;
            }
    }

    private bool MustWrite()
    {
        var now = clock.Now;
        // Where something is always on its way, it is written down as waiting, so that the cursor moves.
        if (Behind >= MostBehind)
            return true;
        if (_fresh.Count == 0 && _outcomes.Count == 0)
            return _taken is { } taken && now - taken >= CursorAge;
        return now >= Unwritten + RowAge || _called.Count == 0 && _fresh.Keys.All(_outcomes.ContainsKey);
    }

    // Since when something is not written that must be.
    private Instant Unwritten => _fresh.Values.Select(fresh => fresh.Since).Append(_reported ?? Instant.MaxValue).Min();

    /// <summary>What the journal is to know, in rows that are not too large, the cursor in the last of them; and the keys that are then done with here.</summary>
    private (List<DeliveriesMoved> Rows, List<DeliveryKey> Written) Changes()
    {
        var now = JournalRows.AsStored(clock.Now);
        var (waiting, dead) = (new List<Waiting>(), new List<DeadLetter>());
        var gone = _outcomes.Values.Where(outcome => outcome.IsGone).Select(outcome => outcome.Endpoint).Distinct(StringComparer.Ordinal).ToList();
        var settled = _outcomes.Where(one => one.Value.IsTaken && State.IsWaiting(one.Key)).Select(one => one.Key).ToList();
        foreach (var (key, outcome) in _outcomes.Where(one => !one.Value.IsTaken))
            if (BeforeOf(key, now) is { } before)
            {
                var (later, letter) = WebhookRules.DecideFailure(before, outcome, now);
                if (later is not null)
                    waiting.Add(later);
                else
                    dead.Add(letter!);
            }
        waiting.AddRange(_fresh.Keys.Where(key => !_outcomes.ContainsKey(key)).Select(key => BeforeOf(key, now)!));
        return (RowsOf(waiting, settled, dead, gone), [.. _outcomes.Keys.Union(_fresh.Keys)]);
    }

    // As it stood before its last attempt.
    private Waiting? BeforeOf(DeliveryKey key, Instant now) =>
        State.Find(key.Endpoint)?.Waiting.GetValueOrDefault(key.Message)
        ?? (_fresh.TryGetValue(key, out var fresh) ? new(key.Endpoint, key.Message, fresh.Message.Type, fresh.Message.At, 0, now, null) : null);

    private List<DeliveriesMoved> RowsOf(List<Waiting> waiting, List<DeliveryKey> settled, List<DeadLetter> dead, List<string> gone)
    {
        var rows = waiting.Chunk(MostInRow).Select(some => new DeliveriesMoved { Waiting = some })
            .Concat(settled.Chunk(MostInRow).Select(some => new DeliveriesMoved { Settled = some }))
            .Concat(dead.Chunk(MostInRow).Select(some => new DeliveriesMoved { Dead = some })).ToList();
        if (waiting.Count + settled.Count + dead.Count <= MostInRow)
            rows = [new() { Waiting = waiting, Settled = settled, Dead = dead }];
        // Only now is every message behind it taken or written.
        rows[^1] = rows[^1] with { Cursor = Position, Gone = gone };
        return rows;
    }

    private void Drop(DeliveryKey key)
    {
        _fresh.Remove(key);
        _outcomes.Remove(key);
    }

    /// <summary>Asks for the reminder, durably, unless this activation already has: before the first call, so that none is ever without.</summary>
    private async ValueTask Remind() =>
        _reminder ??= await this.RegisterOrUpdateReminder(Deliveries, TimeSpan.FromSeconds(options.ReminderSeconds), TimeSpan.FromSeconds(options.ReminderSeconds));

    // Until the next message is due that there is room for, or the next row is to be written; what is reported meanwhile moves things on by itself.
    private void Rest()
    {
        if (!IsAwaited && !_isMore)
            return;
        var now = clock.Now;
        var next = _isMore && _fresh.Count < MostFresh ? (_failed + FailureRest ?? now) : now + LongestRest;
        if (_fresh.Count > 0 || _outcomes.Count > 0)
            next = Instant.Min(next, Unwritten + RowAge);
        if (_taken is { } taken)
            next = Instant.Min(next, taken + CursorAge);
        foreach (var endpoint in State.Endpoints.Where(endpoint => endpoint.GoneAt is null && LateRoomOf(endpoint) > 0))
            foreach (var waiting in endpoint.Waiting.Values.Where(one => !IsUnderWay(new(endpoint.Id, one.Message))))
                next = Instant.Min(next, waiting.Next);
        Rest(next <= now ? Duration.FromMilliseconds(10) : next - now);
    }

    private void Rest(Duration wait)
    {
        var time = wait.ToTimeSpan() + TimeSpan.FromMilliseconds(1);
        if (_timer is null)
            _timer = this.RegisterGrainTimer(OnTime, new GrainTimerCreationOptions(time, Timeout.InfiniteTimeSpan));
        else
            _timer.Change(time, Timeout.InfiniteTimeSpan);
    }

    private async Task OnTime(CancellationToken stopping)
    {
        try
        {
            if (_isMore || _read is null)
                await Wake(0, 0);
            else
                await Deliver();
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            // The store does not answer just now, or a row cannot be read. Nothing was done by halves, what is due stays due, and nobody else would wake this grain for it.
            ServiceProvider.GetRequiredService<ILogger<WebhookGrain>>().LogWarning("Webhooks in {Stream} wait: {Cause}", Stream, failure.Message);
            Rest(FailureRest);
        }
    }

    /// <summary>A message that no row of this stream knows yet.</summary>
    private sealed record Fresh(WebhookMessage Message, Instant Since);
}
