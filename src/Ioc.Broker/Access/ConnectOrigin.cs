using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Ioc.Broker.Access;

/// <summary>Where a connection comes from, as its transport proved it.</summary>
/// <param name="Remote">The device's own end; behind a load balancer what the PROXY protocol said. Null where there is none.</param>
/// <param name="ClientCertificate">The client's certificate, verified by the transport; null when it showed none. Not kept.</param>
/// <param name="Transport">How it came.</param>
internal readonly record struct ConnectOrigin(EndPoint? Remote, X509Certificate2? ClientCertificate = null, ConnectTransport Transport = ConnectTransport.Tcp)
{
    /// <summary>The remote address, an IPv4 one as such even where it came in over a dual socket.</summary>
    public IPAddress? Address => AddressOf(Remote);

    /// <summary>Whether the device is on this machine.</summary>
    public bool IsLoopback => Address is { } address && IPAddress.IsLoopback(address);

    public static IPAddress? AddressOf(EndPoint? remote)
    {
        if (remote is not IPEndPoint { Address: var address })
            return null;

        return address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
    }
}

/// <summary>What carries a connection's bytes.</summary>
internal enum ConnectTransport
{
    /// <summary>Plain TCP.</summary>
    Tcp,

    /// <summary>TLS over TCP.</summary>
    Tls,

    /// <summary>WebSocket, plain or secured.</summary>
    WebSocket,
}
