using System.Collections.Concurrent;
using System.Text.Json;
using NodaTime;
using Realtime.Pharmacies;
using Realtime.Products;

namespace Realtime.Tests.Orders;

/// <summary>One answer to one sending of a request.</summary>
/// <param name="Status">Of HTTP; 0 where there was no answer.</param>
/// <param name="Word">The last word of a problem's type; of what was no answer, the exception's name; empty for success.</param>
/// <param name="Body">As it came.</param>
/// <param name="Sent">Before it was sent.</param>
/// <param name="At">After it was answered.</param>
internal sealed record Answer(int Status, string Word, byte[] Body, Instant Sent, Instant At)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Whether it says what became of the request; else the request is sent again.</summary>
    public bool IsDefinite => Status is not (0 or 401 or 503) && Word != "request-in-flight";

    public JsonElement Json() => JsonDocument.Parse(Body).RootElement;
}

/// <summary>What somebody wants once, however often it is sent, and what was answered.</summary>
/// <param name="pharmacy">Of which pharmacy.</param>
/// <param name="act">What, as <c>accept</c>.</param>
/// <param name="key">The Idempotency-Key.</param>
internal sealed class Wish(PharmacyId pharmacy, string act, string key)
{
    public const string Place = "place", Stock = "stock", Settle = "settle", Feed = "feed";

    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<Answer> _heard = [];
    private Instant _givenAt;

    public PharmacyId Pharmacy => pharmacy;

    public string Act => act;

    public string Key => key;

    /// <summary>The buyer's telephone, another for each order, by which the order is found whatever its key.</summary>
    public string? Phone { get; init; }

    /// <summary>What is ordered.</summary>
    public IReadOnlyList<(Cip13 Cip13, int Quantity)> Lines { get; init; } = [];

    /// <summary>What the pharmacy's software says; null elsewhere.</summary>
    public FeedSaid? Said { get; init; }

    /// <summary>The first success; null for none.</summary>
    public byte[]? Given { get; private set; }

    /// <summary>Successes that are not the first one, byte for byte. What is on the shelf is answered as it is by then, and the settlement of a shortage by where the stream stands.</summary>
    public int Differing { get; private set; }

    /// <summary>Refusals of what was sent after it had been told as done.</summary>
    public int TakenBack { get; private set; }

    /// <summary>When it was refused for want of boxes.</summary>
    public List<(Instant Sent, Instant Answered)> OutOfStock { get; } = [];

    /// <summary>Every answer that came, in that order, as a sentence.</summary>
    public string Heard => string.Join("; ", _heard.Select(answer => $"{answer.Sent} to {answer.At}: {answer.Status} {answer.Word}"));

    /// <summary>Takes what was answered.</summary>
    public void Hear(Answer answer)
    {
        _heard.Enqueue(answer with { Body = [] });
        lock (_gate)
            if (answer.Word == "out-of-stock")
                OutOfStock.Add((answer.Sent, answer.At));
            else if (answer.IsSuccess && Given is null)
                (Given, _givenAt) = (answer.Body, answer.At);
            else if (answer.IsSuccess)
                Differing += act is Stock or Settle || answer.Body.AsSpan().SequenceEqual(Given) ? 0 : 1;
        lock (_gate)
            TakenBack += answer.IsDefinite && !answer.IsSuccess && Given is not null && answer.Sent > _givenAt ? 1 : 0;
    }
}
