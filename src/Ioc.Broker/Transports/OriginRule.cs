using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Ioc.Broker.Transports;

/// <summary>Which pages may open a WebSocket. A browser sends any site's page to a broker on loopback, and only the Origin header tells.</summary>
internal sealed class OriginRule(IOptions<TransportOptions> options)
{
    private readonly HashSet<string> _origins = [.. options.Value.WebSocket.Origins.Select(origin => Normalise(origin)!)];

    /// <summary>Whether a request may go on. One without an origin comes from no page: a device, a tool.</summary>
    public bool Allows(HttpRequest request)
    {
        string? origin = request.Headers.Origin;
        if (string.IsNullOrEmpty(origin))
            return true;
        if (Normalise(origin) is not { } normal)
            return false;
        return _origins.Contains(normal) || IsOurOwn(normal, request.Host);
    }

    /// <summary>Scheme, host and port as browsers write them; null for what is no origin.</summary>
    public static string? Normalise(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.PathAndQuery == "/" && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0
            ? uri.GetLeftPart(UriPartial.Authority)
            : null;

    // The scheme is not compared: a proxy in front may add TLS. Names other than localhost must be listed, because a hostile
    // site can let its own name point at our address, and then origin and host agree.
    private static bool IsOurOwn(string origin, HostString host)
    {
        string authority = origin[(origin.IndexOf("//", StringComparison.Ordinal) + 2)..];
        return authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase)
            && (host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host.Host, out _));
    }
}
