using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ioc.Broker.Transports;

/// <summary>Says how each TLS handshake is to be done. A client certificate that is judged good is then in <c>ITlsConnectionFeature</c>.</summary>
internal sealed class TlsEntrance(IOptions<TransportOptions> options, TlsCredentials credentials, ILogger<TlsEntrance> log)
{
    // Named by IANA for MQTT. A client that offers other names only is refused; one that offers none is not.
    private static readonly List<SslApplicationProtocol> Names = [new("mqtt")];

    private readonly ClientCertificateUse _use = options.Value.Tls.ClientCertificate;

    public TlsHandshakeCallbackOptions Handshakes => new()
    {
        HandshakeTimeout = options.Value.OpeningTimeout,
        OnConnection = context => ValueTask.FromResult(Describe(context.Connection)),
    };

    private SslServerAuthenticationOptions Describe(ConnectionContext connection)
    {
        TlsModel model = credentials.Current;
        return new SslServerAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = Names,
            ServerCertificateContext = model.Context,
            ClientCertificateRequired = _use != ClientCertificateUse.None,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = model.ClientTrust?.Clone(),
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsGood(connection, certificate, chain, errors),
        };
    }

    private bool IsGood(ConnectionContext connection, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None || (certificate is null && _use != ClientCertificateUse.Required))
            return true;

        connection.Features.GetRequiredFeature<Passage>().Reason = Turned.ClientCertificate;
        if (log.IsEnabled(LogLevel.Debug))
        {
            string why = string.Join(", ", (chain?.ChainStatus ?? []).Select(status => status.Status.ToString()).Prepend(errors.ToString()));
            TransportLog.CertificateRefused(log, connection.RemoteEndPoint, certificate?.Subject, why);
        }

        return false;
    }
}
