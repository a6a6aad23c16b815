using System.Net;
using System.Net.Sockets;

namespace Realtime.Webhooks;

/// <summary>
/// Which addresses belong to the public Internet, so that nobody has this service call what only it can reach: a neighbour in its network, its own machine, its cloud's
/// metadata. Everything that the registries of special addresses (iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry, read on 28 November 2026)
/// do not give to all is left out, and so is what would be translated or tunnelled to an IPv4 address. Pure.
/// </summary>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] NotPublic =
    [
        IPNetwork.Parse("0.0.0.0/8"), // this host
        IPNetwork.Parse("10.0.0.0/8"), // private
        IPNetwork.Parse("100.64.0.0/10"), // shared by carriers
        IPNetwork.Parse("127.0.0.0/8"), // loopback
        IPNetwork.Parse("168.63.129.16/32"), // not special anywhere but in one cloud, where it is the machine's own host
        IPNetwork.Parse("169.254.0.0/16"), // link-local, and the metadata of clouds
        IPNetwork.Parse("172.16.0.0/12"), // private
        IPNetwork.Parse("192.0.0.0/24"), // protocol assignments
        IPNetwork.Parse("192.0.2.0/24"), // documentation
        IPNetwork.Parse("192.31.196.0/24"), // AS112
        IPNetwork.Parse("192.52.193.0/24"), // automatic multicast tunnels
        IPNetwork.Parse("192.88.99.0/24"), // relays of 6to4
        IPNetwork.Parse("192.168.0.0/16"), // private
        IPNetwork.Parse("192.175.48.0/24"), // AS112
        IPNetwork.Parse("198.18.0.0/15"), // benchmarks
        IPNetwork.Parse("198.51.100.0/24"), // documentation
        IPNetwork.Parse("203.0.113.0/24"), // documentation
        IPNetwork.Parse("224.0.0.0/4"), // multicast
        IPNetwork.Parse("240.0.0.0/4"), // reserved, and broadcast
        IPNetwork.Parse("2001::/23"), // protocol assignments: Teredo, benchmarks, ORCHID
        IPNetwork.Parse("2001:db8::/32"), // documentation
        IPNetwork.Parse("2002::/16"), // 6to4
        IPNetwork.Parse("2620:4f:8000::/48"), // AS112
        IPNetwork.Parse("3fff::/20"), // documentation
    ];

    // Of IPv6, 2000::/3 has been given out and nothing else. Outside are ::1, addresses that hold one of IPv4 (::ffff:0:0/96, ::/96), NAT64 (64:ff9b::/96 and
    // 64:ff9b:1::/48), what is discarded (100::/64), unique local (fc00::/7), link-local (fe80::/10) and multicast (ff00::/8). By the bits, for the library takes an address
    // that holds one of IPv4 for that one.
    private const int FirstThreeBits = 0xE0, Given = 0x20;

    /// <summary>Whether an address is anybody's to call.</summary>
    public static bool Has(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => IsNotSpecial(address),
        AddressFamily.InterNetworkV6 => (address.GetAddressBytes()[0] & FirstThreeBits) == Given && address.ScopeId == 0 && IsNotSpecial(address),
        _ => false,
    };

    private static bool IsNotSpecial(IPAddress address) => !Array.Exists(NotPublic, network => network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address));
}
