using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Realtime.Identity;
using Realtime.Journal;
using Realtime.Keys;

namespace Realtime.Tests.Keys;

/// <summary>What the store of keys promises, whatever database is beneath it. One store per test; each call of <see cref="Open"/> reaches the same one, as another process would.</summary>
public abstract class KeyStoreSuite
{
    protected static readonly Secret Ours = Secret.Parse(ProductProcess.Secret);
    protected static readonly Secret Theirs = Secret.Parse(Secret.Demo);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>How many transactions have written the keys that are there.</summary>
    protected abstract string CountTransactions { get; }

    /// <summary>The name of the table of keys.</summary>
    protected abstract string Table { get; }

    [Fact]
    public async Task A_key_is_there_for_everybody_before_it_is_given_to_somebody()
    {
        var key = await Open().Take(Cancellation);
        Assert.Equal((22, 32), (key.Id.Length, key.Key.Length));
        Assert.Equal(16, Base64Url.DecodeFromChars(key.Id).Length);
        Assert.Equal(key.Key, Assert.Single(await Open().Find([key.Id], Cancellation)).Value);
    }

    [Fact]
    public async Task Keys_survive_and_no_other_process_is_given_them_again()
    {
        List<OrderKey> given = [];
        for (var process = 0; process < 3; process++)
        {
            var store = Open();
            for (var i = 0; i < 5; i++)
                given.Add(await store.Take(Cancellation));
        }
        Assert.Equal(15, given.DistinctBy(key => key.Id).Count());
        Assert.Equal(15, given.DistinctBy(key => Convert.ToHexString(key.Key)).Count());
        var found = await Open().Find([.. given.Select(key => key.Id), "nobody's"], Cancellation);
        Assert.Equal(given.ToDictionary(key => key.Id, key => key.Key), found);
    }

    [Fact]
    public async Task Ten_thousand_keys_given_to_many_at_once_are_all_different_and_cost_a_write_for_thousands()
    {
        var store = Open();
        ConcurrentBag<OrderKey> given = [];
        await Parallel.ForAsync(0, 10_000, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancellation }, async (_, stop) => given.Add(await store.Take(stop)));
        Assert.Equal(10_000, given.DistinctBy(key => key.Id).Count());
        Assert.InRange(int.Parse(Query(CountTransactions)), 10_000 / KeyPool.Block, (10_000 / KeyPool.Block) + 2);
        Assert.Equal(10_000, (await Open().Find([.. given.Select(key => key.Id)], Cancellation)).Count);
    }

    [Fact]
    public async Task A_key_that_was_forgotten_is_not_found_and_the_others_are()
    {
        var store = Open();
        OrderKey[] keys = [await store.Take(Cancellation), await store.Take(Cancellation), await store.Take(Cancellation)];
        Assert.Equal(3, (await store.Find([.. keys.Select(key => key.Id)], Cancellation)).Count);
        await store.Forget([keys[0].Id, keys[2].Id, "nobody's"], Cancellation);
        await store.Forget([], Cancellation);
        foreach (var asked in new[] { store, Open() })
            Assert.Equal(keys[1].Id, Assert.Single(await asked.Find([.. keys.Select(key => key.Id)], Cancellation)).Key);
    }

    [Fact]
    public async Task What_another_process_has_erased_is_found_for_ten_minutes_and_no_longer()
    {
        var time = new FakeTimeProvider();
        var here = Open(time);
        var key = await here.Take(Cancellation);
        await Open().Forget([key.Id], Cancellation);
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Single(await here.Find([key.Id], Cancellation));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await here.Find([key.Id], Cancellation));
    }

    [Fact]
    public async Task What_is_at_hand_is_not_read_again()
    {
        var store = Open();
        var (given, read) = (await store.Take(Cancellation), await Open().Take(Cancellation));
        Assert.Equal(2, (await store.Find([given.Id, read.Id], Cancellation)).Count);
        Query($"DELETE FROM {Table}");
        Assert.Equal(2, (await store.Find([given.Id, read.Id], Cancellation)).Count);
    }

    [Fact]
    public async Task Another_secret_is_refused_with_a_sentence_and_the_first_one_still_opens()
    {
        var key = await Open().Take(Cancellation);
        var refusal = Assert.Throws<StoreException>(() => Open(secret: Theirs));
        Assert.Contains("wrapped under another secret", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.Single(await Open().Find([key.Id], Cancellation));
    }

    [Fact]
    public async Task A_key_that_was_altered_or_stands_under_another_id_is_not_opened()
    {
        var store = Open();
        var (one, two) = (await store.Take(Cancellation), await store.Take(Cancellation));
        Query($"UPDATE {Table} SET wrapped = (SELECT wrapped FROM {Table} WHERE id = '{two.Id}') WHERE id = '{one.Id}'");
        var refusal = await Assert.ThrowsAsync<KeysUnavailableException>(() => Open().Find([one.Id], Cancellation));
        Assert.Contains(one.Id, refusal.Message, StringComparison.Ordinal);
        Assert.Single(await Open().Find([two.Id], Cancellation));
        Query($"UPDATE {Table} SET wrapped = {Cut("wrapped")} WHERE id = '{two.Id}'");
        await Assert.ThrowsAsync<KeysUnavailableException>(() => Open().Find([two.Id], Cancellation));
    }

    [Fact]
    public async Task Nothing_of_a_key_stands_in_the_store_in_clear()
    {
        var store = Open();
        List<OrderKey> given = [];
        for (var i = 0; i < 100; i++)
            given.Add(await store.Take(Cancellation));
        var bytes = Everything();
        Assert.All(given, key => Assert.True(Holds(bytes, Encoding.ASCII.GetBytes(key.Id))));
        Assert.All(given, key => Assert.False(Holds(bytes, key.Key)));
        Assert.All(given, key => Assert.False(Holds(bytes, key.Key.AsSpan(0, 8))));
        Assert.All(given, key => Assert.False(Holds(bytes, Encoding.ASCII.GetBytes(Convert.ToBase64String(key.Key)[..11]))));
    }

    [Fact]
    public async Task While_the_store_is_away_keys_that_are_left_are_given_and_then_callers_are_told_so_that_it_travels()
    {
        var store = Open();
        var first = await store.Take(Cancellation);
        Query($"ALTER TABLE {Table} RENAME TO away");
        for (var i = 1; i < KeyPool.Block; i++)
            await store.Take(Cancellation);
        await Assert.ThrowsAsync<KeysUnavailableException>(async () => await store.Take(Cancellation));
        await Assert.ThrowsAsync<KeysUnavailableException>(() => store.Find(["another"], Cancellation));
        await Assert.ThrowsAsync<KeysUnavailableException>(() => store.Forget([first.Id], Cancellation));
        Query($"ALTER TABLE {Back} RENAME TO order_key");
        Assert.Single(await Open().Find([(await store.Take(Cancellation)).Id], Cancellation));
        await store.Forget([first.Id], Cancellation);
        Assert.Empty(await store.Find([first.Id], Cancellation));
    }

    [Fact]
    public async Task Eight_that_open_at_once_all_find_it()
    {
        using var start = new Barrier(8);
        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return Open();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        foreach (var store in opened)
            await store.Take(Cancellation);
        Assert.Equal("8", Query(CountTransactions));
    }

    [Fact]
    public void A_store_of_another_version_is_refused()
    {
        Open();
        Query($"UPDATE {Table.Replace("order_key", "key_store", StringComparison.Ordinal)} SET value = '2' WHERE name = 'schema'");
        Assert.Contains("another version of this program (schema '2'", Assert.Throws<SchemaException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_that_is_missing_is_told_in_a_sentence()
    {
        Open();
        Query($"DROP TABLE {Table}");
        Assert.Contains("only partly there", Assert.Throws<StoreException>(() => Open()).Message, StringComparison.Ordinal);
    }

    internal abstract KeyDatabase Database();

    internal KeyStore Open(TimeProvider? time = null, Secret? secret = null) => new(Database(), secret ?? Ours, new Clock(time ?? TimeProvider.System), NullLogger<KeyStore>.Instance);

    /// <summary>Runs SQL on the store; the first value as text.</summary>
    protected abstract string Query(string sql);

    /// <summary>All bytes that the store has on its disk, or would copy from there.</summary>
    protected abstract byte[] Everything();

    /// <summary>All but the last byte of a column.</summary>
    protected abstract string Cut(string column);

    protected static bool Holds(byte[] bytes, ReadOnlySpan<byte> part) => bytes.AsSpan().IndexOf(part) >= 0;

    private string Back => Table.Replace("order_key", "away", StringComparison.Ordinal);
}
