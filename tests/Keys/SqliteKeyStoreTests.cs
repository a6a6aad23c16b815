using Microsoft.Data.Sqlite;
using Realtime.Journal;
using Realtime.Keys;

namespace Realtime.Tests.Keys;

public sealed class SqliteKeyStoreTests : KeyStoreSuite, IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("realtime-keys-");

    protected override string CountTransactions => "SELECT count(DISTINCT made) FROM order_key";

    protected override string Table => "order_key";

    private string File => Path.Combine(_directory.FullName, "keys.db");

    [Fact]
    public async Task A_key_that_was_forgotten_leaves_no_byte_in_the_file_or_its_log()
    {
        var store = Open();
        List<OrderKey> given = [];
        for (var i = 0; i < 5_000; i++)
            given.Add(await store.Take(Cancellation));
        var wrapped = Wrapped();
        Assert.All(given.Take(20), key => Assert.True(Holds(Everything(), wrapped[key.Id])));
        foreach (var some in given.Chunk(500))
            await store.Forget([.. some.Where((_, i) => i % 3 != 0).Select(key => key.Id)], Cancellation);
        var left = Wrapped();
        var bytes = Everything();
        var traces = wrapped.Where(key => !left.ContainsKey(key.Key)).Count(key => Holds(bytes, key.Value.AsSpan(0, 16)));
        Assert.Equal(0, traces);
        Assert.All(left.Take(20), key => Assert.True(Holds(bytes, key.Value)));
    }

    [Fact]
    public async Task The_file_is_in_write_ahead_mode_and_apart_from_the_journals()
    {
        await Open().Take(Cancellation);
        Assert.Equal("wal", Query("PRAGMA journal_mode"));
        using var data = DataDirectory.Open(_directory.FullName, "/");
        Assert.Equal((File, Path.Combine(_directory.FullName, "realtime.db")), (data.Keys, data.Database));
    }

    [Fact]
    public void A_file_that_is_no_database_is_told_in_a_sentence()
    {
        System.IO.File.WriteAllText(File, new string('x', 4096));
        Assert.Contains("is damaged or no SQLite database", Assert.Throws<StoreException>(() => Open()).Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _directory.Delete(recursive: true);
    }

    internal override KeyDatabase Database() => new SqliteKeys(File);

    protected override string Query(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False;Default Timeout=10");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return $"{command.ExecuteScalar()}";
    }

    protected override byte[] Everything() => [.. _directory.GetFiles().SelectMany(file => Read(file.FullName))];

    protected override string Cut(string column) => $"substr({column}, 1, length({column}) - 1)";

    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private Dictionary<string, byte[]> Wrapped()
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False;Default Timeout=10");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, wrapped FROM order_key";
        using var reader = command.ExecuteReader();
        Dictionary<string, byte[]> wrapped = [];
        while (reader.Read())
            wrapped[reader.GetString(0)] = reader.GetFieldValue<byte[]>(1);
        return wrapped;
    }
}
