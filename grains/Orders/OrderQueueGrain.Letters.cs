using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using Realtime.Journal;
using Realtime.Keys;
using Realtime.Mail;

namespace Realtime.Orders;

/// <summary>What is written to whom. Nothing of what was ordered stands in a letter; its link opens the order's page, and the secret in it never reaches a server's log.</summary>
internal sealed partial class OrderQueueGrain
{
    /// <summary>Where the page of an order is, below the service's address.</summary>
    public const string OrderPage = "commande";

    // A letter that was handed to the post and not reported as sent is put again after this.
    private static readonly Duration PutAgain = Duration.FromMinutes(10);

    private readonly Dictionary<(string Id, LetterKind Kind), Instant> _put = [];

    /// <summary>Whether somebody is still to be written to.</summary>
    private bool Owes => post.IsOn && (State.Owing.Count > 0 || State.Waiters.Exists(waiter => waiter.IsOwed));

    /// <inheritdoc/>
    public async Task Sent(IReadOnlyList<NoticeSent> sent)
    {
        foreach (var (id, kind) in sent.SelectMany(NamesOf))
            _put.Remove((id, kind));
        await Happen(new NoticesSent(sent), Time, "letters sent", JournalRows.AsStored(clock.Now));
    }

    // What happened is durable, whether or not anybody can be written to about it just now: it stays owed, and is tried again within a minute.
    private async ValueTask PostLetters()
    {
        if (!Owes)
        {
            _put.Clear();
            return;
        }
        try
        {
            if (await Page() is { } page && await PutLetters(page, clock.Now) is { Count: > 0 } settled)
                await Append(new NoticesSent(settled), Time, "there is nobody to write to", JournalRows.AsStored(clock.Now));
        }
        catch (Exception failure) when (failure is JournalException or TimeoutException or OrleansException)
        {
            LogOwed(failure.Message);
        }
    }

    // Puts what is owed into the post; returns what is owed to nobody.
    private async ValueTask<List<NoticeSent>> PutLetters(QueuePage page, Instant now)
    {
        var settled = new List<NoticeSent>();
        foreach (var order in State.Owing.Select(id => State.Orders[id]).ToArray())
            foreach (var (notice, kind) in Kinds.Where(pair => order.Owed.HasFlag(pair.Notice)))
                if (IsToBePut(order.Id.ToString(), kind, now))
                    Put(new(order.Id, notice), await LetterOf(order, kind, page));
        foreach (var waiter in State.Waiters.Where(waiter => waiter.IsOwed).ToArray())
            if (IsToBePut(waiter.Id, LetterKind.BackInStock, now))
                Put(new(null, Notices.None, waiter.Id), await LetterOf(waiter, page));
        return settled;

        void Put(NoticeSent what, Letter? letter)
        {
            if (letter is null)
                settled.Add(what);
            else
                post.Put(new(Id, what, letter));
        }
    }

    private static IEnumerable<(string Id, LetterKind Kind)> NamesOf(NoticeSent sent) =>
        sent.Waiter is { } waiter ? [(waiter, LetterKind.BackInStock)] : Kinds.Where(pair => sent.Notices.HasFlag(pair.Notice)).Select(pair => (sent.Id.ToString()!, pair.Kind));

    private static (Notices Notice, LetterKind Kind)[] Kinds { get; } =
    [
        (Notices.Placed, LetterKind.Placed), (Notices.CallThem, LetterKind.CallThem), (Notices.Proposed, LetterKind.Proposed), (Notices.Ready, LetterKind.Ready),
        (Notices.Refused, LetterKind.Refused), (Notices.Expired, LetterKind.Expired), (Notices.Moved, LetterKind.Moved), (Notices.Message, LetterKind.Message),
        (Notices.HandOver, LetterKind.HandOver),
    ];

    private bool IsToBePut(string id, LetterKind kind, Instant now)
    {
        if (_put.TryGetValue((id, kind), out var before) && now - before < PutAgain)
            return false;
        _put[(id, kind)] = now;
        return true;
    }

    // Null where there is nobody to write to any more: the key is erased, or the pharmacy states no address.
    private async ValueTask<Letter?> LetterOf(Order order, LetterKind kind, QueuePage page)
    {
        var to = kind == LetterKind.HandOver ? page.Facts.Page?.Mentions?.Email : await Opened(order.KeyId) is { } key ? PersonJson.Read(OrderSealing.Open(key, PersonPlace(order.Id), order.Person)).Buyer.Email : null;
        var until = kind switch
        {
            LetterKind.Placed => order.Deadlines.ExpectedBy,
            LetterKind.Proposed or LetterKind.Ready or LetterKind.Moved => order.Deadlines.HeldUntil,
            _ => default(Instant?),
        };
        var link = kind == LetterKind.HandOver ? $"{options.PublicUrl}counter" : $"{options.PublicUrl}{OrderPage}#{order.Id}.{secrets.TokenOf(order.Id)}";
        return to is null ? null : Letters.Of(kind, new($"{order.Id}/{kind}/{order.Seq}", to, page.Facts.Record.Name, page.Facts.Record.Phone, link, until?.InZone(page.Zone.Time).LocalDateTime));
    }

    private async ValueTask<Letter?> LetterOf(Waiter waiter, QueuePage page) =>
        await Opened(waiter.KeyId) is { } key
            ? Letters.Of(LetterKind.BackInStock, new($"{waiter.Id}/back", System.Text.Encoding.UTF8.GetString(OrderSealing.Open(key, WaiterPlace(waiter.Id), waiter.Email)), page.Facts.Record.Name, page.Facts.Record.Phone, options.PublicUrl, null))
            : null;

    private async ValueTask<byte[]?> Opened(string keyId) => (await keys.Find([keyId])).GetValueOrDefault(keyId);

    private void LogOwed(string cause) => ServiceProvider.GetRequiredService<ILogger<OrderQueueGrain>>().LogWarning("Letters of {Stream} wait: {Cause}", Stream, cause);
}
