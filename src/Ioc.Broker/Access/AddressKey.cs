using System.Net;
using System.Net.Sockets;

namespace Ioc.Broker.Access;

/// <summary>What counts as one address: an IPv4 address, or the /64 that one IPv6 subscriber is given.</summary>
internal static class AddressKey
{
    public static IPAddress Of(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }
}
