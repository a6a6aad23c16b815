using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;

namespace Realtime.Web.Live;

/// <summary>
/// One connection's outgoing mail: a latest-value slot per object. A slow phone gets the newest state of each object when it is
/// ready for it, never a queue of old ones, and never slows anybody else; one that takes nothing for 30 seconds is cut.
/// </summary>
internal sealed partial class Outbox(HubConnectionContext connection, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, SerializedHubMessage> _slots = new(StringComparer.Ordinal);
    private bool _pumping;

    /// <summary>Puts a message in its object's slot; an older one that has not left yet is replaced.</summary>
    /// <param name="slot">The object: a pharmacy's id or a subscription.</param>
    /// <param name="message">Serialized once per protocol, shared by all connections it goes to.</param>
    public void Post(string slot, SerializedHubMessage message)
    {
        lock (_gate)
        {
            _slots[slot] = message;
            if (_pumping)
                return;
            _pumping = true;
        }
        _ = Task.Run(Pump);
    }

    private async Task Pump()
    {
        try
        {
            while (Take() is { } messages)
                foreach (var message in messages)
                    await connection.WriteAsync(message, connection.ConnectionAborted).AsTask().WaitAsync(Patience, time, connection.ConnectionAborted);
        }
        catch (TimeoutException)
        {
            LogCut(connection.ConnectionId);
            connection.Abort();
        }
        catch (OperationCanceledException)
        {
            // The connection is gone, and its mail with it: the client watches again when it returns.
        }
        catch (Exception e)
        {
            // A connection that cannot be written to is of no use to anybody: its client watches again on a new one.
            LogBroken(e, connection.ConnectionId);
            connection.Abort();
        }
    }

    private SerializedHubMessage[]? Take()
    {
        lock (_gate)
        {
            if (_slots.Count == 0)
            {
                _pumping = false;
                return null;
            }
            SerializedHubMessage[] messages = [.. _slots.Values];
            _slots.Clear();
            return messages;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Connection {Connection} broke while it was written to.")]
    private partial void LogBroken(Exception e, string connection);

    [LoggerMessage(Level = LogLevel.Information, Message = "Connection {Connection} took nothing for 30 seconds and was cut.")]
    private partial void LogCut(string connection);
}

/// <summary>SignalR's own lifetime manager, which also gives each connection its outbox.</summary>
internal sealed class LiveLifetimeManager<THub>(ILogger<DefaultHubLifetimeManager<THub>> log, ILogger<Outbox> outboxLog, Clock clock) : DefaultHubLifetimeManager<THub>(log)
    where THub : Hub
{
    private readonly ConcurrentDictionary<string, Outbox> _outboxes = new(StringComparer.Ordinal);

    /// <summary>The outbox of a live connection; null once it is gone.</summary>
    public Outbox? Of(string connectionId) => _outboxes.GetValueOrDefault(connectionId);

    public override async Task OnConnectedAsync(HubConnectionContext connection)
    {
        _outboxes[connection.ConnectionId] = new Outbox(connection, clock.Time, outboxLog);
        await base.OnConnectedAsync(connection);
    }

    public override async Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        _outboxes.TryRemove(connection.ConnectionId, out _);
        await base.OnDisconnectedAsync(connection);
    }
}
