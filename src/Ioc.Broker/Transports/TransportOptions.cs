using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace Ioc.Broker.Transports;

/// <summary>By which ways MQTT comes in. Configuration section <c>Mqtt</c>, beside <see cref="BrokerOptions"/>, whose <c>Bind</c> holds here too.</summary>
public sealed class TransportOptions
{
    /// <summary>Whether <c>Mqtt:Port</c> is opened; false where nothing may come unencrypted.</summary>
    public bool Plain { get; set; } = true;

    /// <summary>The encrypted endpoint; closed until a certificate is named.</summary>
    [ValidateObjectMembers]
    public TlsTransportOptions Tls { get; set; } = new();

    /// <summary>The endpoint on the web port.</summary>
    public WebSocketTransportOptions WebSocket { get; set; } = new();

    /// <summary>Every connection to the plain and TLS endpoints begins with a PROXY header, version 1 or 2, that names the device's own address.</summary>
    public bool ProxyProtocol { get; set; }

    /// <summary>Addresses and networks (<c>10.0.0.0/8</c>) of the load balancers that are believed. Empty means loopback.</summary>
    /// <remarks>Not filled with the default here: bound lists are added to, so loopback could never be taken away.</remarks>
    public IList<string> ProxyTrusted { get; } = [];

    /// <summary>Time for PROXY header and TLS handshake together; CONNECT has its own time-out after them.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan OpeningTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Connections at a time that are between accept and the end of their TLS handshake; the next ones are closed unread.</summary>
    /// <remarks>Handshakes cost about 1–2 ms of a core each: more at a time would only time out together when a province comes back after a power cut.</remarks>
    [Range(1, 1_000_000)]
    public int MaxOpening { get; set; } = 2_000;

    /// <summary>The networks that <see cref="ProxyTrusted"/> means.</summary>
    internal IReadOnlyList<IPNetwork> TrustedNetworks =>
        ProxyTrusted.Count == 0 ? [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")] : [.. ProxyTrusted.Select(text => TryParseNetwork(text)!.Value)];

    internal static IPNetwork? TryParseNetwork(string text)
    {
        if (IPNetwork.TryParse(text, out IPNetwork network))
            return network;
        return IPAddress.TryParse(text, out IPAddress? address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8) : null;
    }
}

/// <summary>MQTT over TLS 1.2 and 1.3. Configuration section <c>Mqtt:Tls</c>.</summary>
public sealed class TlsTransportOptions
{
    /// <summary>TCP port; 0 picks a free one.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; } = 8883;

    /// <summary>File with the server's certificate, and the intermediate ones after it: PEM or PFX. Empty: no TLS endpoint.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>File with the private key in PEM; empty when it is in <see cref="Certificate"/>.</summary>
    public string Key { get; set; } = "";

    /// <summary>Of the PFX, or of the encrypted PEM key.</summary>
    public string? Password { get; set; }

    /// <summary>Whether clients show a certificate of their own.</summary>
    public ClientCertificateUse ClientCertificate { get; set; }

    /// <summary>PEM file with the authorities whose client certificates are believed; the system's own are not.</summary>
    public string ClientCa { get; set; } = "";

    /// <summary>Whether there is a TLS endpoint.</summary>
    public bool IsEnabled => Certificate.Length > 0;
}

/// <summary>MQTT over WebSocket. Configuration section <c>Mqtt:WebSocket</c>.</summary>
public sealed class WebSocketTransportOptions
{
    /// <summary>Whether <c>/mqtt</c> on the web port is served.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Origins (<c>https://ioc.example.vn</c>) whose pages may connect, beside pages that this server's own address serves.</summary>
    public IList<string> Origins { get; } = [];
}

/// <summary>What becomes of a TLS client with and without a certificate.</summary>
public enum ClientCertificateUse
{
    /// <summary>Not asked for.</summary>
    None,

    /// <summary>Asked for; one that is shown must be good.</summary>
    Optional,

    /// <summary>Without a good one the handshake fails.</summary>
    Required,
}

/// <summary>Refuses at start what would only show when a device knocks.</summary>
[OptionsValidator]
internal sealed partial class TransportOptionsRanges : IValidateOptions<TransportOptions>;

/// <summary>Refuses combinations that no single range can see.</summary>
internal sealed class TransportOptionsCombinations : IValidateOptions<TransportOptions>
{
    public ValidateOptionsResult Validate(string? name, TransportOptions options)
    {
        List<string> failures = [];
        TlsTransportOptions tls = options.Tls;
        if (!options.Plain && !tls.IsEnabled && !options.WebSocket.Enabled)
            failures.Add("Mqtt:Plain is false, Mqtt:Tls:Certificate is not set and Mqtt:WebSocket:Enabled is false, so no device could connect.");
        if (!tls.IsEnabled && (tls.Key.Length > 0 || tls.ClientCa.Length > 0 || tls.ClientCertificate != ClientCertificateUse.None))
            failures.Add("Mqtt:Tls has settings but no Certificate, so nothing would be encrypted.");
        if (tls.ClientCertificate != ClientCertificateUse.None && tls.ClientCa.Length == 0)
            failures.Add("Mqtt:Tls:ClientCertificate asks for certificates, but Mqtt:Tls:ClientCa names no file with the authorities to believe.");
        if (tls.ClientCertificate == ClientCertificateUse.None && tls.ClientCa.Length > 0)
            failures.Add("Mqtt:Tls:ClientCa is set, but Mqtt:Tls:ClientCertificate is none, so it would not be looked at. Say optional or required.");
        foreach (string text in options.ProxyTrusted.Where(text => TransportOptions.TryParseNetwork(text) is null))
            failures.Add($"Mqtt:ProxyTrusted holds '{text}', which is neither an IP address nor a network such as 10.0.0.0/8.");
        foreach (string text in options.WebSocket.Origins.Where(text => OriginRule.Normalise(text) is null))
            failures.Add($"Mqtt:WebSocket:Origins holds '{text}', which is not an origin such as https://ioc.example.vn.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
