using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Claims;

namespace Realtime.Web.Edge;

/// <summary>Who calls, as far as rates go: a client that has proved who it is, or else the network that the call comes from.</summary>
/// <param name="Network">The address; of IPv6 the first 64 bits, which is the least that anybody is given; zero where there is a client.</param>
/// <param name="Client">The subject, or the client where there is no subject; null for anybody.</param>
internal readonly record struct RateCaller(UInt128 Network, string? Client)
{
    /// <summary>Whoever calls: a client by whatever scheme it signed in, else a network.</summary>
    public static RateCaller Of(HttpContext context) =>
        context.User.Identity is { IsAuthenticated: true } && Named(context.User) is { } client ? new(UInt128.Zero, client) : OfNetwork(context);

    /// <summary>The network alone, whoever calls from it.</summary>
    public static RateCaller OfNetwork(HttpContext context) => new(NetworkOf(context.Connection.RemoteIpAddress), null);

    private static string? Named(ClaimsPrincipal user) =>
        (user.FindFirst("sub") ?? user.FindFirst(ClaimTypes.NameIdentifier))?.Value is { } subject ? $"sub {subject}"
        : user.FindFirst("client_id")?.Value is { } client ? $"client {client}"
        : null;

    private static UInt128 NetworkOf(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address is null || !address.TryWriteBytes(bytes, out var length))
            return UInt128.Zero;
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv4MappedToIPv6)
            return BinaryPrimitives.ReadUInt64BigEndian(bytes);
        // No network of IPv6 has all of its first 32 bits set, so the two kinds never meet.
        return 0xFFFF_FFFF_0000_0000UL | BinaryPrimitives.ReadUInt32BigEndian(bytes[(length - 4)..]);
    }
}
