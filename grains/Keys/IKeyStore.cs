using Realtime.Journal;

namespace Realtime.Keys;

/// <summary>The key under which one order's personal data is sealed.</summary>
/// <param name="Id">By which it is found again: 16 bytes as base64url, when it was made and chance. It tells nothing of the key and may stand in the journal.</param>
/// <param name="Key">32 random bytes; never to be written anywhere, nor altered: others may hold the same array.</param>
public sealed record OrderKey(string Id, byte[] Key);

/// <summary>
/// A key for each order, kept apart from the journal: the journal holds sealed bytes and the key's id, for good, and whoever erases the key erases the data
/// in every copy of the journal.
/// </summary>
public interface IKeyStore
{
    /// <summary>A key that nobody else was ever given, durable already. It costs no write of its own: keys are made and written many at a time.</summary>
    /// <exception cref="KeysUnavailableException">None is left, and no more could be written now.</exception>
    ValueTask<OrderKey> Take(CancellationToken cancellation = default);

    /// <summary>The keys of these ids, by id; those that were forgotten, or never were, are left out.</summary>
    /// <exception cref="KeysUnavailableException">They cannot be read now, or one does not open under this installation's secret.</exception>
    Task<IReadOnlyDictionary<string, byte[]>> Find(IReadOnlyCollection<string> ids, CancellationToken cancellation = default);

    /// <summary>
    /// Erases keys for good; ids that are not there are passed over. This process forgets them at once; others may still find a key that
    /// they have read before, for ten minutes at most.
    /// </summary>
    /// <exception cref="KeysUnavailableException">They may or may not be erased: ask again.</exception>
    Task Forget(IReadOnlyCollection<string> ids, CancellationToken cancellation = default);
}

/// <summary>The store of keys does not answer. The command may be sent again.</summary>
[GenerateSerializer, Alias("realtime.KeysUnavailableException")]
public sealed class KeysUnavailableException(string cause) : JournalException($"The keys of orders cannot be had: {cause}");
