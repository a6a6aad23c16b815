using System.Net;
using System.Net.Sockets;

namespace Realtime.Webhooks;

/// <summary>What is wrong with an address that events are to be sent to.</summary>
internal enum AddressFault : byte
{
    /// <summary>It is no absolute address of at most <see cref="WebhookGuard.LongestUrl"/> characters.</summary>
    NoUrl,

    /// <summary>It is not https.</summary>
    NotHttps,

    /// <summary>It holds a name or password, or a fragment.</summary>
    Parts,

    /// <summary>Its port is none of 443, 8443 and those above 1024.</summary>
    Port,

    /// <summary>Its host is not on the public Internet.</summary>
    NotPublic,
}

/// <summary>
/// Keeps outgoing calls on the public Internet. An address is looked at when it is registered, and what counts is looked at again at each connection: the name is resolved here,
/// every address that it has is checked, and the connection is made to a checked address and to no other, so that a name that means something else a moment later gains nothing.
/// </summary>
/// <param name="allowsPrivate">Whether private addresses may be called, and loopback without TLS: in Development alone, where receivers are tried out.</param>
/// <param name="resolve">Asks for the addresses of a name.</param>
internal sealed class WebhookGuard(bool allowsPrivate, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    /// <summary>Characters that an address may have.</summary>
    public const int LongestUrl = 1_000;

    private const int Https = 443, OtherHttps = 8443, LastReserved = 1024;

    // Names that resolve on this machine or in its network, or nowhere.
    private static readonly string[] LocalNames = ["localhost", "local", "internal", "lan", "home.arpa", "test", "invalid", "example", "onion"];

    /// <summary>The guard of this process.</summary>
    public WebhookGuard(bool allowsPrivate) : this(allowsPrivate, Dns.GetHostAddressesAsync)
    {
    }

    /// <summary>The guard of a process with these settings: outside Development they open nothing.</summary>
    public static WebhookGuard Of(RealtimeOptions options, bool isDevelopment) => new(isDevelopment && options.WebhooksToPrivateAddresses);

    /// <summary>What is wrong with an address; null where it may be registered.</summary>
    public AddressFault? Refuse(string url)
    {
        if (url.Length > LongestUrl || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || url.Any(c => c is <= ' ' or '\\'))
            return AddressFault.NoUrl;
        var isLoopback = allowsPrivate && uri.IsLoopback;
        if (uri.Scheme != Uri.UriSchemeHttps && !(isLoopback && uri.Scheme == Uri.UriSchemeHttp))
            return AddressFault.NotHttps;
        if (HasUserInfo(url) || uri.Fragment.Length > 0)
            return AddressFault.Parts;
        if (!isLoopback && uri.Port is not (Https or OtherHttps or > LastReserved))
            return AddressFault.Port;
        return allowsPrivate || IsPublicHost(uri) ? null : AddressFault.NotPublic;
    }

    /// <summary>Connects to a checked address of the host; serves as a handler's <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="AddressRefusedException">One of its addresses is not public.</exception>
    /// <exception cref="SocketException">The name has no address, or none of them answers.</exception>
    public async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = await Addresses(host, cancellation);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The addresses of a host, each of which was checked.</summary>
    /// <exception cref="AddressRefusedException">One of them is not public: a name that has one is refused as a whole.</exception>
    internal async Task<IPAddress[]> Addresses(string host, CancellationToken cancellation)
    {
        var addresses = IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? [literal] : await resolve(host, cancellation);
        if (addresses.Length == 0)
            throw new SocketException((int)SocketError.HostNotFound);
        return allowsPrivate || Array.TrueForAll(addresses, PublicAddresses.Has) ? addresses : throw new AddressRefusedException();
    }

    // Even an empty one: what stands before @ is read differently by different programs.
    private static bool HasUserInfo(string url)
    {
        var rest = url.AsSpan(url.IndexOf("//", StringComparison.Ordinal) + 2);
        var end = rest.IndexOfAny("/?#");
        return (end < 0 ? rest : rest[..end]).Contains('@');
    }

    private static bool IsPublicHost(Uri uri)
    {
        if (uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6)
            return IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && PublicAddresses.Has(address);
        var name = uri.Host.TrimEnd('.');
        return Uri.CheckHostName(name) == UriHostNameType.Dns && name.Contains('.', StringComparison.Ordinal)
            && !Array.Exists(LocalNames, local => name.EndsWith($".{local}", StringComparison.OrdinalIgnoreCase));
    }
}

/// <summary>The host of a webhook has an address that is not on the public Internet. It is not said which: whoever registered it is not to learn what is there.</summary>
internal sealed class AddressRefusedException() : IOException("The host has an address that is not on the public Internet.");
