using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.AspNetCore.SignalR;

namespace Realtime.Web.Edge;

/// <summary>How much one request or one message may be, and how long it may take to arrive.</summary>
internal static class Limits
{
    /// <summary>No patient's call sends more than this, in bytes.</summary>
    public const long LargestBody = 256 * 1024;

    /// <summary>Of a body that nobody has begun to read, so many bytes are kept in memory; the sender waits with the rest.</summary>
    public const long LargestUnread = 16 * 1024;

    /// <summary>Levels of objects and arrays in a JSON body; ours have three.</summary>
    public const int DeepestJson = 32;

    /// <summary>The longest message of a hub's client, in bytes.</summary>
    public const int LargestHubMessage = 4 * 1024;

    /// <summary>Of the connections and requests of HTTP. What is cut here, before there is a request, is answered by a bare status.</summary>
    public static void Apply(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = LargestBody;
        limits.MaxRequestBufferSize = LargestUnread;
        limits.MaxRequestLineSize = 8 * 1024;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(120);
        // A body that trickles for the length of the grace is cut: 408.
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
    }

    /// <summary>Of the sockets below it: what has arrived of a plain connection is kept by them, and Kestrel's own limit holds behind TLS alone.</summary>
    public static void Apply(SocketTransportOptions sockets) => sockets.MaxReadBufferSize = LargestUnread;

    /// <summary>Of a JSON body or message. A member that comes twice has two meanings, so it has none.</summary>
    public static void Apply(JsonSerializerOptions json)
    {
        json.MaxDepth = DeepestJson;
        json.AllowDuplicateProperties = false;
    }

    /// <summary>Of a hub's connections.</summary>
    public static void Apply(HubOptions hub)
    {
        hub.MaximumReceiveMessageSize = LargestHubMessage;
        hub.MaximumParallelInvocationsPerClient = 1;
        hub.HandshakeTimeout = TimeSpan.FromSeconds(5);
        // Clients say that they are there every 15 seconds; two of these may be lost.
        hub.KeepAliveInterval = TimeSpan.FromSeconds(15);
        hub.ClientTimeoutInterval = TimeSpan.FromSeconds(45);
    }
}
