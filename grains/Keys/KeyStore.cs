using System.Data.Common;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Realtime.Identity;

namespace Realtime.Keys;

/// <summary>The keys of orders in a database of their own, taken from a pool and found through a cache.</summary>
internal sealed class KeyStore : IKeyStore
{
    /// <summary>Keys that are kept at hand: those of the orders that a busy day looks at.</summary>
    public const int MostCached = 20_000;

    /// <summary>How long a key is kept at hand, and with it how long a process may still open what another has erased.</summary>
    public static readonly TimeSpan CacheLifetime = TimeSpan.FromMinutes(10);

    private readonly KeyDatabase _database;
    private readonly KeyWrapping _wrapping;
    private readonly Clock _clock;
    private readonly ILogger _log;
    private readonly KeyPool _pool;
    private readonly KeyCache _cache;

    /// <summary>Opens the store, creating its tables.</summary>
    /// <exception cref="Journal.StoreException">It cannot be used as it is, or its keys were wrapped under another secret; the message says what mends it.</exception>
    public KeyStore(KeyDatabase database, Secret secret, Clock clock, ILogger<KeyStore> log)
    {
        (_database, _wrapping, _clock, _log) = (database, new KeyWrapping(secret), clock, log);
        _pool = new KeyPool(MakeBlock, clock.Time);
        _cache = new KeyCache(clock.Time, MostCached, CacheLifetime);
        database.Prepare();
        database.RequireSecret(_wrapping.SecretName);
    }

    /// <inheritdoc/>
    public async ValueTask<OrderKey> Take(CancellationToken cancellation = default)
    {
        var began = _cache.Now;
        var key = await _pool.Take(cancellation);
        // Whoever places an order looks at it next.
        _cache.Add(key.Id, key.Key, began);
        return key;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, byte[]>> Find(IReadOnlyCollection<string> ids, CancellationToken cancellation = default)
    {
        Dictionary<string, byte[]> found = new(StringComparer.Ordinal);
        HashSet<string> missing = new(StringComparer.Ordinal);
        foreach (var id in ids)
            if (_cache.Find(id) is { } key)
                found[id] = key;
            else
                missing.Add(id);
        if (missing.Count == 0)
            return found;
        var began = _cache.Now;
        foreach (var wrapped in await Reached(() => _database.Read(missing, cancellation)))
        {
            found[wrapped.Id] = Unwrap(wrapped);
            _cache.Add(wrapped.Id, found[wrapped.Id], began);
        }
        return found;
    }

    /// <inheritdoc/>
    public async Task Forget(IReadOnlyCollection<string> ids, CancellationToken cancellation = default)
    {
        if (ids.Count == 0)
            return;
        await Reached(async () =>
        {
            await _database.Delete(ids, cancellation);
            return true;
        });
        _cache.Forget(ids);
    }

    private async Task<IReadOnlyList<OrderKey>> MakeBlock()
    {
        var now = _clock.Now;
        List<OrderKey> keys = [.. Enumerable.Range(0, KeyPool.Block).Select(_ => KeyWrapping.Make(now))];
        return await Reached(async () =>
        {
            await _database.Write([.. keys.Select(_wrapping.Wrap)], now);
            return keys;
        });
    }

    private byte[] Unwrap(WrappedKey wrapped)
    {
        try
        {
            return _wrapping.Unwrap(wrapped);
        }
        catch (CryptographicException failure)
        {
            _log.LogError(failure, "Key {Id} does not open: it was altered, or wrapped under another secret.", wrapped.Id);
            throw new KeysUnavailableException($"key {wrapped.Id} was altered, or wrapped under another secret.");
        }
    }

    private async Task<T> Reached<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (DbException failure)
        {
            // It travels to whoever called the grain, perhaps on another node, where no exception of a database driver can go.
            _log.LogWarning(failure, "The keys in {Store} cannot be had.", _database.Name);
            throw new KeysUnavailableException(failure.Message);
        }
    }
}
