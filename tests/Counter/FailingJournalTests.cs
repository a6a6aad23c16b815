using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Realtime.Journal;
using Realtime.Pharmacies;
using Realtime.Tests.Identity;

namespace Realtime.Tests.Counter;

/// <summary>What a counter is answered while the journal cannot do, or cannot say, what it was asked.</summary>
public sealed class FailingJournalTests
{
    [Fact]
    public async Task A_lost_answer_is_asked_for_again_and_what_cannot_be_done_is_a_503_that_leaves_nothing_half_done()
    {
        FailingJournal journal = null!;
        await using var host = await RealtimeHost.Start(demo: true, around: inner => journal = new FailingJournal(inner));
        var id = DemoCountry.IdOf(0).Value;
        var token = await host.Client.Token($"staff:{id}");

        // Written, but the answer was lost: asked once more the grain says that it was done, with a key of the caller's or without.
        journal.Fail(1, after: append => new OutcomeUnknownException(append.Stream, append.Seq));
        await host.Client.Change(token, HttpMethod.Put, id, "hours", new { hours = "24/7" }, 0).Expect(200);
        journal.Fail(1, after: append => new OutcomeUnknownException(append.Stream, append.Seq));
        await host.Client.Change(token, HttpMethod.Put, id, "hours", new { hours = "off" }, 1, "k").Expect(200);
        Assert.Equal(2, await Seq());

        // Lost twice, with nothing written; and a queue that is full.
        foreach (var failure in (Func<Append, Exception>[])[append => new OutcomeUnknownException(append.Stream, append.Seq), _ => new JournalFullException(1), _ => new TimeoutException()])
        {
            journal.Fail(2, before: failure);
            using var refused = await host.Client.Change(token, HttpMethod.Post, id, "pause", new { reason = "travaux" }, 2, "p");
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "1"), (refused.StatusCode, refused.Headers.RetryAfter?.ToString()));
            Assert.Equal("/problems/overloaded", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString());
            // Routes ignore case, and so does who stands before them.
            journal.Fail(2, before: failure);
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/API/v1/counter/{id}/pause") { Content = JsonContent.Create(new { reason = "travaux" }) };
            request.Headers.Authorization = new("Bearer", token);
            request.Headers.TryAddWithoutValidation("If-Match", "\"2\"");
            using var inCapitals = await host.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, inCapitals.StatusCode);
            journal.Fail(0);
        }
        Assert.Equal(2, await Seq());
        await host.Client.Change(token, HttpMethod.Post, id, "pause", new { reason = "travaux" }, 2, "p").Expect(200);
        Assert.Equal(3, await Seq());

        async Task<int> Seq() => (await journal.Read(PharmacyStreams.Of(PharmacyId.Parse(id)), 0, TestContext.Current.CancellationToken)).Count;
    }

    /// <summary>Fails so many appends, before or after they are written.</summary>
    private sealed class FailingJournal(IJournal inner) : IJournal
    {
        private int _left;
        private Func<Append, Exception>? _before;
        private Func<Append, Exception>? _after;

        public event Action? Committed
        {
            add => inner.Committed += value;
            remove => inner.Committed -= value;
        }

        public void Fail(int times, Func<Append, Exception>? before = null, Func<Append, Exception>? after = null) => (_left, _before, _after) = (times, before, after);

        public async Task<JournalRow> Append(Append append, CancellationToken cancellation = default)
        {
            var fails = _left > 0 && PharmacyStreams.Is(append.Stream);
            if (fails)
                _left--;
            if (fails && _before is not null)
                throw _before(append);
            var row = await inner.Append(append, cancellation);
            return fails && _after is not null ? throw _after(append) : row;
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
    }
}
