using NodaTime;
using Realtime.Journal;
using Realtime.Pharmacies;

namespace Realtime.Tests.Journal;

/// <summary>Many changes of hours of synthetic pharmacies, appended in the very form their grains give them, without waiting for each grain.</summary>
internal sealed class PharmacyHistory
{
    private readonly IJournal _journal;
    private readonly (Pharmacy Facts, ReadOnlyMemory<byte> Hash)[] _pharmacies;

    public PharmacyHistory(IJournal journal, DemoWorld demo, int streams)
    {
        _journal = journal;
        _pharmacies = [.. demo.Pharmacies.Take(streams).Select(facts => (facts, default(ReadOnlyMemory<byte>)))];
    }

    public int Rows { get; private set; }

    public Instant Now => Instant.FromUtc(2027, 5, 1, 12, 0) + Duration.FromMilliseconds(Rows);

    /// <summary>Writes rows, as many to each pharmacy.</summary>
    public async Task Write(int rows)
    {
        var now = Now;
        await Parallel.ForEachAsync(Enumerable.Range(0, _pharmacies.Length), new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (i, _) =>
        {
            for (var row = i; row < rows; row += _pharmacies.Length)
            {
                var (facts, hash) = _pharmacies[i];
                var change = new HoursSet($"Mo-Fr 08:{row % 60:D2}-19:00");
                var (kind, version, payload) = PharmacyJson.Write(change);
                var next = PharmacyPage.Evolve(facts, change, now, facts.Seq + 1);
                var written = await _journal.Append(new Append(PharmacyStreams.Of(facts.Record.Id), next.Seq, hash, now, new JournalEvent(kind, version, "a", "test", payload), PharmacyJson.WriteFacts(next)), CancellationToken.None);
                _pharmacies[i] = (next, written.Hash);
            }
        });
        Rows += rows;
    }
}
