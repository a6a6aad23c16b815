using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Realtime.Journal;
using Realtime.Orders;
using Realtime.Products;
using Realtime.Tests.Counter;
using Realtime.Tests.Identity;
using Realtime.Tests.Products;

namespace Realtime.Tests.Orders;

/// <summary>What is answered to buyers while something is slow, full or lost, where they ask too often, and where nobody at the counter looks.</summary>
[Collection(nameof(Realtime.Tests.Cluster.ClusterTests))]
public sealed class OrdersUnderStrainTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_duplicate_waits_for_its_twin_and_after_two_seconds_is_told_that_it_is_under_way()
    {
        GatedJournal journal = null!;
        await using var desk = new OrderDesk(await RealtimeHost.Start(demo: true, start: OrderDesk.MondayTen, around: inner => journal = new GatedJournal(inner)));
        var (id, other) = (await desk.ByDay(), await desk.ByDay());
        var (body, key) = (desk.Asks(), desk.NextKey());

        journal.Close();
        var first = desk.Order(id, body, key);
        await journal.Reached.WaitAsync(OrderDesk.Patience);
        var asked = Stopwatch.GetTimestamp();
        await Answers.RefusedInBoth(language => desk.Order(id, body, key, language), 409, "request-in-flight");
        output.WriteLine($"two duplicates were told after {Stopwatch.GetElapsedTime(asked).TotalMilliseconds:F0} ms together");
        Assert.InRange(Stopwatch.GetElapsedTime(asked).TotalSeconds, 3.9, 15);
        Assert.False(first.IsCompleted);
        // One that comes shortly before the end waits, and is answered as the first.
        var waits = desk.Order(id, body, key);
        await Task.Delay(300);
        Assert.False(waits.IsCompleted);
        journal.Open();

        using var taken = await first;
        using var again = await waits;
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (taken.StatusCode, again.StatusCode));
        Assert.Equal(await taken.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal((false, true), (taken.Headers.Contains("Idempotency-Replayed"), again.Headers.Contains("Idempotency-Replayed")));
        Assert.Equal(1, (await desk.Boxes(id, OrderDesk.Ibuprofen)).Number("held"));
        await desk.Place(other);
    }

    [Fact]
    public async Task What_cannot_be_written_is_a_503_that_holds_nothing_and_what_was_written_is_answered_though_the_answer_was_lost()
    {
        GatedJournal journal = null!;
        await using var desk = new OrderDesk(await RealtimeHost.Start(demo: true, start: OrderDesk.MondayTen, around: inner => journal = new GatedJournal(inner)));
        var id = await desk.ByDay();
        var (body, key) = (desk.Asks(), desk.NextKey());

        journal.Before = _ => new JournalFullException(1);
        using (var refused = await desk.Order(id, body, key, "fr"))
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "1"), (refused.StatusCode, refused.Headers.RetryAfter?.ToString()));
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal(("/problems/overloaded", "Le service est saturé : réessayez dans un instant."), (problem.Text("type"), problem.Text("detail")));
        }
        journal.Before = null;
        Assert.Equal(0, (await desk.Boxes(id, OrderDesk.Ibuprofen)).Number("held"));

        // Written, and nobody knows: asked once more the queue finds it in its own rows.
        var lost = 1;
        journal.After = append => lost-- > 0 ? new OutcomeUnknownException(append.Stream, append.Seq) : null;
        var order = await desk.Place(id, body, key);
        journal.After = null;
        using var again = await desk.Order(id, body, key);
        Assert.Equal((order.Answer.GetRawText(), true), (await again.Content.ReadAsStringAsync(), again.Headers.Contains("Idempotency-Replayed")));
        Assert.Equal(1, (await desk.Boxes(id, OrderDesk.Ibuprofen)).Number("held"));

        // The same for a hub.
        var (counter, _) = await Ear.AtCounter(desk, id);
        await using var here = counter;
        journal.Before = _ => new JournalFullException(1);
        var told = await Assert.ThrowsAsync<Microsoft.AspNetCore.SignalR.HubException>(() => counter.Tell("Acknowledge", order.Id));
        Assert.Contains("overloaded", told.Message, StringComparison.Ordinal);
        journal.Before = null;
        await counter.Tell("Acknowledge", order.Id);
    }

    [Fact]
    public async Task Who_orders_too_often_is_told_when_to_come_back()
    {
        await using var desk = new OrderDesk(await RealtimeHost.Start(demo: true, start: OrderDesk.MondayTen,
            settings: new Dictionary<string, string> { ["Realtime:RateLimits"] = "true", ["Realtime:OrdersAtOnce"] = "3", ["Realtime:OrdersPerMinute"] = "1" }));
        var id = await desk.ByDay();
        var order = await desk.Place(id);
        await desk.Place(id);
        await desk.Send(HttpMethod.Post, $"/api/v1/pharmacies/{id}/products/{OrderDesk.Ibuprofen}/waiting", null, new { email = "a@example.org", consent = true }).Expect(201);

        using var refused = await desk.Order(id, desk.Asks());

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("/problems/too-many-requests", (await refused.Content.ReadFromJsonAsync<JsonElement>()).Text("type"));
        Assert.InRange(int.Parse(refused.Headers.RetryAfter!.ToString(), CultureInfo.InvariantCulture), 1, 60);
        await Answers.RefusedInBoth(language => desk.Order(id, desk.Asks(), language: language), 429, "too-many-requests");
        // Orders that there are, and the counter, go on.
        await desk.Seen(order);
        await desk.WriteDown(id);
    }

    [Fact]
    public async Task An_order_that_nobody_acknowledges_rings_louder_and_is_handed_over_by_itself()
    {
        await using var desk = new OrderDesk(await RealtimeHost.Start(demo: true, start: OrderDesk.MondayTen,
            settings: new Dictionary<string, string> { ["Realtime:RingLouderSeconds"] = "5", ["Realtime:HandOverSeconds"] = "10" }));
        var id = await desk.ByDay();
        var (first, _) = await Ear.AtCounter(desk, id);
        var (second, _) = await Ear.AtCounter(desk, id, messagePack: true);
        await using var here = first;
        await using var there = second;
        var (order, seen) = (await desk.Place(id), await desk.Place(id));
        await first.Tell("Acknowledge", seen.Id);
        var placed = order.Answer.GetProperty("timeline")[0].Moment("at");

        foreach (var (flag, after) in ((string, int)[])[("loud", 5), ("handedOver", 10)])
            foreach (var ear in (Ear[])[first, second])
            {
                var changed = await ear.Next("OrderChanged", said => said.GetProperty("order").Text("orderId") == order.Id);
                Assert.Equal([flag], changed.GetProperty("order").GetProperty("flags").Texts());
                Assert.InRange((desk.Now - placed).TotalSeconds, after, after + 3);
            }
        Assert.Empty((await desk.AtCounter(seen)).GetProperty("flags").Texts());
    }

    [Fact]
    public async Task What_may_not_be_sold_online_is_refused_and_says_why()
    {
        const string onPrescription = "3400949497294", unknownMass = "3400922410678", notMarketed = "3400933905569";
        using var folder = new MedicineFolder();
        Add(folder, "61266259", "CODÉINE 20 mg, comprimé", onPrescription, "Déclaration de commercialisation", "CODÉINE", "20 mg");
        Add(folder, "61266252", "TROISIÈME, comprimé", unknownMass, "Déclaration de commercialisation", "IBUPROFÈNE", "");
        Add(folder, "61266253", "QUATRIÈME 200 mg, comprimé", notMarketed, "Déclaration d'arrêt de commercialisation", "IBUPROFÈNE", "200 mg");
        var data = Directory.CreateTempSubdirectory("realtime-orders-").FullName;
        try
        {
            using (var import = ProductProcess.Silo(data, "import", "bdpm", folder.Path))
                Assert.Equal(0, (await import.End(TimeSpan.FromSeconds(60))).ExitCode);
            await using var desk = new OrderDesk(await RealtimeHost.Start(demo: true, start: OrderDesk.MondayTen, dataDirectory: data));
            var id = desk.NextPharmacy();
            await Until(async () => (await desk.Client.GetAsync($"/api/v1/products/{onPrescription}")).StatusCode == HttpStatusCode.OK);
            foreach (var (product, type) in ((string, string)[])[(onPrescription, "prescription-only"), (unknownMass, "mass-unknown"), (notMarketed, "not-marketed")])
            {
                var problem = await Answers.RefusedInBoth(language => desk.Order(id, desk.Asks(product: product), language: language), 422, type, "problems");
                Assert.Equal([product], problem.GetProperty("problems")[0].GetProperty("cip13s").Texts());
                await desk.Change(HttpMethod.Post, id, "orders", desk.Asks(product: product), null, desk.NextKey()).Refuse(422, type);
            }
            // A pharmacist reads the mass from the box: from then on it is counted, in his pharmacy.
            await desk.Client.Send(HttpMethod.Put, $"/api/v1/counter/{id}/products/{unknownMass}/mass", await desk.Token($"staff:{id}"), new { substance = "ibuprofène", grams = 4 }).Expect(200);
            await desk.Stock(id, unknownMass, 5);
            Assert.Equal(4m, (await desk.Place(id, desk.Asks(product: unknownMass))).Answer.GetProperty("doses")[0].GetProperty("grams").GetDecimal());
            await desk.Order(id, desk.Asks(2, unknownMass)).Refuse(422, "dose-limit-exceeded");
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static void Add(MedicineFolder folder, string cis, string name, string cip13, string marketing, string substance, string dosage)
    {
        folder.Add(BdpmFolder.SpecialitiesFile, $"{cis}\t{name}\tcomprimé\torale\tAutorisation active\tx\tCommercialisée\t12/03/1998\t\t\tA\tNon");
        folder.Add(BdpmFolder.PresentationsFile, $"{cis}\t{cip13[5..12]}\tplaquette(s) de 10 comprimé(s)\tPrésentation active\t{marketing}\t16/03/2011\t{cip13}\tnon\t\t\t\t\t");
        folder.Add(BdpmFolder.ComponentsFile, $"{cis}\tcomprimé\t02092\t{substance}\t{dosage}\t{(dosage.Length > 0 ? "un comprimé" : "")}\tSA\t1\t");
    }

    private static async Task Until(Func<Task<bool>> reached)
    {
        for (var started = Stopwatch.GetTimestamp(); !await reached(); await Task.Delay(20))
            Assert.True(Stopwatch.GetElapsedTime(started) < OrderDesk.Patience, "It did not come about.");
    }

    /// <summary>Appends to streams of orders wait while it is closed, or fail before or after they are written.</summary>
    private sealed class GatedJournal(IJournal inner) : IJournal
    {
        private TaskCompletionSource _open = Opened();
        private TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public event Action? Committed
        {
            add => inner.Committed += value;
            remove => inner.Committed -= value;
        }

        /// <summary>That an append waits.</summary>
        public Task Reached => _reached.Task;

        public Func<Append, Exception?>? Before { get; set; }

        public Func<Append, Exception?>? After { get; set; }

        public void Close() => (_open, _reached) = (new(TaskCreationOptions.RunContinuationsAsynchronously), new(TaskCreationOptions.RunContinuationsAsynchronously));

        public void Open() => _open.TrySetResult();

        public async Task<JournalRow> Append(Append append, CancellationToken cancellation = default)
        {
            if (!append.Stream.StartsWith(OrderJson.Prefix, StringComparison.Ordinal))
                return await inner.Append(append, cancellation);
            if (!_open.Task.IsCompleted)
                _reached.TrySetResult();
            await _open.Task;
            if (Before?.Invoke(append) is { } failure)
                throw failure;
            var row = await inner.Append(append, cancellation);
            return After?.Invoke(append) is { } lost ? throw lost : row;
        }

        public Task<LaneCursors> Ends(CancellationToken cancellation = default) => inner.Ends(cancellation);

        public Task<string> Epoch(CancellationToken cancellation = default) => inner.Epoch(cancellation);

        public IAsyncEnumerable<PublicState> PublicStates(string prefix, CancellationToken cancellation = default) => inner.PublicStates(prefix, cancellation);

        public Task<IReadOnlyList<HistoryEntry>> History(string stream, string? before, IReadOnlyCollection<string>? states, int limit, CancellationToken cancellation = default) =>
            inner.History(stream, before, states, limit, cancellation);

        public Task<HistoryEntry?> HistoryOf(string stream, string orderId, CancellationToken cancellation = default) => inner.HistoryOf(stream, orderId, cancellation);

        public Task<IReadOnlyList<JournalRow>> ReadSome(string stream, long afterSeq, int limit, CancellationToken cancellation = default) => inner.ReadSome(stream, afterSeq, limit, cancellation);

        public Task<long> LastOf(string stream, CancellationToken cancellation = default) => inner.LastOf(stream, cancellation);

        public Task<JournalRow?> ReadRow(string stream, long seq, CancellationToken cancellation = default) => inner.ReadRow(stream, seq, cancellation);

        public Task<IReadOnlyList<JournalRow>> Read(string stream, long afterSeq, CancellationToken cancellation = default) => inner.Read(stream, afterSeq, cancellation);

        public Task<IReadOnlyList<JournalRow>> TailOf(LaneCursors cursors, IReadOnlyList<string> kinds, CancellationToken cancellation = default) => inner.TailOf(cursors, kinds, cancellation);

        public Task<IReadOnlyList<JournalRow>> Tail(LaneCursors cursors, int limit, CancellationToken cancellation = default) => inner.Tail(cursors, limit, cancellation);

        private static TaskCompletionSource Opened()
        {
            var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            open.SetResult();
            return open;
        }
    }
}
