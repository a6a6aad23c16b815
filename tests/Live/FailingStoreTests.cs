using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Data.Sqlite;
using NodaTime;
using Realtime.Journal;
using Realtime.Pharmacies;

namespace Realtime.Tests.Live;

/// <summary>What a node shows while its store does not answer, and what it makes of rows it does not understand.</summary>
[Collection(nameof(LiveHost))]
public sealed class FailingStoreTests
{
    private const string Nearest = "/api/v1/pharmacies/nearest?lat=47.22&lon=-1.55&k=1&status=any";

    [Fact]
    public async Task While_the_store_is_cut_flips_go_on_answers_are_stale_and_afterwards_all_is_well()
    {
        CuttableJournal store = null!;
        var evening = Instant.FromUtc(2027, 2, 2, 18, 30);
        await using var host = await RealtimeHost.Start(demo: true, evening - Duration.FromMinutes(1), around: inner => store = new CuttableJournal(inner));
        Assert.False(await Stale(host));

        store.Cut = true;
        host.Time.Set(evening - Duration.FromSeconds(5));
        var open = await host.Client.GetFromJsonAsync<JsonElement>("/api/v1/pharmacies/nearest?lat=47.22&lon=-1.55&k=50&status=open");
        var pharmacy = open.GetProperty("items").EnumerateArray().First(p => LiveHost.Until(p) == evening).GetProperty("id").GetString();
        var told = Channel.CreateUnbounded<Instant>();
        await using var phone = await host.Connect(before: c => c.On<JsonElement>("PharmacyChanged", _ => told.Writer.TryWrite(host.Time.Now)));
        await phone.InvokeAsync<JsonElement>("WatchPharmacy", pharmacy);
        var at = await told.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(15));

        Assert.InRange((at - evening).TotalMilliseconds, 0, 250);
        Assert.True(await Stale(host));
        using (var ready = await host.Client.GetAsync("/health/ready"))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);

        store.Cut = false;
        await host.Client.WaitUntilReady(TimeSpan.FromSeconds(3));
        Assert.False(await Stale(host));
    }

    [Fact]
    public async Task A_pharmacy_that_is_not_understood_is_left_out_and_harms_no_other_now_or_at_the_next_start()
    {
        var data = Directory.CreateTempSubdirectory("realtime-bad-row-").FullName;
        var (bad, good) = (Facts("750020927", "99999"), Facts("750032955", "75018"));
        await using (var host = await RealtimeHost.Start(demo: false, dataDirectory: data))
        {
            Write(data, bad, good);
            await Until(async () => (await host.Client.GetAsync("/api/v1/pharmacies/750032955")).StatusCode == HttpStatusCode.OK);
            await OneIsServed(host);
        }
        await using (var host = await RealtimeHost.Start(demo: false, dataDirectory: data))
            await OneIsServed(host);
        Directory.Delete(data, recursive: true);
    }

    private static async Task OneIsServed(RealtimeHost host)
    {
        var items = (await host.Client.GetFromJsonAsync<JsonElement>("/api/v1/pharmacies/nearest?lat=48.85&lon=2.35&status=any")).GetProperty("items");
        Assert.Equal(["750032955"], items.EnumerateArray().Select(i => i.GetProperty("id").GetString()));
    }

    private static async Task<bool> Stale(RealtimeHost host) => (await host.Client.GetFromJsonAsync<JsonElement>(Nearest)).GetProperty("stale").GetBoolean();

    private static Pharmacy Facts(string id, string postcode) => PharmacyPage.Evolve(null, new PharmacyImported(new PharmacyRecord
    {
        Id = PharmacyId.Parse(id),
        Name = "Pharmacie",
        Latitude = 48.85,
        Longitude = 2.35,
        Address = new("1 rue", postcode, "Ville"),
    }), Instant.FromUtc(2027, 1, 1, 0, 0), 1);

    // As a newer program may have left them: rows of a lane of its own, with public states.
    private static void Write(string data, params Pharmacy[] pharmacies)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(data, "realtime.db")};Pooling=False");
        connection.Open();
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO lane (lane, writer, opened) VALUES (99, 'newer', 0)";
        command.ExecuteNonQuery();
        foreach (var (pharmacy, n) in pharmacies.Select((p, i) => (p, i + 1)))
        {
            command.CommandText =
                """
                INSERT INTO journal (stream, seq, lane, n, at, kind, version, actor, reason, payload, hash) VALUES ($stream, 1, 99, $n, 0, 'newer', 9, 'a', 'r', x'7b7d', x'00');
                INSERT INTO public_state (stream, seq, payload) VALUES ($stream, 1, $payload);
                """;
            command.Parameters.Clear();
            command.Parameters.AddWithValue("$stream", PharmacyStreams.Of(pharmacy.Record.Id));
            command.Parameters.AddWithValue("$n", n);
            command.Parameters.AddWithValue("$payload", PharmacyJson.WriteFacts(pharmacy));
            command.ExecuteNonQuery();
        }
        transaction.Commit();
    }

    private static async Task Until(Func<Task<bool>> happened)
    {
        for (var i = 0; i < 250; i++, await Task.Delay(20))
            if (await happened())
                return;
        Assert.Fail("It did not happen within five seconds.");
    }

    /// <summary>A journal whose readings fail while it is cut.</summary>
    private sealed class CuttableJournal(IJournal inner) : IJournal
    {
        public bool Cut { get; set; }

        public event Action? Committed
        {
            add => inner.Committed += value;
            remove => inner.Committed -= value;
        }

        public Task<JournalRow> Append(Append append, CancellationToken cancellation = default) => inner.Append(append, cancellation);

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

        public Task<IReadOnlyList<JournalRow>> Tail(LaneCursors cursors, int limit, CancellationToken cancellation = default) =>
            Cut ? throw new IOException("The store is cut.") : inner.Tail(cursors, limit, cancellation);
    }
}
