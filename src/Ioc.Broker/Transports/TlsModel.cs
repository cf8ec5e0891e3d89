using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Ioc.Broker.Transports;

/// <summary>The certificate we show and the authorities we believe, read from bytes. Immutable; swapped whole when a file changes.</summary>
/// <param name="Certificate">With its private key.</param>
/// <param name="Context">The same with its chain, ready for handshakes.</param>
/// <param name="ClientTrust">How client certificates are judged; null when none are asked for.</param>
internal sealed record TlsModel(X509Certificate2 Certificate, SslStreamCertificateContext Context, X509ChainPolicy? ClientTrust)
{
    /// <summary>Reads the files' contents.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A file is not what its setting says.</exception>
    public static TlsModel Read(byte[] certificate, byte[]? key, string? password, byte[]? clientAuthorities)
    {
        X509Certificate2Collection chain = [];
        X509Certificate2 own;
        if (certificate.AsSpan().IndexOf("-----BEGIN "u8) >= 0)
        {
            string pem = Encoding.UTF8.GetString(certificate);
            string keyPem = key is null ? pem : Encoding.UTF8.GetString(key);
            chain.ImportFromPem(pem);
            own = password is null ? X509Certificate2.CreateFromPem(pem, keyPem) : X509Certificate2.CreateFromEncryptedPem(pem, keyPem, password);
        }
        else
        {
            chain = X509CertificateLoader.LoadPkcs12Collection(certificate, password);
            own = chain.FirstOrDefault(entry => entry.HasPrivateKey) ?? throw new System.Security.Cryptography.CryptographicException("The file holds no private key.");
        }

        // Windows' TLS cannot use a key that exists in memory only.
        if (OperatingSystem.IsWindows())
            own = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);

        // Offline: an operations centre does not fetch missing intermediates from the Internet.
        return new TlsModel(own, SslStreamCertificateContext.Create(own, chain, offline: true), clientAuthorities is null ? null : Trust(clientAuthorities));
    }

    private static X509ChainPolicy Trust(byte[] pem)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.ImportFromPem(Encoding.UTF8.GetString(pem));
        return policy.CustomTrustStore.Count > 0 ? policy : throw new System.Security.Cryptography.CryptographicException("The file of client authorities holds no certificate in PEM.");
    }
}
