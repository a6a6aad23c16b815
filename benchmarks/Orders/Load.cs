using System.Diagnostics;

namespace Realtime.Benchmarks.Orders;

/// <summary>A closed loop: so many callers, each of whom calls again as soon as he is answered.</summary>
internal static class Load
{
    /// <summary>Answers a second; every call that was begun is answered before it returns.</summary>
    /// <param name="callers">In flight.</param>
    /// <param name="duration">After it nobody calls again.</param>
    /// <param name="call">One call of a caller, told by number.</param>
    public static async Task<double> Run(int callers, TimeSpan duration, Func<int, Task> call)
    {
        var watch = Stopwatch.StartNew();
        var answers = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var count = 0;
            for (; watch.Elapsed < duration; count++)
                await call(caller);
            return count;
        })));
        return answers.Sum() / watch.Elapsed.TotalSeconds;
    }
}

/// <summary>Asks a grain as the web node does: again where no answer came in time, by the same key, under which a command is carried out once.</summary>
internal static class Patiently
{
    private const int Attempts = 20;
    private static int _again;

    /// <summary>How often anything had to be asked again.</summary>
    public static int Again => _again;

    /// <summary>The answer.</summary>
    public static async Task<T> Ask<T>(Func<Task<T>> ask)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                return await ask();
            }
            catch (TimeoutException) when (attempt < Attempts)
            {
                Interlocked.Increment(ref _again);
            }
    }
}
