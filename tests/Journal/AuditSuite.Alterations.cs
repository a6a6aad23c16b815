using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Realtime.Journal;
using Realtime.Pharmacies;

namespace Realtime.Tests.Journal;

public abstract partial class AuditSuite
{
    private static readonly string[] Tables = ["journal", "public_state"];

    [Fact]
    public async Task Every_alteration_is_found_and_named()
    {
        await WriteHistory();
        var untouched = await Verify();
        Assert.Equal((11, 3, 1), Counted(untouched));
        Assert.Equal((5, 3, 2, 0), (untouched.Streams, untouched.Recomputed, untouched.Compared, untouched.Skipped));
        Keep();
        List<string> unseen = [];
        var count = 0;
        foreach (var (what, alter, expected) in Alterations())
        {
            alter();
            var broken = (await Verify()).Broken?.ToString() ?? "everything holds";
            if (!expected.All(part => broken.Contains(part, StringComparison.Ordinal)))
                unseen.Add($"{what}: expected '{string.Join("' and '", expected)}', got '{broken}'");
            TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {broken}");
            Restore();
            count++;
        }
        Assert.True(unseen.Count == 0, string.Join("\n", unseen));
        Assert.Equal((11, 3, 1), Counted(await Verify()));
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} alterations, each found and named");
    }

    [Fact]
    public async Task Without_the_checkpoints_the_last_row_of_a_stream_and_a_chain_made_anew_go_unseen()
    {
        await WriteHistory();
        Keep();
        RemoveStream("tally/solo");
        Assert.NotNull((await Verify()).Broken);
        Assert.Null((await Verify(AuditChecks.Chains | AuditChecks.Facts)).Broken);
        Restore();
        MakeAnew("tally/a", 2);
        Assert.Contains("checkpoint 1", (await Verify()).Broken!.ToString(), StringComparison.Ordinal);
        Assert.Null((await Verify(AuditChecks.All & ~AuditChecks.Roots)).Broken);
        Restore();
        // Whoever removes the last rows of a lane leaves no hole either: the cut of the checkpoint tells.
        var last = Query<long>("SELECT n FROM journal WHERE stream = 'audit' AND seq = 3");
        Execute($"DELETE FROM journal WHERE n >= {last - 1}");
        Execute("DELETE FROM public_state WHERE stream = 'tally/solo'");
        Execute("UPDATE public_state SET seq = 4 WHERE stream = 'tally/a'");
        var report = await Verify();
        // Rolled back together with its checkpoint it is seen only by whoever noted the third.
        Assert.Null(report.Broken);
        Assert.Equal(2, report.Last!.Number);
    }

    [Fact]
    public async Task A_lane_that_lost_its_last_rows_has_no_hole_and_the_checkpoint_tells()
    {
        await Tally("a", 1);
        using var other = new SqlJournal(Dialect, TimeProvider.System, NullLogger<SqlJournal>.Instance);
        await other.Append(new Append("other/x", 1, default, Instant.FromUtc(2027, 5, 1, 12, 0), new JournalEvent("Noted", 1, "a", "test", "1"u8.ToArray()), null), Cancellation);
        await Audit.Tick();
        Assert.Equal((2, 1, 0), Counted(await Verify()));
        Execute("DELETE FROM journal WHERE stream = 'other/x'");
        Assert.Contains("lane 2 place 1: rows are missing: a checkpoint covers this lane up to 1", (await Verify()).Broken!.ToString(), StringComparison.Ordinal);
        Assert.Contains("it was taken of 2 rows in 2 streams, and 1 in 1 are there", (await Verify(AuditChecks.Roots)).Broken!.ToString(), StringComparison.Ordinal);
        Assert.Null((await Verify(AuditChecks.Facts)).Broken);
    }

    [Fact]
    public async Task Another_secret_is_told_apart_from_an_altered_store()
    {
        await WriteHistory();
        var broken = (await Verify(key: OtherKey)).Broken!;
        Assert.Equal("audit row 1", broken.Where);
        Assert.Contains($"it was sealed with another secret ({Key.Id}) than the one that is given here ({OtherKey.Id})", broken.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_demo_synthetic_pharmacies_are_skipped_and_counted()
    {
        await WriteHistory();
        var report = await Verify(demo: new DemoWorld(null));
        Assert.Null(report.Broken);
        Assert.Equal((2, 1), (report.Recomputed, report.Skipped));
    }

    /// <summary>Two imported pharmacies, a synthetic one and two tallies, under three checkpoints, and one row after the last.</summary>
    private async Task WriteHistory()
    {
        await Tally("a", 1, 2, 3);
        await Grains.GetGrain<IPharmacyGrain>("750020927").Import(Record("750020927"), "operator", ImportSource.SanteFr);
        await Hours("750020927", 1);
        await Grains.GetGrain<IPharmacyGrain>("750032955").Import(Record("750032955"), "operator", ImportSource.SanteFr);
        await Hours("990000010", 0);
        await Checkpoint();
        await Tally("a", 4);
        await Hours("750020927", 2);
        await Checkpoint();
        await Tally("solo", 1);
        await Checkpoint();
        await Tally("a", 5);

        async Task Checkpoint()
        {
            await Audit.Tick();
            _time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    private async Task Hours(string id, long seq) =>
        Assert.Null((await Grains.GetGrain<IPharmacyGrain>(id).SetHours($"Mo-Fr 0{seq}:30-12:00", seq, "staff")).Refusal);

    private static PharmacyRecord Record(string id) => new()
    {
        Id = PharmacyId.Parse(id),
        Name = "Pharmacie du test",
        Latitude = 48.85,
        Longitude = 2.35,
        Address = new Address("1 rue du Test", "75012", "Paris"),
        Hours = "Mo-Sa 08:30-19:30",
    };

    private IEnumerable<(string What, Action Alter, string[] Expected)> Alterations()
    {
        foreach (var (column, value) in new[]
        {
            ("at", "at + 1"), ("kind", "kind || 'x'"), ("version", "version + 1"), ("actor", "actor || 'x'"), ("reason", "reason || 'x'"),
            ("n", "n + 100000"), ("lane", "lane + 7"), ("seq", "900"), ("stream", "stream || 'x'"),
        })
            yield return ($"the {column} of a row", () => Execute($"UPDATE journal SET {column} = {value} WHERE stream = '{A}' AND seq = 2"), [$"{A} row 2"]);
        foreach (var column in new[] { "payload", "hash" })
            foreach (var stream in new[] { A, "audit", "tally/a" })
                yield return ($"one byte of the {column} of {stream} row 2", () => Flip(stream, 2, column), [$"{stream} row 2"]);
        yield return ("an instant that no calendar has", () => Execute($"UPDATE journal SET at = 9223372036854775807 WHERE stream = '{A}' AND seq = 2"), [$"after {A} row 1", "no row of the journal can"]);
        yield return ("the newest row of all", () => Flip("tally/a", 5, "payload"), ["tally/a row 5"]);

        yield return ("the first row removed", () => Remove(A, 1), [$"{A} row 1", "missing"]);
        yield return ("a row in the middle removed", () => Remove(A, 2), [$"{A} row 2", "missing"]);
        yield return ("the last row removed", () => Remove(A, 3), [A, "are of row 3, and its last row is 2"]);
        yield return ("the last row and its facts removed", () => RemoveWithFacts("tally/a", 4), ["tally/a row 4", "missing"]);
        yield return ("a whole stream removed", () => Execute($"DELETE FROM journal WHERE stream = '{B}'"), [B, "and no row"]);
        yield return ("a whole stream with its facts removed", () => RemoveStream(B), ["lane 1 place 6", $"after {A} row 2", $"before {Synthetic} row 1"]);
        yield return ("the last stream of all removed with its facts", () => RemoveStream("tally/solo"), ["lane 1 place 12", "before audit row 3"]);
        yield return ("two rows swapped", () => Swap(A, 2, 3), [$"{A} row 2"]);
        yield return ("two rows of two streams swapped", () => SwapPayloads(A, B), [$"{A} row 1"]);

        yield return ("a row put behind a stream", () => Execute($"INSERT INTO journal SELECT stream, 4, lane, 900, at, kind, version, actor, reason, payload, hash FROM journal WHERE stream = '{A}' AND seq = 3"), [$"{A} row 4"]);
        yield return ("a row that fits, in a lane that nobody opened", () => Insert("tally/zz", lane: 77, n: 1), ["lane 77 place 1", "no writer"]);
        yield return ("a row that fits, far out in its lane", () => Insert("tally/zz", lane: 1, n: 900), ["lane 1 place 15", "missing"]);
        yield return ("a chain made anew after an alteration", () => MakeAnew("tally/a", 2), ["checkpoint 1", "root"]);
        yield return ("a chain made anew after a later alteration", () => MakeAnew("tally/a", 4), ["checkpoint 2", "root"]);

        yield return ("the first checkpoint removed", () => Remove("audit", 1), ["audit row 1", "missing"]);
        yield return ("a checkpoint in the middle removed", () => Remove("audit", 2), ["audit row 2", "missing"]);
        yield return ("the last checkpoint removed", () => Remove("audit", 3), ["lane 1 place 13", "after tally/solo row 1", "before tally/a row 5"]);
        yield return ("all checkpoints removed", () => Execute("DELETE FROM journal WHERE stream = 'audit'"), ["lane 1 place 8"]);
        yield return ("a checkpoint altered and hashed anew", () => Forge(3, c => c with { Rows = 7 }), ["audit row 3", "its seal does not fit"]);
        yield return ("a checkpoint of another moment", () => Forge(3, c => c with { At = c.At + Duration.FromTicks(1) }), ["audit row 3"]);
        yield return ("a checkpoint sealed with another key", () => Forge(3, c => OtherKey.Seal(c with { Rows = 7 })), ["audit row 3", "another secret", "forged"]);
        yield return ("a checkpoint sealed with another key under this one's name", () => Forge(3, c => OtherKey.Seal(c with { Rows = 7 }) with { Key = Key.Id }), ["audit row 3", "its seal does not fit"]);
        yield return ("a checkpoint without a seal", () => Forge(3, c => c with { Seal = "" }), ["audit row 3", "its seal does not fit"]);
        yield return ("the actor of the last checkpoint, hashed anew", () => Forge(3, c => c, actor: "x"), ["audit row 3", "no checkpoint as this program writes them"]);

        yield return ("public facts altered", () => FlipFacts(A), [$"{A} row 3", "not those of its rows"]);
        yield return ("public facts of a synthetic pharmacy altered", () => FlipFacts(Synthetic), [$"{Synthetic} row 1", "not those of its rows"]);
        yield return ("public facts removed", () => Execute($"DELETE FROM public_state WHERE stream = '{A}'"), [$"{A} row 3", "are missing"]);
        yield return ("public facts of an earlier row", () => Execute($"UPDATE public_state SET seq = 2 WHERE stream = '{A}'"), [$"{A} row 3", "of row 2 instead"]);
        yield return ("public facts ahead of their stream", () => Execute("UPDATE public_state SET seq = 9 WHERE stream = 'tally/a'"), ["tally/a", "are of row 9, and its last row is 5"]);
        yield return ("public facts of nobody", () => Execute("INSERT INTO public_state (stream, seq, payload) SELECT 'pharmacy/a', seq, payload FROM public_state WHERE stream = 'tally/a'"), ["pharmacy/a", "and no row"]);
        yield return ("public facts of nobody, behind all streams", () => Execute("INSERT INTO public_state (stream, seq, payload) SELECT 'zz', seq, payload FROM public_state WHERE stream = 'tally/a'"), ["zz", "and no row"]);
    }

    private void Keep()
    {
        foreach (var table in Tables)
            Execute($"CREATE TABLE kept_{table} AS SELECT * FROM {table}");
    }

    private void Restore()
    {
        foreach (var table in Tables)
            Execute($"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept_{table}");
    }

    private void Remove(string stream, long seq) => Execute($"DELETE FROM journal WHERE stream = '{stream}' AND seq = {seq}");

    private void RemoveWithFacts(string stream, long seq)
    {
        Remove(stream, seq);
        Execute($"UPDATE public_state SET seq = {seq - 1} WHERE stream = '{stream}'");
    }

    private void RemoveStream(string stream) => Execute($"DELETE FROM journal WHERE stream = '{stream}'; DELETE FROM public_state WHERE stream = '{stream}'");

    private void Swap(string stream, long one, long other)
    {
        foreach (var (from, to) in new[] { (one, -1), (other, one), (-1, other) })
            Execute($"UPDATE journal SET seq = {to} WHERE stream = '{stream}' AND seq = {from}");
    }

    private void SwapPayloads(string one, string other)
    {
        var (a, b) = (RowOf(one, 1), RowOf(other, 1));
        Put(a with { Event = b.Event });
        Put(b with { Event = a.Event });
    }

    private void Flip(string stream, long seq, string column)
    {
        var bytes = Query<byte[]>($"SELECT {column} FROM journal WHERE stream = '{stream}' AND seq = {seq}");
        bytes[^1] ^= 1;
        Execute($"UPDATE journal SET {column} = @bytes WHERE stream = '{stream}' AND seq = {seq}", ("@bytes", bytes));
    }

    private void FlipFacts(string stream)
    {
        var bytes = Query<byte[]>($"SELECT payload FROM public_state WHERE stream = '{stream}'");
        bytes[^3] ^= 1;
        Execute($"UPDATE public_state SET payload = @bytes WHERE stream = '{stream}'", ("@bytes", bytes));
    }

    /// <summary>Alters a row and makes every hash after it fit, as somebody who knows how could.</summary>
    private void MakeAnew(string stream, long seq)
    {
        var rows = Chain(stream);
        ReadOnlyMemory<byte> previous = default;
        foreach (var row in rows)
        {
            var altered = row.Seq == seq ? row with { Event = row.Event with { Actor = "nobody" } } : row;
            var whole = altered with { Hash = JournalHash.Of(previous.Span, altered) };
            Put(whole);
            previous = whole.Hash;
        }
        Assert.Null(JournalHash.FirstBroken(Chain(stream)));
    }

    private void Forge(long number, Func<AuditCheckpoint, AuditCheckpoint> alter, string? actor = null)
    {
        var row = RowOf("audit", number);
        var forged = row with { Event = row.Event with { Payload = alter(AuditCheckpoint.Read(row.Event.Payload.Span)).Write(), Actor = actor ?? row.Event.Actor } };
        Put(forged with { Hash = JournalHash.Of(number == 1 ? default : RowOf("audit", number - 1).Hash.Span, forged) });
    }

    private void Insert(string stream, long lane, long n)
    {
        var row = RowOf("tally/solo", 1) with { Stream = stream, Lane = lane, N = n };
        Execute(
            "INSERT INTO journal (stream, seq, lane, n, at, kind, version, actor, reason, payload, hash) VALUES (@stream, 1, @lane, @n, @at, @kind, 1, @actor, @reason, @payload, @hash)",
            ("@stream", stream), ("@lane", lane), ("@n", n), ("@at", row.At.ToUnixTimeTicks()), ("@kind", row.Event.Kind), ("@actor", row.Event.Actor), ("@reason", row.Event.Reason), ("@payload", row.Event.Payload.ToArray()), ("@hash", JournalHash.Of(default, row)));
    }

    private void Put(JournalRow row) => Execute(
        "UPDATE journal SET kind = @kind, actor = @actor, payload = @payload, hash = @hash WHERE stream = @stream AND seq = @seq",
        ("@kind", row.Event.Kind), ("@actor", row.Event.Actor), ("@payload", row.Event.Payload.ToArray()), ("@hash", row.Hash.ToArray()), ("@stream", row.Stream), ("@seq", row.Seq));

    private JournalRow RowOf(string stream, long seq) => Chain(stream).Single(row => row.Seq == seq);

    private List<JournalRow> Chain(string stream)
    {
        using var connection = Dialect.OpenWriter();
        using var command = connection.Command(Dialect.ReadStream, ("@stream", stream), ("@after", 0L));
        using var reader = command.ExecuteReader();
        List<JournalRow> rows = [];
        while (reader.Read())
            rows.Add(JournalRows.Read(reader));
        return rows;
    }
}
