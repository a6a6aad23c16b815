using System.Diagnostics;
using System.Net;
using NodaTime;
using Realtime.Tests.Counter;
using Realtime.Tests.Mail;

namespace Realtime.Tests.Orders;

/// <summary>What is written to whom, from the order to a real mail server.</summary>
public sealed class OrderMailTests : IAsyncLifetime
{
    private const string Suppository = OrderDesk.Suppository, Pharmacy = "officine@pharmacies.example", French = "/ ";
    private static readonly Duration Minute = Duration.FromMinutes(1), Hour = Duration.FromHours(1), Day = Duration.FromDays(1);

    // Nothing of what may be ordered here stands in a letter, nor who orders.
    private static readonly string[] Never = ["ibuprof", "efferalgan", "paracétamol", "paracetamol", "biogaran", "spedifen", OrderDesk.Ibuprofen, OrderDesk.Spedifen, Suppository, "Zoé", "06 12 34 56 78", "à midi", "un secret"];

    private SmtpServer _server = null!;
    private OrderDesk _desk = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await SmtpServer.Start();
        _desk = await Desk(_server.Port);
    }

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_buyer_is_written_to_at_each_turn_of_the_order_and_no_letter_says_what_it_is()
    {
        var id = await _desk.ByDay(boxes: 10);
        var order = await _desk.Place(id, Asks("zoe@example.org", 3));
        await Expect("zoe@example.org", order, "reçue", "10 h 30");

        await _desk.Through(order, 1, "accept");
        await _desk.Act(order, "propose", new { lines = new[] { new { cip13 = Suppository, quantity = 1 } } }, 2).Expect(200);
        await Expect("zoe@example.org", order, "propos", "24");
        await _desk.Buyer(order, HttpMethod.Post, "accept-proposal").Expect(200);
        await _desk.Act(order, "message", new { text = "un secret" }, 4).Expect(200);
        await Expect("zoe@example.org", order, "message");
        await _desk.Through(order, 5, "ready");
        await Expect("zoe@example.org", order, "prête", "24");

        var midnight = OrderDesk.MondayTen + 14 * Hour;
        await _desk.Change(HttpMethod.Post, id, "closures", new { start = midnight.ToString(), end = (midnight + 2 * Day).ToString(), reason = "travaux" }, 2).Expect(201);
        await Expect("zoe@example.org", order, "horaires", "26");
        await _desk.Act(order, "refuse", new { reason = "un secret" }, 7).Expect(200);
        await Expect("zoe@example.org", order, "pas pu être acceptée");
        await NothingMore();
    }

    [Fact]
    public async Task Who_gets_no_answer_is_told_to_telephone_and_then_that_it_is_over_and_the_pharmacy_is_written_to_first()
    {
        var id = await _desk.ByDay(boxes: 10);
        await _desk.Change(HttpMethod.Put, id, "page", new { phone = "01 99 00 00 00", services = Array.Empty<string>(), news = Array.Empty<string>(), modules = new { clickAndCollect = true }, mentions = new { email = Pharmacy } }, 2).Expect(200);
        var order = await _desk.Place(id, Asks("zoe@example.org"));
        var placed = order.Answer.GetProperty("timeline")[0].Moment("at");
        await Expect("zoe@example.org", order, "reçue");

        await _desk.At(placed + 3 * Minute, id);
        var handed = await _server.Next();
        Assert.Equal([Pharmacy], handed.To);
        Assert.Contains("http://localhost:5080/counter", handed.Text, StringComparison.Ordinal);
        // Nobody at the pharmacy's mailbox learns the buyer's secret either.
        Assert.DoesNotContain(order.Token, handed.Raw, StringComparison.Ordinal);
        SaysNothing(handed);
        await _desk.At(placed + 30 * Minute, id);
        await Expect("zoe@example.org", order, "01 99 00 00 00");
        await _desk.At(placed + 2 * Hour, id);
        await Expect("zoe@example.org", order, "expiré");
        await NothingMore();
    }

    [Fact]
    public async Task Who_left_no_address_is_not_written_to_and_an_order_by_telephone_writes_to_nobody()
    {
        var id = await _desk.ByDay(boxes: 10);
        var (silent, down) = (await _desk.Place(id), await _desk.WriteDown(id));
        await _desk.Through(silent, 1, "accept", "ready", "collect");
        await _desk.Through(down, 1, "ready");
        // Nobody at the pharmacy is to be written to either, where it states no address: what was owed is settled, and keeps no queue awake.
        var rings = await _desk.Place(id);
        await _desk.At(rings.Answer.GetProperty("timeline")[0].Moment("at") + 3 * Minute, id);
        Assert.Equal(["handedOver"], (await _desk.AtCounter(rings)).GetProperty("flags").Texts());
        await NothingMore();
    }

    [Fact]
    public async Task Those_who_wait_are_told_in_the_order_in_which_they_asked_and_no_more_of_them_than_there_are_boxes()
    {
        var id = await _desk.ByDay(boxes: 0);
        foreach (var (email, quantity) in ((string, int)[])[("a@example.org", 2), ("b@example.org", 1), ("c@example.org", 1), ("d@example.org", 3)])
            await _desk.Send(HttpMethod.Post, $"/api/v1/pharmacies/{id}/products/{Suppository}/waiting", null, new { email, quantity, consent = true }).Expect(201);
        await NothingMore();

        await _desk.Stock(id, Suppository, 3);

        await Expect("a@example.org", null, "disponible");
        await Expect("b@example.org", null, "disponible");
        await NothingMore();
        // More boxes, more people; and the day after the first of them have had their time.
        await _desk.Stock(id, Suppository, 4);
        await Expect("c@example.org", null, "disponible");
        await _desk.At(OrderDesk.MondayTen + Day + Hour, id);
        await Expect("d@example.org", null, "disponible");
        await NothingMore();
    }

    [Fact]
    public async Task While_the_mail_server_is_down_orders_are_taken_and_each_letter_arrives_once_it_is_back()
    {
        var port = _server.Port;
        var id = await _desk.ByDay(boxes: 10);
        await _server.DisposeAsync();

        var started = Stopwatch.GetTimestamp();
        var (first, second) = (await _desk.Place(id, Asks("zoe@example.org")), await _desk.Place(id, Asks("lea@example.org")));
        // Nobody waits for it.
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 5);
        // The last that happens to it here: no hold is left that would wake its queue.
        await _desk.Act(first, "refuse", new { reason = "un secret" }, 1).Expect(200);
        await _desk.Act(second, "refuse", new { reason = "un secret" }, 1).Expect(200);
        // Longer than the post tries by itself: 0.4, 2 and 10 seconds.
        await Task.Delay(TimeSpan.FromSeconds(16));
        _server = await SmtpServer.Start(new() { Port = port });

        // What is owed is put again, ten minutes after it was put before; the queue itself looks each minute.
        await _desk.At(OrderDesk.MondayTen + 12 * Minute);
        var letters = new List<Received>();
        for (var i = 0; i < 2; i++)
            letters.Add(await _server.Next(TimeSpan.FromSeconds(90)));
        Assert.Equal(["lea@example.org", "zoe@example.org"], letters.SelectMany(letter => letter.To).Order(StringComparer.Ordinal));
        Assert.All(letters, letter => Assert.Contains("pas pu être acceptée", letter.Text, StringComparison.Ordinal));
        await NothingMore();
    }

    [Fact]
    public async Task A_letter_that_waits_delays_no_other_and_is_put_once_however_often_its_queue_asks()
    {
        await _server.DisposeAsync();
        // The first is deferred, as a server does with whom it does not know yet: after the third time it waits for 10 seconds.
        _server = await SmtpServer.Start(new() { Port = _server.Port, Answers = ["later", "later", "later", "take"] });
        var id = await _desk.ByDay(boxes: 10);
        await _desk.Place(id, Asks("zoe@example.org"));
        for (var i = 0; i < 3; i++)
            Assert.Equal((false, "zoe@example.org"), (await _server.Next() is var deferred ? deferred.Accepted : default, deferred.To[0]));

        await _desk.At(OrderDesk.MondayTen + 11 * Minute, id);
        await _desk.Place(id, Asks("lea@example.org"));

        Assert.Equal((true, "lea@example.org"), (await _server.Next(TimeSpan.FromSeconds(5)) is var other ? other.Accepted : default, other.To[0]));
        Assert.Equal((true, "zoe@example.org"), (await _server.Next(TimeSpan.FromSeconds(60)) is var late ? late.Accepted : default, late.To[0]));
        await NothingMore();
    }

    [Fact]
    public async Task What_is_owed_outlives_the_process()
    {
        var port = _server.Port;
        var data = Directory.CreateTempSubdirectory("realtime-owed-").FullName;
        try
        {
            await _server.DisposeAsync();
            string order;
            await using (var before = await Desk(port, data))
            {
                var id = await before.ByDay(boxes: 10);
                var placed = await before.Place(id, Asks("zoe@example.org"));
                await before.Act(placed, "refuse", new { reason = "un secret" }, 1).Expect(200);
                order = placed.Id;
            }
            _server = await SmtpServer.Start(new() { Port = port });
            // Nobody asks it anything: its reminder wakes the queue.
            await using var after = await Desk(port, data);
            var letter = await _server.Next(TimeSpan.FromSeconds(60));
            Assert.Equal(["zoe@example.org"], letter.To);
            Assert.Contains(order, letter.Text, StringComparison.Ordinal);
            SaysNothing(letter);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<OrderDesk> Desk(int port, string? data = null) => new(await RealtimeHost.Start(demo: true, start: OrderDesk.MondayTen, dataDirectory: data, settings: new Dictionary<string, string>
    {
        ["Realtime:SmtpHost"] = "127.0.0.1",
        ["Realtime:SmtpPort"] = $"{port}",
        ["Realtime:SmtpSecurity"] = "none",
        ["Realtime:MailFrom"] = "Pharmacies <no-reply@pharmacies.example>",
        ["Realtime:ReminderSeconds"] = "2",
        ["Realtime:MailWaitMilliseconds"] = "400",
    }));

    private object Asks(string email, int quantity = 1) => _desk.Asks(quantity, Suppository, phone: "06 12 34 56 78", email: email, note: "à midi");

    // A letter to a buyer: in both languages, with the link that opens the order and nothing that tells what it is.
    private async Task Expect(string to, Taken? order, params string[] words)
    {
        var letter = await _server.Next();
        Assert.Equal([to], letter.To);
        Assert.True(letter.Accepted);
        if (order is not null)
            Assert.Equal(2, letter.Text.Split($"http://localhost:5080/commande#{order.Id}.{order.Token}").Length - 1);
        Assert.Contains("Bonjour,", letter.Text, StringComparison.Ordinal);
        Assert.Contains("Hello,", letter.Text, StringComparison.Ordinal);
        Assert.Contains(French, letter.Subject, StringComparison.Ordinal);
        var all = $"{letter.Subject}\n{letter.Text}";
        Assert.All(words, word => Assert.True(all.Contains(word, StringComparison.OrdinalIgnoreCase), $"'{word}' is not in: {all}"));
        SaysNothing(letter);
    }

    private static void SaysNothing(Received letter) =>
        Assert.All(Never, word => Assert.False($"{letter.Subject}\n{letter.Text}\n{letter.Raw}\n{WebUtility.UrlDecode(letter.Text)}".Contains(word, StringComparison.OrdinalIgnoreCase), $"'{word}' is in: {letter.Text}"));

    private async Task NothingMore() => await Assert.ThrowsAsync<TimeoutException>(() => _server.Next(TimeSpan.FromSeconds(3)));
}
