using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using NodaTime.Text;
using Realtime.Journal;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Stock;
using Realtime.Web.Live;
using Realtime.Web.Stock;

namespace Realtime.Tests.Stock;

public sealed class StockFollowerTests
{
    private static readonly Cip13 A = Cip13.Parse("3400938358926");
    private static readonly Cip13 B = Cip13.Parse("3400936251892");
    private static readonly PharmacyId Pharmacy = PharmacyId.Parse("750020927");
    private static readonly Instant Now = Instant.FromUtc(2027, 1, 1, 0, 0);

    private readonly ShiftedTime _time = new(Now);
    private readonly Shelves _shelves;
    private readonly OneStore _store = new();
    private readonly StockFollower _follower;

    public StockFollowerTests()
    {
        _shelves = new(new Country(new DemoWorld(null)), new DemoWorld(null), new Clock(_time));
        _follower = new(_shelves, NullLogger<StockFollower>.Instance);
    }

    [Fact]
    public async Task A_node_that_starts_knows_what_was_written_before()
    {
        _store.Write(7, (A, StockLevel.Low), (B, StockLevel.OutOfStock));
        await _follower.Begin(_store, default);
        Assert.Equal([(B, StockLevel.OutOfStock), (A, StockLevel.Low)], _shelves.LevelsOf(Pharmacy));
    }

    [Fact]
    public async Task Rows_in_order_are_taken_without_a_look_at_the_store()
    {
        await Begin();
        await Take(Row(2, """{"levels":{"3400938358926":"low"}}"""), Row(3, """{"order":{"levels":{"3400938358926":"unknown"}}}"""), Row(4, """{"levels":{"3400938358926":"outOfStock","3400936251892":"low"}}"""));
        Assert.Equal([(B, StockLevel.Low), (A, StockLevel.OutOfStock)], _shelves.LevelsOf(Pharmacy));
        Assert.Equal(0, _store.Reads);
    }

    [Fact]
    public async Task A_row_that_comes_after_a_later_one_makes_the_node_ask_for_all()
    {
        await Begin();
        // Row 2 sold the last box of B, row 3 the last but two of A; the lane of row 3 is read first.
        _store.Write(3, (A, StockLevel.Low), (B, StockLevel.OutOfStock));
        await Take(Row(3, """{"levels":{"3400938358926":"low"}}"""));
        Assert.Equal([(B, StockLevel.InStock), (A, StockLevel.Low)], _shelves.LevelsOf(Pharmacy));
        await Take(Row(2, """{"levels":{"3400936251892":"outOfStock"}}"""));
        Assert.Equal([(B, StockLevel.OutOfStock), (A, StockLevel.Low)], _shelves.LevelsOf(Pharmacy));
        Assert.Equal(1, _store.Reads);
    }

    [Fact]
    public async Task An_old_row_never_undoes_a_new_one()
    {
        await Begin();
        _store.Write(3, (A, StockLevel.OutOfStock), (B, StockLevel.InStock));
        await Take(Row(3, """{"levels":{"3400938358926":"outOfStock"}}"""), Row(2, """{"levels":{"3400938358926":"low"}}"""));
        Assert.Equal([(B, StockLevel.InStock), (A, StockLevel.OutOfStock)], _shelves.LevelsOf(Pharmacy));
        // All that was read then is known to hold row 2: it may come as often as it likes.
        await Take(Row(2, """{"levels":{"3400938358926":"low"}}"""));
        Assert.Equal(1, _store.Reads);
    }

    [Fact]
    public async Task A_node_that_starts_knows_which_levels_are_too_old_already()
    {
        _store.Write(7, Now, (A, StockLevel.Low));
        await _follower.Begin(_store, default);
        Assert.Empty(_shelves.LevelsOf(Pharmacy));
        _store.Write(8, Now + Duration.FromHours(1), (A, StockLevel.Low));
        await _follower.Begin(_store, default);
        Assert.Equal([(A, StockLevel.Low)], _shelves.LevelsOf(Pharmacy));
    }

    [Fact]
    public async Task A_row_that_only_says_that_levels_are_fresh_is_taken_without_a_look_at_the_store()
    {
        await Begin();
        await Take(Row(2, """{"freshUntil":"2026-12-31T23:59:59Z"}"""));
        Assert.Empty(_shelves.LevelsOf(Pharmacy));
        await Take(Row(3, """{"freshUntil":"2027-01-01T02:00:00Z","levels":{"3400938358926":"low"}}"""));
        Assert.Equal([(B, StockLevel.InStock), (A, StockLevel.Low)], _shelves.LevelsOf(Pharmacy));
        // An older one that comes after it says nothing any more.
        await Take(Row(2, """{"freshUntil":"2026-12-31T23:59:59Z"}"""));
        Assert.Equal([(B, StockLevel.InStock), (A, StockLevel.Low)], _shelves.LevelsOf(Pharmacy));
        Assert.Equal(0, _store.Reads);
    }

    [Fact]
    public async Task A_row_of_which_all_levels_crossed_makes_the_node_ask_for_all()
    {
        await Begin();
        _store.Write(2, Now + Duration.FromHours(2), (A, StockLevel.Low));
        await Take(Row(2, """{"levels":"all","freshUntil":"2027-01-01T02:00:00Z"}"""));
        Assert.Equal([(A, StockLevel.Low)], _shelves.LevelsOf(Pharmacy));
        Assert.Equal(1, _store.Reads);
    }

    [Theory]
    [InlineData("3", "2")]
    [InlineData("2", "3")]
    public async Task A_row_that_only_says_that_levels_are_fresh_costs_none_of_those_that_the_row_before_left_to_the_store(params string[] order)
    {
        await BeginLate();
        await Take([.. order.Select(RowOfTwoFeeds)]);
        Assert.Equal([(A, StockLevel.Low)], _shelves.LevelsOf(Pharmacy));
        await FreshUntilThree();
    }

    [Theory]
    [InlineData("3", "2")]
    [InlineData("2", "3")]
    public async Task It_costs_none_of_them_either_where_each_is_read_alone(string first, string second)
    {
        await BeginLate();
        await Take(RowOfTwoFeeds(first));
        await Take(RowOfTwoFeeds(second));
        Assert.Equal([(A, StockLevel.Low)], _shelves.LevelsOf(Pharmacy));
        await FreshUntilThree();
    }

    [Theory]
    [InlineData("3", "2")]
    [InlineData("2", "3")]
    public async Task A_node_that_has_never_heard_of_the_pharmacy_takes_both_too(params string[] order)
    {
        _store.Write(2, Now + Duration.FromHours(2), (A, StockLevel.Low));
        await Take([.. order.Select(RowOfTwoFeeds)]);
        Assert.Equal([(A, StockLevel.Low)], _shelves.LevelsOf(Pharmacy));
        await FreshUntilThree();
    }

    [Fact]
    public async Task A_row_held_back_behind_one_that_is_not_clear_undoes_nothing_that_the_store_knew_after_it()
    {
        await Begin();
        _store.Write(4, (A, StockLevel.OutOfStock));
        await Take(Row(2, """{"levels":"all"}"""), Row(3, """{"levels":{"3400938358926":"low"}}"""));
        Assert.Equal([(A, StockLevel.OutOfStock)], _shelves.LevelsOf(Pharmacy));
        Assert.Equal(1, _store.Reads);
    }

    [Fact]
    public async Task Levels_go_at_the_second_at_which_they_are_too_old_and_come_back_with_the_next_feed()
    {
        await Begin();
        using var life = new ShelfLife(_shelves, new Clock(_time));
        await life.StartAsync(default);
        var until = _time.Now + Duration.FromMilliseconds(600);
        await Take(Row(2, $$"""{"freshUntil":"{{InstantPattern.ExtendedIso.Format(until)}}"}"""));
        while (_shelves.LevelsOf(Pharmacy).Any())
            await Task.Delay(1);
        Assert.InRange(_time.Now - until, Duration.Zero, Duration.FromSeconds(1));
        await Take(Row(3, """{"freshUntil":"2027-01-01T02:00:00Z"}"""));
        Assert.Equal(2, _shelves.LevelsOf(Pharmacy).Count());
        await life.StopAsync(default);
    }

    [Theory]
    [InlineData("""{"levels":null}""")]
    [InlineData("""{"levels":["3400938358926"]}""")]
    [InlineData("""{"levels":{"3400938358926":"plenty"}}""")]
    [InlineData("""{"levels":{"3400938358926":3}}""")]
    [InlineData("""{"levels":{"340":"low"}}""")]
    [InlineData("""{"a":[1,2],"levels":""")]
    public async Task A_row_that_is_not_understood_is_a_hint_all_the_same(string payload)
    {
        await Begin();
        _store.Write(2, (A, StockLevel.Low));
        await Take(Row(2, payload));
        Assert.Equal([(A, StockLevel.Low)], _shelves.LevelsOf(Pharmacy));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[\"levels\"]")]
    [InlineData("\"levels\"")]
    [InlineData("""{"note":"levels"}""")]
    [InlineData("""{"lines":[{"levels":{"3400938358926":"low"}}],"x":{"levels":1}}""")]
    public async Task A_row_that_says_nothing_of_levels_changes_nothing(string payload)
    {
        await Begin();
        await Take(Row(2, payload));
        Assert.Equal([(B, StockLevel.InStock), (A, StockLevel.InStock)], _shelves.LevelsOf(Pharmacy));
        Assert.Equal(0, _store.Reads);
    }

    [Fact]
    public async Task Levels_that_are_not_understood_are_unknown_and_harm_no_other()
    {
        var other = PharmacyId.Parse("750032955");
        await Begin();
        _store.States[StockStreams.Of(Pharmacy)] = new(StockStreams.Of(Pharmacy), 2, Encoding.UTF8.GetBytes("""{"pharmacy":"750020927","seq":2,"levels":"!"}"""));
        _store.Write(other, 1, (A, StockLevel.Low));
        _store.States["orders/keys"] = new("orders/keys", 1, "{}"u8.ToArray());
        await _follower.Begin(_store, default);
        Assert.Empty(_shelves.LevelsOf(Pharmacy));
        Assert.Equal([(A, StockLevel.Low)], _shelves.LevelsOf(other));
    }

    private async Task Begin()
    {
        _store.Write(1, (A, StockLevel.InStock), (B, StockLevel.InStock));
        await _follower.Begin(_store, default);
        _store.Reads = 0;
    }

    // Row 2 is that of a feed of which so many levels crossed that it does not name them, row 3 that of the next, which changed none.
    private async Task BeginLate()
    {
        await Begin();
        _store.Write(2, Now + Duration.FromHours(2), (A, StockLevel.Low));
    }

    private static JournalRow RowOfTwoFeeds(string seq) => seq == "2"
        ? Row(2, """{"levels":"all","freshUntil":"2027-01-01T02:00:00Z"}""")
        : Row(3, """{"freshUntil":"2027-01-01T03:00:00Z"}""");

    private async Task FreshUntilThree()
    {
        Age(Duration.FromHours(3) - Duration.FromSeconds(1));
        Assert.NotEmpty(_shelves.LevelsOf(Pharmacy));
        Age(Duration.FromHours(3));
        Assert.Empty(_shelves.LevelsOf(Pharmacy));
        await Take(Row(4, """{"freshUntil":"2027-01-01T04:00:00Z"}"""));
        Assert.NotEmpty(_shelves.LevelsOf(Pharmacy));
    }

    private void Age(Duration passed)
    {
        while (_shelves.Age(Now + passed) <= Now + passed)
        {
            // It takes some at a time.
        }
    }

    private async Task Take(params JournalRow[] rows) => await _follower.Take(rows, _store, default);

    private static JournalRow Row(long seq, string payload) =>
        new(StockStreams.Of(Pharmacy), seq, 1, seq, Instant.FromUtc(2027, 1, 1, 0, 0), new JournalEvent("stock.counted", 1, "test", "test", Encoding.UTF8.GetBytes(payload)), default);

    /// <summary>The public states of a store, and how often they were asked for.</summary>
    private sealed class OneStore : IJournal
    {
        public SortedDictionary<string, PublicState> States { get; } = new(StringComparer.Ordinal);

        public int Reads { get; set; }

        public event Action? Committed
        {
            add { }
            remove { }
        }

        public void Write(long seq, params (Cip13, StockLevel)[] levels) => Write(Pharmacy, seq, levels);

        public void Write(long seq, Instant freshUntil, params (Cip13 Product, StockLevel Level)[] levels) =>
            States[StockStreams.Of(Pharmacy)] = new(StockStreams.Of(Pharmacy), seq, new StockFacts(Pharmacy, seq, levels.ToDictionary(one => one.Product, one => one.Level), freshUntil).Write());

        public void Write(PharmacyId id, long seq, params (Cip13 Product, StockLevel Level)[] levels) =>
            States[StockStreams.Of(id)] = new(StockStreams.Of(id), seq, new StockFacts(id, seq, levels.ToDictionary(one => one.Product, one => one.Level)).Write());

        public async IAsyncEnumerable<PublicState> PublicStates(string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
        {
            Reads++;
            foreach (var (stream, state) in States.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)))
                yield return await Task.FromResult(state);
        }

        public Task<IReadOnlyList<JournalRow>> Read(string stream, long afterSeq, CancellationToken cancellation = default) => throw new NotSupportedException();

        public Task<JournalRow> Append(Append append, CancellationToken cancellation = default) => throw new NotSupportedException();

        public Task<LaneCursors> Ends(CancellationToken cancellation = default) => throw new NotSupportedException();

        public Task<string> Epoch(CancellationToken cancellation = default) => throw new NotSupportedException();

        public Task<IReadOnlyList<JournalRow>> TailOf(LaneCursors cursors, IReadOnlyList<string> kinds, CancellationToken cancellation = default) => throw new NotSupportedException();

        public Task<IReadOnlyList<HistoryEntry>> History(string stream, string? before, IReadOnlyCollection<string>? states, int limit, CancellationToken cancellation = default) => throw new NotSupportedException();

        public Task<HistoryEntry?> HistoryOf(string stream, string orderId, CancellationToken cancellation = default) => throw new NotSupportedException();

        public Task<IReadOnlyList<JournalRow>> ReadSome(string stream, long afterSeq, int limit, CancellationToken cancellation = default) => throw new NotSupportedException();

        public Task<long> LastOf(string stream, CancellationToken cancellation = default) => throw new NotSupportedException();

        public Task<JournalRow?> ReadRow(string stream, long seq, CancellationToken cancellation = default) => throw new NotSupportedException();

        public Task<IReadOnlyList<JournalRow>> Tail(LaneCursors cursors, int limit, CancellationToken cancellation = default) => throw new NotSupportedException();
    }
}
