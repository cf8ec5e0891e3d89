using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ioc.Testing;

/// <summary>A certificate authority that lives as long as its test.</summary>
public sealed class TestAuthority : IDisposable
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 _certificate;

    public TestAuthority(string name = "Ioc test authority")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        _certificate = request.CreateSelfSigned(Now.AddYears(-5), Now.AddYears(5));
    }

    public string Pem => _certificate.ExportCertificatePem();

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>For 127.0.0.1, ::1 and localhost.</summary>
    public IssuedCertificate IssueServer(string name = "localhost") => Issue(name, ServerUse, Now.AddDays(-1), Now.AddDays(30));

    /// <summary>For a device; the name becomes the subject's common name.</summary>
    public IssuedCertificate IssueClient(string device) => Issue(device, ClientUse, Now.AddDays(-1), Now.AddDays(30));

    /// <summary>For a device whose certificate has run out.</summary>
    public IssuedCertificate IssueExpiredClient(string device) => Issue(device, ClientUse, Now.AddDays(-30), Now.AddDays(-1));

    public void Dispose() => _certificate.Dispose();

    private IssuedCertificate Issue(string name, string use, DateTimeOffset from, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        names.AddIpAddress(System.Net.IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.Create(_certificate, from, until, RandomNumberGenerator.GetBytes(8));
        return new IssuedCertificate(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}

/// <summary>A certificate and its private key.</summary>
public sealed record IssuedCertificate(string Pem, string KeyPem)
{
    /// <summary>In a form that TLS of every platform takes.</summary>
    public X509Certificate2 ToCertificate()
    {
        using var certificate = X509Certificate2.CreateFromPem(Pem, KeyPem);
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Writes <c>name.pem</c> and <c>name.key</c>, and returns their paths.</summary>
    public (string Certificate, string Key) Save(TemporaryFolder folder, string name)
    {
        File.WriteAllText(folder.File(name + ".pem"), Pem);
        File.WriteAllText(folder.File(name + ".key"), KeyPem);
        return (folder.File(name + ".pem"), folder.File(name + ".key"));
    }
}
