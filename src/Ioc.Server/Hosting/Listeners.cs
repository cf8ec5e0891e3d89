using System.Net;
using System.Net.Sockets;
using Ioc.Broker;
using Ioc.Broker.Transports;

namespace Ioc.Server.Hosting;

/// <summary>The sockets of the server, bound before anything else starts.</summary>
/// <remarks>
/// Bound by hand for three reasons: a busy port is said in one sentence that names the setting; port 0 means the same free port
/// on IPv4 and IPv6; and Kestrel's <c>Listen</c> would otherwise silently override <c>Urls</c>.
/// </remarks>
internal sealed class Listeners : IDisposable
{
    private readonly Dictionary<IPEndPoint, Socket> _sockets = [];

    /// <summary>Of the plain endpoint; 0 where there is none.</summary>
    public int MqttPort { get; private set; }

    public int WebPort { get; private set; }

    public List<IPEndPoint> Mqtt { get; } = [];

    public List<IPEndPoint> MqttTls { get; } = [];

    public List<IPEndPoint> Web { get; } = [];

    /// <summary>Binds everything.</summary>
    /// <exception cref="StartupException">An address is not one, a port is busy, or the web application would be reachable from outside.</exception>
    public static Listeners Bind(IConfiguration configuration)
    {
        (BrokerOptions mqtt, TransportOptions transports) = Settings(configuration);
        (List<IPAddress> webAddresses, int webPort) = ParseUrls(configuration["Urls"] ?? "http://127.0.0.1:8080;http://[::1]:8080");

        if (!configuration.GetValue("Web:PublishedOnLoopback", false) && webAddresses.Find(a => !IPAddress.IsLoopback(a)) is { } open)
            throw new StartupException($"Urls: {open} is reachable from outside, and this version has no accounts yet. Bind a loopback address and put a reverse proxy with authentication in front. (Inside a container whose ports are published on the host's loopback only, say Web:PublishedOnLoopback=true.)");

        var listeners = new Listeners();
        try
        {
            if (transports.Plain)
                listeners.MqttPort = listeners.BindAll(mqtt.BindAddresses, mqtt.Port, "Mqtt:Port", listeners.Mqtt);
            if (transports.Tls.IsEnabled)
                listeners.BindAll(mqtt.BindAddresses, transports.Tls.Port, "Mqtt:Tls:Port", listeners.MqttTls);
            listeners.WebPort = listeners.BindAll(webAddresses, webPort, "Urls", listeners.Web);
            return listeners;
        }
        catch
        {
            listeners.Dispose();
            throw;
        }
    }

    /// <summary>Hands Kestrel the socket bound for an endpoint.</summary>
    public Socket Take(EndPoint endPoint) => _sockets[(IPEndPoint)endPoint];

    public void Dispose()
    {
        foreach (Socket socket in _sockets.Values)
            socket.Dispose();
    }

    // Read before there is a container: the sockets come first. The container checks the rest of it.
    private static (BrokerOptions Mqtt, TransportOptions Transports) Settings(IConfiguration configuration)
    {
        IConfigurationSection section = configuration.GetSection("Mqtt");
        try
        {
            BrokerOptions mqtt = section.Get<BrokerOptions>() ?? new BrokerOptions();
            if (mqtt.Bind.FirstOrDefault(text => !IPAddress.TryParse(text, out _)) is { } text)
                throw new StartupException($"Mqtt:Bind: '{text}' is not an IP address.");
            return (mqtt, section.Get<TransportOptions>() ?? new TransportOptions());
        }
        catch (InvalidOperationException e)
        {
            throw new StartupException($"Settings: {e.Message}");
        }
    }

    private int BindAll(IEnumerable<IPAddress> addresses, int port, string setting, List<IPEndPoint> endPoints)
    {
        foreach (IPAddress address in addresses)
            port = BindOne(address, port, setting, endPoints);
        return port;
    }

    private int BindOne(IPAddress address, int port, string setting, List<IPEndPoint> endPoints)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && !Socket.OSSupportsIPv6)
            return port;

        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            socket.Bind(new IPEndPoint(address, port));
            var bound = (IPEndPoint)socket.LocalEndPoint!;
            _sockets.Add(bound, socket);
            endPoints.Add(bound);
            return bound.Port;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable && IPAddress.IsLoopback(address) && endPoints.Count > 0)
        {
            // A machine without ::1 still serves on 127.0.0.1.
            socket.Dispose();
            return port;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            string why = e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => "the port is in use by another program",
                SocketError.AccessDenied => "this user may not use that port",
                SocketError.AddressNotAvailable => "this machine has no such address",
                _ => e.Message,
            };
            throw new StartupException($"{setting}: cannot listen on {new IPEndPoint(address, port)}: {why}.");
        }
    }

    private static (List<IPAddress> Addresses, int Port) ParseUrls(string urls)
    {
        var addresses = new List<IPAddress>();
        int port = -1;
        foreach (string text in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.Scheme != Uri.UriSchemeHttp)
                throw new StartupException($"Urls: '{text}' is not an http:// address.");
            if (port >= 0 && url.Port != port)
                throw new StartupException($"Urls: all addresses must share one port, found {port} and {url.Port}.");

            port = url.Port;
            if (url.Host == "localhost")
                addresses.AddRange([IPAddress.Loopback, IPAddress.IPv6Loopback]);
            else if (IPAddress.TryParse(url.Host.Trim('[', ']'), out IPAddress? address))
                addresses.Add(address);
            else
                throw new StartupException($"Urls: '{url.Host}' is neither localhost nor an IP address.");
        }

        return addresses.Count > 0 ? (addresses, port) : throw new StartupException("Urls: no address given.");
    }
}
