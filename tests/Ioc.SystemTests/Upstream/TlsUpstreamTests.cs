using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Ioc.SystemTests.Servers;
using Ioc.SystemTests.Simulators;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Upstream;

/// <summary>TLS towards a real mosquitto that shows a certificate of its own authority and asks for ours.</summary>
public sealed class TlsUpstreamTests
{
    [Fact]
    public async Task Both_sides_show_a_certificate_and_a_broker_of_another_authority_is_not_believed()
    {
        Programs.Need("mosquitto");
        Programs.Need("mosquitto_pub");
        using var folder = new TemporaryFolder();
        using (X509Certificate2 authority = Authority(folder.File("ca.pem")))
        using (X509Certificate2 stranger = Authority(folder.File("other-ca.pem")))
        {
            Issue(authority, "localhost", folder.File("broker"));
            Issue(authority, "ioc-1", folder.File("client"));
        }

        await using var broker = new MosquittoServer(
            $"cafile {folder.File("ca.pem")}", $"certfile {folder.File("broker.pem")}", $"keyfile {folder.File("broker.key")}", "require_certificate true", "tls_version tlsv1.3");
        await broker.StartAsync();

        string[] trusting = Settings(broker, folder, "ca.pem");
        await using (IocProcess server = await IocProcess.StartAsync(folder.FullName, 0, trusting))
        {
            await CityBroker.SubscribedAsync(server);
            await Programs.RunAsync("mosquitto_pub",
            [
                "-h", "localhost", "-p", CityBroker.Text(broker.Port), "--cafile", folder.File("ca.pem"), "--cert", folder.File("client.pem"), "--key", folder.File("client.key"),
                "-q", "1", "-t", "tele/safe/SENSOR", "-m", """{"ENERGY":{"Power":7}}""",
            ]);
            Assert.Equal(1, (await server.SettledAsync(1)).Stored);
        }

        await using IocProcess wary = await IocProcess.StartAsync(folder.FullName, 0, Settings(broker, folder, "other-ca.pem"));
        JsonElement state = default;
        await Wait.UntilAsync(async () => (state = await CityBroker.StateAsync(wary)).GetProperty("lastError").ValueKind == JsonValueKind.String);
        Assert.Equal(0, state.GetProperty("connections").GetInt32());
        Assert.Contains("certificate", state.GetProperty("lastError").GetString(), StringComparison.OrdinalIgnoreCase);
    }

    private static string[] Settings(MosquittoServer broker, TemporaryFolder folder, string authority) => CityBroker.Settings(
        broker, "tele/#", ("Tls:Enabled", "true"), ("Tls:CaFile", folder.File(authority)), ("Tls:CertificateFile", folder.File("client.pem")), ("Tls:KeyFile", folder.File("client.key")));

    private static X509Certificate2 Authority(string file)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Path.GetFileName(file)}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        X509Certificate2 certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        File.WriteAllText(file, certificate.ExportCertificatePem());
        return certificate;
    }

    private static void Issue(X509Certificate2 authority, string name, string file)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.Create(authority, TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddHours(12), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(file + ".pem", certificate.ExportCertificatePem());
        File.WriteAllText(file + ".key", key.ExportPkcs8PrivateKeyPem());
    }
}
