using System.Text;
using Realtime.Journal;

namespace Realtime.Tests.Journal;

/// <content>Reading: streams, public states, and the tail.</content>
public abstract partial class JournalSuite
{
    [Fact]
    public async Task A_row_is_read_back_as_it_was_written()
    {
        using var journal = Open();
        var at = Noon.PlusTicks(1234567);
        var written = await journal.Append(new Append("pharmacy/1", 1, default, at, new JournalEvent("HoursChanged", 3, "a7", "été", "{\"é\":1}"u8.ToArray()), null), Cancellation);
        var read = Assert.Single(await journal.Read("pharmacy/1", 0, Cancellation));
        Assert.Equal(("pharmacy/1", 1, 1, at, "HoursChanged", 3, "a7", "été"), (read.Stream, read.Seq, read.N, read.At, read.Event.Kind, read.Event.Version, read.Event.Actor, read.Event.Reason));
        Assert.Equal("{\"é\":1}"u8.ToArray(), read.Event.Payload.ToArray());
        Assert.Equal(written.Hash.ToArray(), read.Hash.ToArray());
        Assert.Equal(JournalHash.Size, read.Hash.Length);
    }

    [Fact]
    public async Task Only_rows_after_the_given_one_are_read_and_only_of_that_stream()
    {
        using var journal = Open();
        await Fill(journal, "a", 5);
        await Fill(journal, "ab", 2);
        Assert.Equal([4, 5], (await journal.Read("a", 3, Cancellation)).Select(row => row.Seq));
        Assert.Empty(await journal.Read("a", 5, Cancellation));
    }

    [Fact]
    public async Task Public_facts_are_of_the_last_row_that_changed_them()
    {
        using var journal = Open();
        var one = await journal.Append(Row("pharmacy/1", 1, default) with { PublicState = "one"u8.ToArray() }, Cancellation);
        await journal.Append(Row("pharmacy/1", 2, one.Hash), Cancellation);
        var state = Assert.Single(await PublicStates(journal, "pharmacy/"));
        Assert.Equal(("pharmacy/1", 1L, "one"), (state.Stream, state.Seq, Encoding.UTF8.GetString(state.Payload.Span)));
    }

    [Fact]
    public async Task A_fenced_row_leaves_the_public_facts_alone()
    {
        using var journal = Open();
        await journal.Append(Row("pharmacy/1", 1, default) with { PublicState = "true"u8.ToArray() }, Cancellation);
        await Assert.ThrowsAsync<FencedException>(() => journal.Append(Row("pharmacy/1", 1, default) with { PublicState = "false"u8.ToArray() }, Cancellation));
        Assert.Equal("true"u8.ToArray(), Assert.Single(await PublicStates(journal, "pharmacy/")).Payload.ToArray());
    }

    [Fact]
    public async Task Public_facts_are_never_empty_by_mistake()
    {
        using var journal = Open();
        byte[]? none = null;
        await Assert.ThrowsAsync<ArgumentException>(() => journal.Append(Row("a", 1, default) with { PublicState = none }, Cancellation));
        Assert.Empty(await PublicStates(journal, ""));
    }

    [Fact]
    public async Task A_row_that_is_not_there_has_no_public_facts_either()
    {
        RefuseToCommitPoison();
        using var journal = Open();
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => journal.Append(Row("p", 1, default, "x", "Poison") with { PublicState = "x"u8.ToArray() }, Cancellation));
        Assert.Empty(await PublicStates(journal, ""));
    }

    [Fact]
    public async Task Public_states_are_found_by_prefix_across_pages()
    {
        using var journal = Open();
        await Task.WhenAll(Enumerable.Range(0, 2500).Select(i => journal.Append(Row($"pharmacy/{i:D5}", 1, default) with { PublicState = "x"u8.ToArray() }, Cancellation)));
        foreach (var other in new[] { "pharmacx/1", "pharmacy0", "oncall/75", "pharmacy/" })
            await journal.Append(Row(other, 1, default) with { PublicState = "x"u8.ToArray() }, Cancellation);
        var found = await PublicStates(journal, "pharmacy/");
        Assert.Equal(2501, found.Select(state => state.Stream).Distinct().Count());
        Assert.Equal(2501, found.Count);
        Assert.Equal("oncall/75", Assert.Single(await PublicStates(journal, "oncall/75")).Stream);
        Assert.Equal(2504, (await PublicStates(journal, "")).Count);
    }

    [Fact]
    public async Task The_tail_gives_every_row_once_and_in_the_order_of_its_lane_and_stream()
    {
        using var one = Open();
        using var two = Open();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Fill(i % 2 == 0 ? one : two, $"s/{i}", 30)));
        var cursors = new LaneCursors();
        List<JournalRow> tailed = [];
        while (await two.Tail(cursors, 7, Cancellation) is { Count: > 0 } rows)
        {
            Assert.InRange(rows.Count, 1, 7);
            tailed.AddRange(rows);
        }
        Assert.Equal(600, tailed.Count);
        Assert.Equal(2, cursors.Count);
        foreach (var lane in tailed.GroupBy(row => row.Lane))
            Assert.Equal(lane.Select(row => row.N).Order(), lane.Select(row => row.N));
        foreach (var stream in tailed.GroupBy(row => row.Stream))
            Assert.Equal((await one.Read(stream.Key, 0, Cancellation)).Select(Acknowledgement.Of), stream.Select(Acknowledgement.Of));
    }

    [Fact]
    public async Task A_tail_from_the_ends_sees_only_what_comes_later_also_in_lanes_that_open_later()
    {
        using var one = Open();
        var head = await Fill(one, "a", 10);
        var cursors = await one.Ends(Cancellation);
        Assert.Empty(await one.Tail(cursors, 100, Cancellation));
        using var two = Open();
        await two.Append(Row("a", 11, head), Cancellation);
        Assert.Equal(11, Assert.Single(await one.Tail(cursors, 100, Cancellation)).Seq);
        Assert.Empty(await one.Tail(cursors, 100, Cancellation));
    }

    [Fact]
    public async Task The_reader_of_this_process_is_signalled_after_the_commit()
    {
        using var journal = Open();
        using var signal = new SemaphoreSlim(0);
        journal.Committed += () => signal.Release();
        var cursors = new LaneCursors();
        await journal.Append(Row("a", 1, default), Cancellation);
        Assert.True(await signal.WaitAsync(TimeSpan.FromSeconds(5), Cancellation));
        Assert.Single(await journal.Tail(cursors, 10, Cancellation));
    }

    [Fact]
    public async Task A_listener_that_throws_does_not_stop_the_writer()
    {
        using var journal = Open();
        journal.Committed += () => throw new InvalidOperationException("A reader's mistake.");
        await Fill(journal, "a", 3);
        await AssertSound(journal);
    }
}
