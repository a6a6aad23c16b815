using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Realtime.Journal;

namespace Realtime.Tests.Journal;

/// <content>Who follows facts and rows (<see cref="FactsFollower"/>) is given every one, whatever fails meanwhile.</content>
public abstract partial class JournalSuite
{
    [Fact]
    public async Task A_row_that_is_written_while_the_first_look_fails_is_not_stepped_over()
    {
        using var journal = Open();
        await Fill(journal, "facts/a", 1);
        var breaking = FirstLookFails.Around(journal, () => Fill(journal, "facts/b", 1));
        using var follower = new Noting(breaking);
        await follower.StartAsync(Cancellation);

        await follower.Seen.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        await follower.StopAsync(Cancellation);
    }

    private sealed class Noting(IJournal journal) : FactsFollower("Notes", "facts/", TimeSpan.FromMilliseconds(20), journal, new Clock(TimeProvider.System), NullLogger.Instance)
    {
        public TaskCompletionSource Seen { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override IReadOnlyList<string> Kinds { get; } = ["Noted"];

        protected override void Take(PublicState state)
        {
        }

        protected override void Take(IReadOnlyList<JournalRow> rows)
        {
            if (rows.Any(row => row.Stream == "facts/b"))
                Seen.TrySetResult();
        }
    }

    /// <summary>A journal whose tail fails the first time, after something was written.</summary>
    public class FirstLookFails : DispatchProxy
    {
        private IJournal _inner = null!;
        private Func<Task>? _meanwhile;

        public static IJournal Around(IJournal inner, Func<Task> meanwhile)
        {
            var proxy = Create<IJournal, FirstLookFails>();
            ((FirstLookFails)proxy)._inner = inner;
            ((FirstLookFails)proxy)._meanwhile = meanwhile;
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name == nameof(IJournal.TailOf) && Interlocked.Exchange(ref _meanwhile, null) is { } meanwhile ? Fails(meanwhile) : targetMethod.Invoke(_inner, args);

        private static async Task<IReadOnlyList<JournalRow>> Fails(Func<Task> meanwhile)
        {
            await meanwhile();
            throw new JournalUnavailableException("facts/", "it was cut off");
        }
    }
}
