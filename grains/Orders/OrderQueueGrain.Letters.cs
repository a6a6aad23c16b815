using NodaTime;
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

    private async ValueTask PostLetters()
    {
        if (!post.IsOn || State.Owing.Count == 0 && !State.Waiters.Exists(waiter => waiter.Called) || await Page() is not { } page)
            return;
        var now = clock.Now;
        foreach (var order in State.Owing.Select(id => State.Orders[id]).ToArray())
            foreach (var (notice, kind) in Kinds.Where(pair => order.Owed.HasFlag(pair.Notice)))
                if (IsToBePut(order.Id.ToString(), kind, now) && await LetterOf(order, kind, page) is { } letter)
                    post.Put(new(Id, new(order.Id, notice), letter));
        foreach (var waiter in State.Waiters.Where(waiter => waiter.Called).ToArray())
            if (IsToBePut(waiter.Id, LetterKind.BackInStock, now) && await LetterOf(waiter, page) is { } letter)
                post.Put(new(Id, new(null, Notices.None, waiter.Id), letter));
    }

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
}
