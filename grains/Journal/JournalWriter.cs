using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using NodaTime.Extensions;

namespace Realtime.Journal;

/// <summary>
/// The one thread that writes: it takes whatever waits, writes it in one transaction, and answers after the commit.
/// Its lane has one transaction in flight at a time, so <c>n</c> is commit order; a lane whose last commit is in doubt is left for good.
/// </summary>
internal sealed class JournalWriter : IDisposable
{
    /// <summary>Rows in one transaction at most, so that the first of them does not wait long for the last.</summary>
    private const int MaxBatch = 1024;

    private readonly JournalDialect _dialect;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Action _committed;
    private readonly BlockingCollection<Waiting> _queue;
    private readonly Thread _thread;
    private OpenLane? _lane;
    private long? _left; // the lane that was left after its last failure, until the next one is open
    private int _disposed;

    public JournalWriter(JournalDialect dialect, TimeProvider clock, ILogger log, int queueCapacity, Action committed)
    {
        (_dialect, _clock, _log, _committed) = (dialect, clock, log, committed);
        _queue = new BlockingCollection<Waiting>(queueCapacity);
        _thread = new Thread(Run) { IsBackground = true, Name = "journal writer" };
        _thread.Start();
    }

    public Task<JournalRow> Enqueue(Append append)
    {
        var waiting = new Waiting(append);
        ObjectDisposedException.ThrowIf(_disposed == 1, this);
        return _queue.TryAdd(waiting) ? waiting.Answer.Task : throw new JournalFullException(_queue.BoundedCapacity);
    }

    /// <summary>Writes what already waits, then stops.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        _queue.CompleteAdding();
        _thread.Join();
        _queue.Dispose();
    }

    private void Run()
    {
        var batch = new List<Waiting>(MaxBatch);
        foreach (var first in _queue.GetConsumingEnumerable())
        {
            batch.Add(first);
            while (batch.Count < MaxBatch && _queue.TryTake(out var next))
                batch.Add(next);
            Settle(batch);
            batch.Clear();
        }
        Close();
    }

    private void Settle(List<Waiting> batch)
    {
        try
        {
            Write(batch);
        }
        catch (Exception failure)
        {
            // Whatever went wrong, the rows may or may not be there: nobody is told more than that, and the lane is not used again.
            _log.LogError(failure, "A batch of {Rows} rows failed; a new lane will be opened.", batch.Count);
            Leave();
            foreach (var waiting in batch)
                waiting.Answer.SetException(new OutcomeUnknownException(waiting.Append.Stream, waiting.Append.Seq));
            return;
        }
        if (batch.Exists(waiting => waiting.Written is not null))
            Announce();
        foreach (var waiting in batch)
            waiting.Settle();
    }

    private void Write(List<Waiting> batch)
    {
        _dialect.EnterWriter();
        try
        {
            _lane ??= OpenLane.Open(_dialect, _clock.GetCurrentInstant(), _left);
            _lane.Write(batch);
        }
        finally
        {
            _dialect.LeaveWriter();
        }
    }

    /// <summary>A lane with a commit in doubt: where it ends can only be found out once its connection is gone.</summary>
    private void Leave()
    {
        if (_lane is not { } lane)
            return;
        (_lane, _left) = (null, lane.Lane);
        try
        {
            lane.Dispose();
        }
        catch (Exception failure)
        {
            // The connection was the trouble already; whatever it says in parting changes nothing.
            _log.LogWarning(failure, "Lane {Lane} was left with an error.", lane.Lane);
        }
    }

    private void Close()
    {
        if (_lane is not { } lane)
            return;
        _dialect.EnterWriter();
        try
        {
            using (lane)
                lane.Close();
        }
        catch (Exception failure)
        {
            // Every row is durable and answered. A lane that is not marked as over only costs readers a look at it, until the next writer marks it.
            _log.LogWarning(failure, "Lane {Lane} could not be marked as over.", lane.Lane);
        }
        finally
        {
            _dialect.LeaveWriter();
        }
    }

    private void Announce()
    {
        try
        {
            _committed();
        }
        catch (Exception failure)
        {
            // The rows are durable and the signal is only a hint: a reader's mistake must not stop the writer.
            _log.LogError(failure, "A listener to commits failed.");
        }
    }

    /// <summary>A row on its way.</summary>
    internal sealed class Waiting(Append append)
    {
        public Append Append { get; } = append;

        /// <summary>Callers continue on their own threads, never on the writer.</summary>
        public TaskCompletionSource<JournalRow> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>The row as written; null while it is not, and for good where it was fenced.</summary>
        public JournalRow? Written { get; set; }

        public void Settle()
        {
            if (Written is { } row)
                Answer.SetResult(row);
            else
                Answer.SetException(new FencedException(Append.Stream, Append.Seq));
        }
    }
}
