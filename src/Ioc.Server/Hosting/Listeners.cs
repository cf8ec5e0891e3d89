using System.Net;
using System.Net.Sockets;

namespace Ioc.Server.Hosting;

/// <summary>The sockets of the server, bound before anything else starts.</summary>
/// <remarks>
/// Bound by hand for three reasons: a busy port is said in one sentence that names the setting; port 0 means the same free port
/// on IPv4 and IPv6; and Kestrel's <c>Listen</c> would otherwise silently override <c>Urls</c>.
/// </remarks>
internal sealed class Listeners : IDisposable
{
    private readonly Dictionary<IPEndPoint, Socket> _sockets = [];

    private Listeners(int mqttPort, int webPort)
    {
        MqttPort = mqttPort;
        WebPort = webPort;
    }

    public int MqttPort { get; private set; }

    public int WebPort { get; private set; }

    public List<IPEndPoint> Mqtt { get; } = [];

    public List<IPEndPoint> Web { get; } = [];

    /// <summary>Binds everything.</summary>
    /// <exception cref="StartupException">An address is not one, a port is busy, or the web application would be reachable from outside.</exception>
    public static Listeners Bind(IConfiguration configuration)
    {
        string[] mqttBind = configuration.GetSection("Mqtt:Bind").Get<string[]>() ?? [];
        bool defaultBind = mqttBind.Length == 0;
        int mqttPort = configuration.GetValue("Mqtt:Port", 1883);
        (List<IPAddress> webAddresses, int webPort) = ParseUrls(configuration["Urls"] ?? "http://127.0.0.1:8080;http://[::1]:8080");

        if (!configuration.GetValue("Web:PublishedOnLoopback", false) && webAddresses.Find(a => !IPAddress.IsLoopback(a)) is { } open)
            throw new StartupException($"Urls: {open} is reachable from outside, and this version has no accounts yet. Bind a loopback address and put a reverse proxy with authentication in front. (Inside a container whose ports are published on the host's loopback only, say Web:PublishedOnLoopback=true.)");

        var listeners = new Listeners(mqttPort, webPort);
        try
        {
            IEnumerable<IPAddress> mqttAddresses = defaultBind
                ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
                : mqttBind.Select(text => IPAddress.TryParse(text, out IPAddress? a) ? a : throw new StartupException($"Mqtt:Bind: '{text}' is not an IP address."));
            foreach (IPAddress address in mqttAddresses)
                listeners.MqttPort = listeners.BindOne(address, listeners.MqttPort, "Mqtt:Port", listeners.Mqtt);
            foreach (IPAddress address in webAddresses)
                listeners.WebPort = listeners.BindOne(address, listeners.WebPort, "Urls", listeners.Web);
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
