using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace Realtime.Identity;

/// <summary>
/// What two members of an installation do on every connection of Orleans before anything else: each shows the other that it has the installation's secret, without
/// telling it. Orleans asks nobody who reaches its ports who he is, and grains believe the actor they are given.
/// <para>The one that connects sends a nonce; the other answers with one of its own and the HMAC of both, and is answered by the HMAC of both under the other word:
/// nothing that was said on another connection, or by the other side of this one, is an answer. What follows is neither sealed nor signed: whoever can alter packets on
/// the way between members needs no port of theirs.</para>
/// </summary>
internal sealed partial class ClusterHandshake(Secret secret, ILogger<ClusterHandshake> log)
{
    /// <summary>How long a stranger may keep a connection without having shown anything.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int NonceSize = 32;
    private const int ProofSize = HMACSHA256.HashSizeInBytes;
    private readonly byte[] _key = secret.Derive("cluster handshake");

    /// <summary>The side that connects.</summary>
    /// <exception cref="ConnectionAbortedException">The other does not have the secret, or does not answer.</exception>
    public ConnectionDelegate Connect(ConnectionDelegate next) => Guard(next, async (transport, cancellation) =>
    {
        var own = RandomNumberGenerator.GetBytes(NonceSize);
        await transport.Output.WriteAsync(own, cancellation);
        var answer = await Read(transport.Input, NonceSize + ProofSize, cancellation);
        var nonces = (byte[])[.. own, .. answer.AsSpan(0, NonceSize)];
        if (!CryptographicOperations.FixedTimeEquals(Proof("accepts", nonces), answer.AsSpan(NonceSize)))
            return false;
        await transport.Output.WriteAsync(Proof("connects", nonces), cancellation);
        return true;
    });

    /// <summary>The side that is connected to.</summary>
    /// <exception cref="ConnectionAbortedException">The other does not have the secret, or does not answer.</exception>
    public ConnectionDelegate Accept(ConnectionDelegate next) => Guard(next, async (transport, cancellation) =>
    {
        var other = await Read(transport.Input, NonceSize, cancellation);
        var own = RandomNumberGenerator.GetBytes(NonceSize);
        var nonces = (byte[])[.. other, .. own];
        await transport.Output.WriteAsync((byte[])[.. own, .. Proof("accepts", nonces)], cancellation);
        var answer = await Read(transport.Input, ProofSize, cancellation);
        return CryptographicOperations.FixedTimeEquals(Proof("connects", nonces), answer);
    });

    private ConnectionDelegate Guard(ConnectionDelegate next, Func<IDuplexPipe, CancellationToken, Task<bool>> shows) => async connection =>
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        patience.CancelAfter(Patience);
        var shown = false;
        try
        {
            shown = await shows(connection.Transport, patience.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException)
        {
            // Gone, silent or out of its mind: all the same to who waits for a proof.
        }
        if (!shown)
        {
            LogStranger(connection.RemoteEndPoint);
            var refusal = new ConnectionAbortedException("The other side did not show that it has the installation's secret.");
            connection.Abort(refusal);
            throw refusal;
        }
        await next(connection);
    };

    private byte[] Proof(string side, byte[] nonces) => HMACSHA256.HashData(_key, (byte[])[.. Encoding.ASCII.GetBytes(side), .. nonces]);

    // Takes exactly so many bytes: what comes after them is Orleans'.
    private static async Task<byte[]> Read(PipeReader input, int size, CancellationToken cancellation)
    {
        var read = await input.ReadAtLeastAsync(size, cancellation);
        if (read.Buffer.Length < size)
            throw new EndOfStreamException();
        var bytes = read.Buffer.Slice(0, size).ToArray();
        input.AdvanceTo(read.Buffer.GetPosition(size));
        return bytes;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A connection with {Remote} ended: the other side did not show that it has this installation's secret (Realtime__Secret).")]
    private partial void LogStranger(System.Net.EndPoint? remote);
}

/// <summary>Where the handshake stands.</summary>
internal static class ClusterHandshakes
{
    /// <summary>On every connection of a silo, with other silos and with clients.</summary>
    public static IServiceCollection AddSiloHandshake(this IServiceCollection services)
    {
        services.AddSingleton<ClusterHandshake>();
        services.AddOptions<SiloConnectionOptions>().Configure<ClusterHandshake>((connections, handshake) =>
        {
            connections.ConfigureSiloOutboundConnection(connection => connection.Use(handshake.Connect));
            connections.ConfigureSiloInboundConnection(connection => connection.Use(handshake.Accept));
            connections.ConfigureGatewayInboundConnection(connection => connection.Use(handshake.Accept));
        });
        return services;
    }

    /// <summary>On every connection of a client.</summary>
    public static IServiceCollection AddClientHandshake(this IServiceCollection services)
    {
        services.AddSingleton<ClusterHandshake>();
        services.AddOptions<ClientConnectionOptions>().Configure<ClusterHandshake>((connections, handshake) =>
            connections.ConfigureConnection(connection => connection.Use(handshake.Connect)));
        return services;
    }
}
