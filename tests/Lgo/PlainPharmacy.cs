using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Realtime.Tests.Lgo;

/// <summary>What a plain server may do wrong.</summary>
public enum Wrong
{
    /// <summary>Nothing.</summary>
    Nothing,
    AcceptsGaps,
    AppliesRepeatsAgain,
    TakesDeltasAsDifferences,
    KeepsWhatSnapshotsLeaveOut,
    PromisesExpiredLots,
    ForgetsWhatWasCollected,
    SkipsAnOrder,
    RefusesAllForOneLine,
    PromisesTheLastBox,
    NamesBuyers,
    AppliesWhatWasCut,
    TrustsOldFeeds,
    EmptiesWhatWasRejected,
    EmptiesForNothing,
    RefreshesForNothing,
    HidesLots,
}

/// <summary>An order of the plain pharmacy: one box.</summary>
internal sealed class PlainOrder(string id, string cip13, string buyer)
{
    public string Id => id;

    public string Cip13 => cip13;

    public string Buyer => buyer;

    public string State { get; set; } = "submitted";

    public int Seq { get; set; } = 1;
}

/// <summary>
/// The simplest pharmacy that keeps the connectors' contract, in memory under one lock, always open, or one that breaks it in one way. It shares no code with the product.
/// </summary>
internal sealed class PlainPharmacy(Wrong wrong, TimeProvider time)
{
    public const string Ibuprofen = "3400938358926", Spedifen = "3400936251892";

    public static readonly string[] Catalogue = [Ibuprofen, Spedifen, "3400935955838", "3400936246980", "3400934809408"];

    private static readonly TimeSpan Fresh = TimeSpan.FromHours(2);

    private readonly Dictionary<string, List<(string? Lot, DateOnly? Expiry, int Boxes)>> _shelf = [];
    private readonly Dictionary<string, int> _reserves = [];
    private readonly List<(string Cip13, DateTimeOffset At)> _collected = [];
    private readonly List<string> _changes = [];
    private readonly Dictionary<string, PlainOrder> _orders = [];
    private readonly Dictionary<string, string> _answered = [];
    private string _fingerprint = "", _lastAnswer = "";
    private DateTimeOffset? _takenAt, _believedAt;

    public long Seq { get; private set; }

    public DateTimeOffset? TakenAt => _takenAt;

    public int Last => _changes.Count;

    /// <summary>Takes the text of a feed: a status and a body.</summary>
    public (int Status, object Body, bool Replayed) Feed(byte[] text)
    {
        var lines = System.Text.Encoding.UTF8.GetString(text).Split('\n');
        if (lines.Count(line => line.Length > 0) > 100_001)
            return (413, Problem("too-large"), false);
        if (!TryHeader(lines[0], out var kind, out var seq, out var takenAt))
            return (400, Problem("invalid-request"), false);
        var fingerprint = Convert.ToHexString(SHA256.HashData(text));
        if (seq == Seq && fingerprint == _fingerprint && wrong != Wrong.AppliesRepeatsAgain)
            return (200, _lastAnswer, true);
        if (seq == Seq && wrong != Wrong.AppliesRepeatsAgain)
            return (409, Problem("sequence-reused"), false);
        if (seq != Seq + 1 && !(wrong == Wrong.AcceptsGaps && seq > Seq) && !(wrong == Wrong.AppliesRepeatsAgain && seq == Seq))
            return (409, new { type = "/problems/sequence-gap", last = Seq }, false);
        return Apply(lines, kind, seq, takenAt, fingerprint);
    }

    private (int Status, object Body, bool Replayed) Apply(string[] lines, string kind, long seq, DateTimeOffset takenAt, string fingerprint)
    {
        var fed = new Dictionary<string, List<(string?, DateOnly?, int)>>();
        var (rejected, unclear) = (new List<object>(), new HashSet<string>());
        var accepted = 0;
        for (var i = 1; i < lines.Length; i++)
            if (lines[i].Length == 0)
                continue;
            else if (ErrorOf(lines[i], out var cip13, out var lot) is { } error)
            {
                rejected.Add(new { line = i + 1, error });
                unclear.Add(cip13);
            }
            else if (++accepted > 0)
                (fed.TryGetValue(cip13, out var lots) ? lots : fed[cip13] = []).Add(lot);
        if (rejected.Count > 0 && wrong == Wrong.RefusesAllForOneLine)
            return (400, Problem("invalid-request"), false);
        if (wrong == Wrong.EmptiesWhatWasRejected)
            unclear.Clear();
        var saysNothing = kind == "snapshot" && accepted == 0 && rejected.Count > 0;
        if (kind == "snapshot" && wrong != Wrong.KeepsWhatSnapshotsLeaveOut && (!saysNothing || wrong == Wrong.EmptiesForNothing))
            foreach (var known in _shelf.Keys.Where(known => !unclear.Contains(known)))
                _shelf[known] = [];
        foreach (var (cip13, lots) in fed)
            if (wrong == Wrong.TakesDeltasAsDifferences && kind == "delta")
                (_shelf.TryGetValue(cip13, out var there) ? there : _shelf[cip13] = []).AddRange(lots);
            else
                _shelf[cip13] = [.. lots, .. CollectedAfter(cip13, takenAt)];
        (Seq, _fingerprint, _takenAt) = (seq, fingerprint, takenAt);
        if (!saysNothing || wrong == Wrong.RefreshesForNothing)
            _believedAt = takenAt;
        return (200, _lastAnswer = JsonSerializer.Serialize(new { seq, accepted, rejected }), false);
    }

    public string LevelOf(string cip13) => wrong != Wrong.TrustsOldFeeds && _believedAt < time.GetUtcNow() - Fresh ? "unknown" : Available(cip13) switch
    {
        <= 0 => "outOfStock",
        <= 2 => "low",
        _ => "inStock",
    };

    public IEnumerable<string> Known => _shelf.Keys;

    /// <summary>Lots that are known of a product, boxes of which nobody said the lot left out.</summary>
    public IEnumerable<(string? Lot, DateOnly? Expiry, int Boxes)> LotsOf(string cip13) => _shelf[cip13].Where(lot => lot.Lot is not null || lot.Expiry is not null);

    public int OnHand(string cip13) => _shelf.TryGetValue(cip13, out var lots) ? Math.Max(0, lots.Sum(lot => lot.Boxes)) : 0;

    public int Held(string cip13) => _orders.Values.Count(order => order.Cip13 == cip13 && order.State is "submitted" or "accepted" or "ready" && order.Cip13 == cip13);

    public int ReserveOf(string cip13) => _reserves.TryGetValue(cip13, out var set) ? set : wrong == Wrong.PromisesTheLastBox ? 0 : 1;

    public void Count(string cip13, int quantity, int? reserve)
    {
        _shelf[cip13] = [(null, null, quantity)];
        if (reserve is { } boxes)
            _reserves[cip13] = boxes;
    }

    public PlainOrder? Place(string cip13, string buyer)
    {
        if (LevelOf(cip13) is "unknown" or "outOfStock")
            return null;
        var order = _orders[$"990000010-{_orders.Count:D26}"] = new($"990000010-{_orders.Count:D26}", cip13, buyer);
        _changes.Add(order.Id);
        return order;
    }

    public PlainOrder? Find(string id) => _orders.GetValueOrDefault(id);

    /// <summary>An act on an order: a status and a body, the same again under the same key.</summary>
    public (int Status, object Body, bool Replayed) Act(PlainOrder order, string act, string? version, string? key, JsonElement? body)
    {
        if (key is not null && _answered.TryGetValue(key, out var known))
            return (200, known, true);
        if (version is not null && version != $"\"{order.Seq}\"")
            return (412, Problem("stale"), false);
        if (RefusalOf(order, act, body) is { } refusal)
            return refusal;
        order.State = act switch { "accept" => "accepted", "ready" => "ready", "collect" => "collected", _ => "cancelled" };
        order.Seq++;
        _changes.Add(order.Id);
        var at = time.GetUtcNow();
        if (act == "collect")
        {
            _collected.Add((order.Cip13, at));
            _shelf[order.Cip13].Add((null, null, -1));
        }
        var answer = JsonSerializer.Serialize(new { orderId = order.Id, state = order.State, seq = order.Seq, at });
        _answered[key ?? ""] = answer;
        return (200, answer, false);
    }

    /// <summary>A page of the feed of orders.</summary>
    public object Changes(long after, int limit)
    {
        var rows = _changes.Skip((int)after).Take(limit).ToList();
        var end = after + rows.Count;
        var items = rows.Select((id, i) => (Id: id, Seq: after + i + 1)).GroupBy(row => row.Id).Select(row => row.Last()).OrderBy(row => row.Seq)
            .Select(row => new { seq = row.Seq, order = Told(_orders[row.Id]) }).ToList();
        if (wrong == Wrong.SkipsAnOrder && rows.Count > 0)
            end = Math.Min(end + 1, _changes.Count);
        return new { seq = end, more = end < _changes.Count, last = _changes.Count, items };
    }

    /// <summary>The code that its buyer says.</summary>
    public static string CodeOf(PlainOrder order) => $"K{order.Id[^5..]}";

    public static object Problem(string type) => new { type = $"/problems/{type}" };

    private object Told(PlainOrder order) => wrong == Wrong.NamesBuyers
        ? new { orderId = order.Id, state = order.State, seq = order.Seq, buyer = order.Buyer }
        : new { orderId = order.Id, state = order.State, seq = order.Seq };

    private (int Status, object Body, bool Replayed)? RefusalOf(PlainOrder order, string act, JsonElement? body) => (act, order.State) switch
    {
        ("accept", "submitted") => null,
        ("ready", "accepted") => body is { } ready && ready.GetProperty("scans")[0].GetString()!.StartsWith($"010{order.Cip13}", StringComparison.Ordinal) ? null : (422, Problem("scan-mismatch"), false),
        ("collect", "ready") => body?.GetProperty("pickupCode").GetString() == CodeOf(order) ? null : (422, Problem("wrong-code"), false),
        ("cancel", "submitted" or "accepted" or "ready") => null,
        _ => (409, Problem("wrong-state"), false),
    };

    private int Available(string cip13)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var good = _shelf.TryGetValue(cip13, out var lots) ? lots.Where(lot => wrong == Wrong.PromisesExpiredLots || lot.Expiry is null || lot.Expiry >= today).Sum(lot => lot.Boxes) : 0;
        return good - Held(cip13) - ReserveOf(cip13);
    }

    private IEnumerable<(string?, DateOnly?, int)> CollectedAfter(string cip13, DateTimeOffset takenAt) =>
        wrong == Wrong.ForgetsWhatWasCollected ? [] : _collected.Where(one => one.Cip13 == cip13 && one.At > takenAt).Select(_ => ((string?)null, (DateOnly?)null, -1));

    private bool TryHeader(string line, out string kind, out long seq, out DateTimeOffset takenAt)
    {
        (kind, seq, takenAt) = ("", 0, default);
        if (Parse(line) is not { } json || !json.TryGetProperty("kind", out var said) || !json.TryGetProperty("seq", out var number) || !json.TryGetProperty("takenAt", out var at))
            return false;
        (kind, seq, takenAt) = (said.GetString()!, number.GetInt64(), at.GetDateTimeOffset());
        var now = time.GetUtcNow();
        return kind is "snapshot" or "delta" && takenAt <= now.AddMinutes(5) && takenAt >= now.AddDays(-7);
    }

    private static string? ErrorOf(string line, out string cip13, out (string?, DateOnly?, int) lot)
    {
        (cip13, lot) = ("", default);
        if (line.Length > 4_096)
            return "line-too-long";
        if (Parse(line) is not { } json)
            return "invalid-json";
        if (json.EnumerateObject().Any(member => member.Name is not ("cip13" or "quantity" or "lot" or "expiry")))
            return "unknown-member";
        cip13 = json.GetProperty("cip13").GetString()!;
        if (cip13.Length != 13 || cip13.Select((digit, i) => (digit - '0') * (i % 2 == 0 ? 1 : 3)).Sum() % 10 != 0)
            return "invalid-cip13";
        if (!Catalogue.Contains(cip13, StringComparer.Ordinal))
            return "unknown-product";
        if (!json.GetProperty("quantity").TryGetInt32(out var boxes) || boxes < 0)
            return "invalid-quantity";
        var code = json.TryGetProperty("lot", out var named) ? named.GetString() : null;
        if (code?.Length > 20)
            return "invalid-lot";
        DateOnly? expiry = null;
        if (json.TryGetProperty("expiry", out var day) && (expiry = DayOf(day.GetString()!)) is null)
            return "invalid-expiry";
        lot = (code, expiry, boxes);
        return null;
    }

    private static DateOnly? DayOf(string text)
    {
        if (text.Length == 7 || text.EndsWith("-00", StringComparison.Ordinal))
            return DateOnly.TryParseExact(text[..7] + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first) ? first.AddMonths(1).AddDays(-1) : null;
        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var found) ? found : null;
    }

    private static JsonElement? Parse(string line)
    {
        try
        {
            return JsonDocument.Parse(line).RootElement is { ValueKind: JsonValueKind.Object } json ? json : null;
        }
        catch (JsonException)
        {
            // Whoever asks treats it as no object.
            return null;
        }
    }
}
