namespace Realtime.Web.Stock;

/// <summary>
/// Makes levels unknown at the very second from which on they are too old to be believed. It runs apart from the ticker: where a vendor's feeds stop, thousands of pharmacies fall
/// silent in the same minute, and no flip of opening hours waits for them.
/// </summary>
internal sealed class ShelfLife(Shelves shelves, Clock clock) : BackgroundService
{
    // However the system's clock is set meanwhile, levels are believed at most this much too long.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _sooner = new(0, 1);

    public override void Dispose()
    {
        base.Dispose();
        _sooner.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        shelves.Sooner += Wake;
        try
        {
            while (true)
            {
                // Rounded up to the timer's millisecond, so that levels are never dropped a hair too early.
                var wait = TimeSpan.FromMilliseconds(Math.Ceiling(Math.Min((shelves.Age(clock.Now) - clock.Now).TotalMilliseconds, LongestWait.TotalMilliseconds)));
                if (wait > TimeSpan.Zero)
                    await _sooner.WaitAsync(wait, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops: nobody is left to be told.
        }
        finally
        {
            shelves.Sooner -= Wake;
        }
    }

    private void Wake()
    {
        try
        {
            _sooner.Release();
        }
        catch (SemaphoreFullException)
        {
            // Another has already called; one call serves both.
        }
    }
}
