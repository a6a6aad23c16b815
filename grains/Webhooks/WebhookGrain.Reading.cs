using NodaTime;
using Realtime.Journal;
using Realtime.Orders;
using Realtime.Pharmacies;

namespace Realtime.Webhooks;

/// <summary>From rows to messages: rows behind the cursor are read, never all of a long tail at once, and what they tell is fresh.</summary>
internal sealed partial class WebhookGrain
{
    // Fresh messages that are kept at a time: more rows are not read before these were taken or wait.
    private const int MostFresh = 400;

    // Rows that are read at a time, and how often within one turn of this grain: whoever reports or asks meanwhile waits no longer.
    private const int MostRead = 200, MostReads = 10;

    private WebhookCursor? _read; // rows up to here were read by this activation
    private bool _isMore; // whether rows were left unread
    private Instant? _failed; // when reading failed last

    private WebhookCursor Position => _read is { } read ? new(Math.Max(read.Orders, State.Cursor.Orders), Math.Max(read.Page, State.Cursor.Page)) : State.Cursor;

    private long Behind => Position is var read ? read.Orders - State.Cursor.Orders + read.Page - State.Cursor.Page : 0;

    /// <inheritdoc/>
    public async Task Wake(long orders, long page)
    {
        try
        {
            if (State.Wanted.Count > 0)
                await ReadOn(orders, page);
            _failed = null;
        }
        catch (Exception)
        {
            // It stays to be read, as a row may that a newer program wrote: whoever runs that one will.
            (_isMore, _failed) = (true, clock.Now);
            throw;
        }
        finally
        {
            // What was waiting, or was read before, does not wait for it.
            await Deliver();
        }
    }

    private async Task ReadOn(long orders, long page)
    {
        var (from, everything) = (Position, _isMore || orders == 0 && page == 0);
        _isMore = false;
        if (everything || orders > from.Orders)
            await ReadOn(OrderJson.StreamOf(Id), from.Orders, row => Welcome(OfOrders(row), Position with { Orders = row.Seq }));
        if (everything || page > from.Page)
            await ReadOn(PharmacyStreams.Of(Id), from.Page, row => Welcome(OfPage(row), Position with { Page = row.Seq }));
    }

    // Never all of a long tail at once: a pharmacy's feeds may be hundreds of megabytes.
    private async Task ReadOn(string stream, long from, Func<JournalRow, Task> welcome)
    {
        for (var reads = 0; reads < MostReads && HasRoom(); reads++)
        {
            var rows = await _journal.ReadSome(stream, from, MostRead);
            foreach (var row in rows)
                if (HasRoom())
                    await welcome(row);
            if (rows.Count < MostRead)
                return;
            from = rows[^1].Seq;
        }
        _isMore = true;
    }

    // Once a row was left, all after it are: none is skipped.
    private bool HasRoom() => !(_isMore |= _fresh.Count >= MostFresh);

    private IReadOnlyList<WebhookMessage> OfOrders(JournalRow row) =>
        row.Event.Kind == WebhookMessages.Untold ? [] : WebhookMessages.Of(Id, row.Seq, row.At, OrderJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span));

    private IReadOnlyList<WebhookMessage> OfPage(JournalRow row) =>
        WebhookMessages.PageKinds.Contains(row.Event.Kind) && WebhookMessages.Of(Id, row.Seq, row.At, PharmacyJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span)) is { } message ? [message] : [];

    private async Task Welcome(IReadOnlyList<WebhookMessage> messages, WebhookCursor read)
    {
        foreach (var message in messages)
            foreach (var endpoint in State.Endpoints.Where(endpoint => endpoint.Wants(message) && !endpoint.Waiting.ContainsKey(message.Id)))
            {
                // Before the first call there is somebody who wakes this grain where it was in vain.
                await Remind();
                _fresh[new(endpoint.Id, message.Id)] = new(message, clock.Now);
            }
        _read = read;
    }

    // The very message that was made when its row was new: it follows from the row. Null where the row is no more, or makes fewer messages than it did.
    private async Task<WebhookMessage?> MessageOf(MessageId id) =>
        await _journal.ReadRow(id.Source == MessageSource.Orders ? OrderJson.StreamOf(Id) : PharmacyStreams.Of(Id), id.Seq) is { } row
            ? (id.Source == MessageSource.Orders ? OfOrders(row) : OfPage(row)).ElementAtOrDefault(id.Part - 1)
            : null;
}
