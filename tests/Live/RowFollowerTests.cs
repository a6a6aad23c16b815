using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Realtime.Journal;
using Realtime.Web.Live;

namespace Realtime.Tests.Live;

public sealed class RowFollowerTests
{
    [Fact]
    public async Task A_follower_gets_the_rows_of_its_streams_alone_and_those_it_failed_on_again()
    {
        var follower = new Recorder();
        await using var host = await RealtimeHost.Start(demo: false, services: services => services.AddSingleton<IRowFollower>(follower));
        Assert.Equal(["begin"], follower.Heard);
        var journal = host.Services.GetRequiredService<IJournal>();
        follower.Fails = true;

        await Append(journal, "other/1", 1);
        await Append(journal, "watched/1", 1);
        await Append(journal, "watchedtoo/1", 1);
        await Append(journal, "watched/2", 1);
        await Until(() => follower.Failures > 0);
        follower.Fails = false;

        await Until(() => follower.Heard.Contains("watched/2 1"));
        Assert.Equal(["begin", "watched/1 1", "watched/2 1"], follower.Heard.Distinct());
    }

    private static Task<JournalRow> Append(IJournal journal, string stream, long seq) =>
        journal.Append(new Append(stream, seq, default, Instant.FromUtc(2027, 1, 1, 0, 0), new JournalEvent("happened", 1, "test", "test", "{}"u8.ToArray()), null));

    private static async Task Until(Func<bool> happened)
    {
        for (var i = 0; i < 250; i++, await Task.Delay(20))
            if (happened())
                return;
        Assert.Fail("It did not happen within five seconds.");
    }

    private sealed class Recorder : IRowFollower
    {
        public ConcurrentQueue<string> Heard { get; } = new();

        public bool Fails { get; set; }

        public int Failures { get; private set; }

        public string Prefix => "watched/";

        public ValueTask Begin(IJournal journal, CancellationToken stopping)
        {
            Heard.Enqueue("begin");
            return default;
        }

        public ValueTask Take(IReadOnlyList<JournalRow> rows, IJournal journal, CancellationToken stopping)
        {
            if (Fails)
            {
                Failures++;
                throw new InvalidOperationException("It is not ready.");
            }
            foreach (var row in rows)
                Heard.Enqueue($"{row.Stream} {row.Seq}");
            return default;
        }
    }
}
