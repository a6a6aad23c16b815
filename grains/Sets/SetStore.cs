using System.Data.Common;
using NodaTime;
using Realtime.Journal;

namespace Realtime.Sets;

/// <summary>
/// Where sets that are imported whole are kept, by their hash, beside the journal: a set is too large for a row of the journal, which only names it.
/// A set is written before the row that names it, and never removed, so that what an old row names is still there.
/// </summary>
/// <param name="dialect">The database.</param>
/// <param name="journal">Asked for so that its tables are there; not used.</param>
#pragma warning disable CS9113 // the journal brings the schema up to date when it is opened
internal sealed class SetStore(JournalDialect dialect, IJournal journal)
#pragma warning restore CS9113
{
    /// <summary>Keeps a set, durably; does nothing where it is kept already.</summary>
    public async Task Put(string hash, byte[] payload, Instant at)
    {
        // Off the caller's thread: an embedded store answers synchronously, and this is a few megabytes.
        await Task.Run(() =>
        {
            dialect.EnterWriter();
            try
            {
                using var connection = dialect.OpenWriter();
                using var command = connection.Command(
                    "INSERT INTO catalogue (hash, at, payload) VALUES (@hash, @at, @payload) ON CONFLICT (hash) DO NOTHING",
                    ("@hash", hash), ("@at", at.ToUnixTimeTicks()), ("@payload", payload));
                command.ExecuteNonQuery();
            }
            finally
            {
                dialect.LeaveWriter();
            }
        });
    }

    /// <summary>The payload of a set; null where there is none of this hash.</summary>
    public async Task<byte[]?> Get(string hash, CancellationToken cancellation = default)
    {
        await using var connection = await dialect.OpenReader(cancellation);
        await using var command = connection.Command("SELECT payload FROM catalogue WHERE hash = @hash", ("@hash", hash));
        await using DbDataReader reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? reader.GetFieldValue<byte[]>(0) : null;
    }
}
