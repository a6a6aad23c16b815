using System.Text;
using Realtime.Journal;

namespace Realtime.Tests.Journal;

/// <content>The history beside a stream: written with its rows or not at all, read from the newest order on.</content>
public abstract partial class JournalSuite
{
    [Fact]
    public async Task History_is_read_from_the_newest_order_on_page_by_page_and_only_of_that_stream()
    {
        using var journal = Open();
        var one = await journal.Append(Row("a", 1, default) with { History = [Order("01B"), Order("01D", "noShow"), Order("01A")] }, Cancellation);
        await journal.Append(Row("a", 2, one.Hash) with { History = [Order("01C")] }, Cancellation);
        await journal.Append(Row("ab", 1, default) with { History = [Order("01E")] }, Cancellation);
        Assert.Equal(["01D", "01C", "01B", "01A"], await Orders(journal, "a"));
        Assert.Equal(["01D", "01C"], await Orders(journal, "a", limit: 2));
        Assert.Equal(["01B", "01A"], await Orders(journal, "a", before: "01C", limit: 2));
        Assert.Empty(await Orders(journal, "a", before: "01A"));
        Assert.Equal(["01E"], await Orders(journal, "ab"));
        Assert.Empty(await Orders(journal, "nobody"));
    }

    [Fact]
    public async Task Ids_are_ordered_by_their_bytes()
    {
        using var journal = Open();
        string[] ids = ["0", "A", "Z", "a", "é", "\uFB01", "\U0001F48A"];
        await journal.Append(Row("a", 1, default) with { History = [.. ids.Select(id => Order(id))] }, Cancellation);
        Assert.Equal(ids.Reverse(), await Orders(journal, "a"));
        Assert.Equal(["A", "0"], await Orders(journal, "a", before: "Z"));
    }

    [Fact]
    public async Task History_is_found_by_its_states()
    {
        using var journal = Open();
        await journal.Append(Row("a", 1, default) with { History = [Order("1", "collected"), Order("2", "cancelled"), Order("3", "noShow"), Order("4", "collected")] }, Cancellation);
        Assert.Equal(["4", "1"], await Orders(journal, "a", ["collected"]));
        Assert.Equal(["3", "2"], await Orders(journal, "a", ["cancelled", "noShow"]));
        Assert.Equal(["1"], await Orders(journal, "a", ["collected"], before: "4"));
        Assert.Empty(await Orders(journal, "a", ["Collected"]));
        Assert.Empty(await Orders(journal, "a", []));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Orders(journal, "a", limit: 0));
    }

    [Fact]
    public async Task One_order_of_the_history_is_found_by_its_id_as_its_last_row_left_it()
    {
        using var journal = Open();
        var one = await journal.Append(Row("a", 1, default) with { History = [Order("1", "collected", "first"), Order("2")] }, Cancellation);
        await journal.Append(Row("a", 2, one.Hash) with { History = [Order("1", "erased", "second")] }, Cancellation);
        var found = (await journal.HistoryOf("a", "1", Cancellation))!;
        Assert.Equal(("1", "erased", "second"), (found.OrderId, found.State, Encoding.UTF8.GetString(found.Payload.Span)));
        Assert.Null(await journal.HistoryOf("a", "3", Cancellation));
        Assert.Null(await journal.HistoryOf("b", "1", Cancellation));
        Assert.Equal("2", Query("SELECT seq FROM order_history WHERE order_id = '1'"));
        Assert.Equal("1", Query("SELECT seq FROM order_history WHERE order_id = '2'"));
    }

    [Fact]
    public async Task A_fenced_row_leaves_no_history_and_those_that_wait_beside_it_leave_theirs()
    {
        using var journal = Open();
        await journal.Append(Row("a", 1, default) with { History = [Order("1", "collected")] }, Cancellation);
        var appends = Enumerable.Range(0, 50).Select(i => TryAppend(journal, i % 2 == 0
            ? Row($"b{i}", 1, default) with { History = [Order($"{i}")], PublicState = i % 4 == 0 ? "x"u8.ToArray() : default(ReadOnlyMemory<byte>?) }
            : Row("a", 1, default) with { History = [Order("1", "stolen"), Order($"x{i}")] })).ToList();
        await Task.WhenAll(appends);
        Assert.Equal("collected", Assert.Single(await journal.History("a", null, null, 10, Cancellation)).State);
        Assert.Equal("26", Query("SELECT count(*) FROM order_history"));
        Assert.Equal("13", Query("SELECT count(*) FROM public_state"));
        Assert.Equal(["48"], await Orders(journal, "b48"));
    }

    [Fact]
    public async Task A_row_that_is_not_there_has_no_history_either()
    {
        RefuseToCommitPoison();
        using var journal = Open();
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => journal.Append(Row("p", 1, default, "x", "Poison") with { History = [Order("1")] }, Cancellation));
        Assert.Empty(await Orders(journal, "p"));
    }

    [Fact]
    public async Task History_that_no_store_could_keep_is_refused_unwritten_and_harms_no_other_row()
    {
        using var journal = Open();
        foreach (var history in (HistoryEntry[][])[[Order("1"), Order("1")], [Order("\0")], [Order("1", "\uD83D")], [new("1", "done", new byte[HistoryEntry.MaxPayload + 1])]])
            await Assert.ThrowsAnyAsync<ArgumentException>(() => journal.Append(Row("a", 1, default) with { History = history }, Cancellation));
        Assert.Equal(1, (await journal.Append(Row("a", 1, default) with { History = [new("1", "done", new byte[HistoryEntry.MaxPayload])] }, Cancellation)).N);
        Assert.Equal("1", Query("SELECT count(*) FROM order_history"));
    }

    [Fact]
    public async Task One_row_is_read_by_its_number()
    {
        using var journal = Open();
        await Fill(journal, "a", 3);
        await Fill(journal, "ab", 4);
        Assert.Equal(Acknowledgement.Of((await journal.Read("a", 1, Cancellation))[0]), Acknowledgement.Of((await journal.ReadRow("a", 2, Cancellation))!));
        Assert.Equal((3, 0), (await journal.LastOf("a", Cancellation), await journal.LastOf("nobody", Cancellation)));
        Assert.Null(await journal.ReadRow("a", 4, Cancellation));
        Assert.Null(await journal.ReadRow("a", 0, Cancellation));
    }

    [Fact]
    public async Task What_cannot_be_read_is_told_so_that_it_travels()
    {
        using var journal = Open();
        Execute("ALTER TABLE order_history RENAME TO away; ALTER TABLE journal RENAME TO gone;");
        foreach (var read in (Func<Task>[])[() => Orders(journal, "a"), () => journal.HistoryOf("a", "1", Cancellation), () => journal.ReadRow("a", 1, Cancellation), () => journal.Read("a", 0, Cancellation)])
            await Assert.ThrowsAsync<JournalUnavailableException>(read);
    }

    private static HistoryEntry Order(string id, string state = "collected", string payload = "{}") => new(id, state, Encoding.UTF8.GetBytes(payload));

    private static async Task<IEnumerable<string>> Orders(SqlJournal journal, string stream, string[]? states = null, string? before = null, int limit = 10) =>
        (await journal.History(stream, before, states, limit, Cancellation)).Select(entry => entry.OrderId);
}
