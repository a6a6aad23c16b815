using Realtime.Journal;

namespace Realtime.Tests.Journal;

/// <summary>Real processes on a real store, killed with SIGKILL.</summary>
public abstract class KillSuite
{
    private const int Streams = 64;

    private readonly LaneCursors _cursors = [];
    private readonly List<JournalRow> _followed = [];

    /// <summary>What the writer is told to write to: a directory, or a connection string.</summary>
    protected abstract string Store { get; }

    /// <summary>How many processes write the same streams at once.</summary>
    protected abstract int Writers { get; }

    /// <summary>The store, opened after its writers died, or beside them where it can be.</summary>
    protected abstract Task<T> Opened<T>(Func<IJournal, Task<T>> read);

    [Fact]
    public async Task What_was_acknowledged_survives_every_kill_and_nothing_else_appears()
    {
        var random = new Random(Campaign.Seed);
        HashSet<Acknowledgement> told = [];
        var (acknowledged, inFlight, kills) = (0, 0, Campaign.Long ? 200 : 20);
        for (var kill = 0; kill < kills; kill += Writers)
        {
            var answers = (await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => LiveAndDie(random.Next(5) == 0, random.Next(300))))).SelectMany(told => told).ToList();
            acknowledged += answers.Count;
            told.UnionWith(answers);
            var rows = await Opened(JournalCheck.Everything);
            Assert.Equal(answers.Count, answers.Distinct().Count());
            Assert.True(JournalCheck.Faults(rows, told, Writers) is [], $"kill {kill}, seed {Campaign.Seed}: {string.Join("; ", JournalCheck.Faults(rows, told, Writers))}");
            // What was in flight and got through is known from now on, and must stay like the rest.
            inFlight += rows.Count - told.Count;
            told.UnionWith(rows.Select(Acknowledgement.Of));
            await Opened(Follow);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills, {acknowledged} acknowledged, {inFlight} in flight and written, 0 lost, 0 duplicated");
        Assert.True(acknowledged > kills, "Hardly anything was written between the kills.");
        // A reader that was there all the time has seen every row once.
        Assert.Equal(_followed.Count, _followed.Select(Acknowledgement.Of).Distinct().Count());
        Assert.Equal(told, _followed.Select(Acknowledgement.Of).ToHashSet());
        Assert.InRange(await Opened(journal => LivingLanes(journal)), 0, Writers);
    }

    internal WriterProcess Writer() => new(Store, Streams);

    /// <summary>Reads on from where this reader was; the number of rows it has seen.</summary>
    protected async Task<int> Follow(IJournal journal)
    {
        while (await journal.Tail(_cursors, 500, TestContext.Current.CancellationToken) is { Count: > 0 } rows)
            _followed.AddRange(rows);
        return _followed.Count;
    }

    /// <summary>Lanes that a new reader would go on looking at: those of the last who died, since nobody has opened one after them.</summary>
    private static async Task<int> LivingLanes(IJournal journal) => (await journal.Ends(TestContext.Current.CancellationToken)).Unfinished.Count;

    /// <summary>Most writers die in full work; every fifth while it starts, perhaps before its first row.</summary>
    private async Task<IReadOnlyList<Acknowledgement>> LiveAndDie(bool starting, int milliseconds)
    {
        using var writer = Writer();
        if (!starting)
            await writer.FirstAnswer.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await Task.Delay(milliseconds, TestContext.Current.CancellationToken);
        return await writer.Kill();
    }
}
