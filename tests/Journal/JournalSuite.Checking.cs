using Realtime.Journal;

namespace Realtime.Tests.Journal;

/// <content>The schema, the hash chain, and whether the check of the kill tests notices what it must.</content>
public abstract partial class JournalSuite
{
    [Fact]
    public async Task A_byte_changed_behind_the_journals_back_breaks_the_chain_there()
    {
        using var journal = Open();
        await Fill(journal, "a", 9);
        Assert.Null(JournalHash.FirstBroken(await journal.Read("a", 0, Cancellation)));
        foreach (var column in new[] { "at = at + 1", "kind = 'Other'", "version = 2", "actor = 'b'", "reason = 'other'", "payload = hash", "lane = 77", "n = 77" })
        {
            Execute($"CREATE TABLE kept AS SELECT * FROM journal; UPDATE journal SET {column} WHERE stream = 'a' AND seq = 4;");
            Assert.Equal(4, JournalHash.FirstBroken(await journal.Read("a", 0, Cancellation)));
            Execute("DELETE FROM journal; INSERT INTO journal SELECT * FROM kept; DROP TABLE kept;");
        }
    }

    [Theory]
    [InlineData("DELETE FROM journal WHERE stream = 'a' AND seq = 9", "acknowledged and is missing")]
    [InlineData("DELETE FROM journal WHERE stream = 'a' AND seq = 4", "hole")]
    [InlineData("UPDATE journal SET seq = 10 WHERE stream = 'a' AND seq = 9", "hole")]
    [InlineData("UPDATE journal SET n = 10 WHERE n = 9", "lane")]
    [InlineData("UPDATE journal SET payload = hash WHERE seq = 4", "chain")]
    [InlineData("INSERT INTO journal SELECT 'a', 10, lane, 10, at, kind, version, actor, reason, payload, hash FROM journal WHERE seq = 9", "chain")]
    public async Task The_check_of_the_kill_tests_reports_a_damaged_journal(string damage, string fault)
    {
        using var journal = Open();
        await Fill(journal, "a", 9);
        var told = (await JournalCheck.Everything(journal)).Select(Acknowledgement.Of).ToList();
        Assert.Empty(JournalCheck.Faults(await JournalCheck.Everything(journal), told, 0));
        Execute(damage);
        Assert.Contains(JournalCheck.Faults(await JournalCheck.Everything(journal), told, 0), found => found.Contains(fault, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Acknowledging_before_the_commit_is_found_out_by_that_check()
    {
        var dialect = new AlteredDialect(Dialect());
        using var journal = Open(dialect);
        var head = await Fill(journal, "a", 5);
        var told = (await JournalCheck.Everything(journal)).Select(Acknowledgement.Of).ToList();
        dialect.OnCommit = batch => batch.Rollback();
        told.Add(Acknowledgement.Of(await journal.Append(Row("a", 6, head), Cancellation)));
        Assert.Contains(JournalCheck.Faults(await JournalCheck.Everything(journal), told, 0), fault => fault.Contains("acknowledged and is missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_row_that_nobody_was_told_of_is_found_out_by_that_check()
    {
        using var journal = Open();
        await Fill(journal, "a", 5);
        var rows = await JournalCheck.Everything(journal);
        Assert.Empty(JournalCheck.Faults(rows, rows.Take(4).Select(Acknowledgement.Of), 1));
        Assert.NotEmpty(JournalCheck.Faults(rows, rows.Take(3).Select(Acknowledgement.Of), 1));
    }

    [Fact]
    public async Task Opening_a_store_again_changes_nothing_in_it()
    {
        using (var journal = Open())
            await Fill(journal, "a", 3);
        using var again = Open();
        Assert.Equal(3, (await again.Read("a", 0, Cancellation)).Count);
        await AssertSound(again);
    }

    [Fact]
    public void A_store_of_a_newer_program_is_refused_and_left_alone()
    {
        Open().Dispose();
        Execute("INSERT INTO realtime_schema (number) VALUES (1000)");
        var refusal = Assert.Throws<SchemaException>(() => Open());
        Assert.Contains("was written by a newer version of this program (schema 1000", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_fails_leaves_the_store_as_it_was()
    {
        using (var journal = Open())
            await Fill(journal, "a", 3);
        var broken = new AlteredDialect(Dialect()) { Later = ["CREATE TABLE later (id INTEGER)", "CREATE TABLE broken (id INTEGER); INSERT INTO nowhere VALUES (1)"] };
        Assert.IsType<StoreException>(Record.Exception(() => Open(broken)));
        using (var unchanged = Open())
            Assert.Equal(3, (await unchanged.Read("a", 0, Cancellation)).Count);
        var mended = new AlteredDialect(Dialect()) { Later = ["CREATE TABLE later (id INTEGER)", "CREATE TABLE broken (id INTEGER)"] };
        Open(mended).Dispose();
        Open(mended).Dispose();
        Execute("INSERT INTO later VALUES (1); INSERT INTO broken VALUES (1)");
    }
}
