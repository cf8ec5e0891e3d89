using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ioc.Broker.Access;

/// <summary>What a verified certificate says about its holder.</summary>
internal static class CertificateName
{
    /// <summary>The field that is the user name; null when the certificate has none.</summary>
    public static string? Of(X509Certificate2 certificate, CertificateUser field)
    {
        string? name = field switch
        {
            CertificateUser.CommonName => CommonName(certificate),
            CertificateUser.DnsName => certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateDnsNames()).FirstOrDefault(),
            CertificateUser.Subject => certificate.Subject,
            _ => null,
        };
        return string.IsNullOrEmpty(name) ? null : name;
    }

    /// <summary>Whether a certificate is the one a credential names: by thumbprint (SHA-256, hexadecimal, colons allowed) or by its whole subject.</summary>
    public static bool Matches(X509Certificate2 certificate, string wanted) =>
        string.Equals(certificate.GetCertHashString(HashAlgorithmName.SHA256), wanted.Replace(":", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)
        || string.Equals(certificate.Subject, wanted, StringComparison.Ordinal);

    // Of several the one nearest to the holder, which comes last in the encoded name.
    private static string? CommonName(X509Certificate2 certificate)
    {
        const string commonName = "2.5.4.3";
        return certificate.SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(part => !part.HasMultipleElements && part.GetSingleElementType().Value == commonName)
            .Select(part => part.GetSingleElementValue())
            .FirstOrDefault();
    }
}
