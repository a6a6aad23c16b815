using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Realtime.Journal;

namespace Realtime.Tests.Journal;

/// <summary>What the journal promises, whatever database is beneath it. One store per test; each call of <see cref="Dialect"/> reaches the same one.</summary>
public abstract partial class JournalSuite
{
    private static readonly Instant Noon = Instant.FromUtc(2027, 5, 1, 12, 0);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract JournalDialect Dialect();

    /// <summary>The dialect's insert, made to overwrite instead of refusing: the fence removed.</summary>
    protected abstract string WithoutFence { get; }

    /// <summary>Makes the store refuse, at commit and not before, every transaction that wrote a row of kind <c>Poison</c>.</summary>
    protected abstract void RefuseToCommitPoison();

    protected SqlJournal Open(JournalDialect? dialect = null) => new(dialect ?? Dialect(), TimeProvider.System, NullLogger<SqlJournal>.Instance);

    protected static Append Row(string stream, long seq, ReadOnlyMemory<byte> previous, string text = "x", string kind = "Noted") =>
        new(stream, seq, previous, Noon, new JournalEvent(kind, 1, "a", "test", Encoding.UTF8.GetBytes($"\"{text}\"")), null);

    /// <summary>Appends rows to an empty stream, one after another; returns the last hash.</summary>
    protected static async Task<ReadOnlyMemory<byte>> Fill(IJournal journal, string stream, int rows)
    {
        ReadOnlyMemory<byte> head = default;
        for (var seq = 1; seq <= rows; seq++)
            head = (await journal.Append(Row(stream, seq, head), Cancellation)).Hash;
        return head;
    }

    protected void Execute(string sql)
    {
        using var connection = Dialect().OpenWriter();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static Append RowOf(string stream, int bytes) => new(stream, 1, default, Noon, new JournalEvent("Noted", 1, "a", "test", new byte[bytes]), null);

    protected static async Task<List<PublicState>> PublicStates(SqlJournal journal, string prefix)
    {
        List<PublicState> states = [];
        await foreach (var state in journal.PublicStates(prefix, Cancellation))
            states.Add(state);
        return states;
    }

    protected static async Task AssertSound(SqlJournal journal)
    {
        var rows = await JournalCheck.Everything(journal);
        Assert.Empty(JournalCheck.Faults(rows, rows.Select(Acknowledgement.Of), 0));
    }

    /// <summary>Eight writers over two journals read the same head, then all append after it at once; forty rounds.</summary>
    private async Task<(IReadOnlyList<string> Faults, int Winners)> Race(JournalDialect left, JournalDialect right)
    {
        using var one = Open(left);
        using var two = Open(right);
        List<Acknowledgement> told = [];
        for (var round = 0; round < 40; round++)
        {
            var last = await one.Read("raced", 0, Cancellation) is [.., var head] ? head : null;
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => TryAppend(i % 2 == 0 ? one : two, Row("raced", (last?.Seq ?? 0) + 1, last?.Hash ?? default, $"{round}/{i}"))));
            told.AddRange(answers.OfType<JournalRow>().Select(Acknowledgement.Of));
        }
        return (JournalCheck.Faults(await JournalCheck.Everything(one), told, 0), told.Count);
    }

    protected static async Task<JournalRow?> TryAppend(SqlJournal journal, Append append)
    {
        try
        {
            return await journal.Append(append, Cancellation);
        }
        catch (FencedException)
        {
            return null; // Somebody else won the round.
        }
    }
}
