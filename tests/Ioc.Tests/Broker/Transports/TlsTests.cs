using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Ioc.Broker.Transports;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker.Transports;

public sealed class TlsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_client_of_either_version_connects_and_is_told_the_protocols_name(SslProtocols version)
    {
        await using TransportHost host = await StartAsync();
        await using SslStream stream = await OpenAsync(host, new() { EnabledSslProtocols = version, ApplicationProtocols = [new("mqtt")] });

        Assert.Equal((version, "mqtt"), (stream.SslProtocol, stream.NegotiatedApplicationProtocol.ToString()));
        Assert.True(await ConnectsAsync(stream));
    }

    [Fact]
    public async Task A_client_that_names_other_protocols_only_is_refused()
    {
        await using TransportHost host = await StartAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => OpenAsync(host, new() { ApplicationProtocols = [SslApplicationProtocol.Http11] }));

        await Wait.UntilAsync(() => host.Turned(Turned.TlsHandshake) == 1);
    }

    [Fact]
    public async Task Plain_mqtt_at_the_encrypted_door_is_closed_and_counted()
    {
        await using TransportHost host = await StartAsync();
        await using TestClient client = await TestClient.OpenAsync(host.TlsPort);

        await client.SendAsync(Packets.Connect());

        await client.ReadToEndAsync();
        await Wait.UntilAsync(() => host.Turned(Turned.TlsHandshake) == 1);
    }

    [Fact]
    public async Task A_handshake_that_never_ends_does_not_hold_a_place()
    {
        await using TransportHost host = await StartAsync(("OpeningTimeout", "00:00:00.3"));
        await using TestClient client = await TestClient.OpenAsync(host.TlsPort);

        await client.SendAsync(0x16, 0x03, 0x01, 0x02, 0x00);

        Assert.Null(await client.ReadOrEndAsync());
        await Wait.UntilAsync(() => host.Turned(Turned.OpeningTimeout) == 1);
    }

    [Fact]
    public async Task A_balancers_header_comes_before_the_handshake()
    {
        await using TransportHost host = await StartAsync(("ProxyProtocol", "true"));
        await using SslStream stream = await OpenAsync(host, new(), ProxyHeaderTests.Line("PROXY TCP4 203.0.113.7 192.0.2.1 4711 8883"));

        Assert.True(await ConnectsAsync(stream));
        Assert.True(host.Said.Hold("from 203.0.113.7:4711"), host.Said.ToString());
    }

    [Fact]
    public async Task Without_a_certificate_a_client_is_let_in_where_it_is_optional_and_not_where_it_is_required()
    {
        await using (TransportHost host = await StartAsync(ClientCertificates("Optional")))
            Assert.True(await IsLetInAsync(host, null));

        await using (TransportHost host = await StartAsync(ClientCertificates("Required")))
        {
            Assert.False(await IsLetInAsync(host, null));
            await Wait.UntilAsync(() => host.Turned(Turned.ClientCertificate) == 1);
        }
    }

    [Theory]
    [InlineData("Optional")]
    [InlineData("Required")]
    public async Task Only_a_valid_certificate_of_the_configured_authority_opens(string use)
    {
        await using TransportHost host = await StartAsync(ClientCertificates(use));
        using var stranger = new TestAuthority("Ioc test authority"); // the same name, another key

        Assert.True(await IsLetInAsync(host, _authority.IssueClient("meter-1")));
        Assert.False(await IsLetInAsync(host, stranger.IssueClient("meter-1")));
        Assert.False(await IsLetInAsync(host, _authority.IssueExpiredClient("meter-1")));
        Assert.False(await IsLetInAsync(host, _authority.IssueServer("meter-1"))); // not made for clients
        await Wait.UntilAsync(() => host.Turned(Turned.ClientCertificate) == 3, what: host.Said.ToString());
    }

    [Fact]
    public void A_certificate_is_read_from_one_pem_file_from_two_and_from_a_pfx_with_a_password()
    {
        IssuedCertificate issued = _authority.IssueServer("ioc.example.vn");
        using X509Certificate2 own = issued.ToCertificate();
        byte[] pem = System.Text.Encoding.UTF8.GetBytes(issued.Pem + "\n" + _authority.Pem);
        byte[] key = System.Text.Encoding.UTF8.GetBytes(issued.KeyPem);

        foreach (TlsModel model in (TlsModel[])
            [
                TlsModel.Read(pem, key, null, null),
                TlsModel.Read([.. pem, (byte)'\n', .. key], null, null, null),
                TlsModel.Read(own.Export(X509ContentType.Pkcs12, "secret"), null, "secret", null),
            ])
        {
            Assert.Equal("CN=ioc.example.vn", model.Certificate.Subject);
            Assert.True(model.Certificate.HasPrivateKey);
        }
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    private (string, string)[] ClientCertificates(string use)
    {
        File.WriteAllText(_folder.File("ca.pem"), _authority.Pem);
        return [("Tls:ClientCertificate", use), ("Tls:ClientCa", _folder.File("ca.pem"))];
    }

    private Task<TransportHost> StartAsync(params (string Key, string Value)[] settings)
    {
        (string certificate, string key) = _authority.IssueServer().Save(_folder, "server");
        return TransportHost.StartAsync([("Tls:Certificate", certificate), ("Tls:Key", key), .. settings]);
    }

    private async Task<bool> IsLetInAsync(TransportHost host, IssuedCertificate? shown)
    {
        try
        {
            SslClientAuthenticationOptions options = new();
            if (shown is not null)
                options.ClientCertificates = [shown.ToCertificate()];
            await using SslStream stream = await OpenAsync(host, options);
            return await ConnectsAsync(stream);
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            return false; // with TLS 1.3 the client hears of it only when it reads
        }
    }

    private async Task<SslStream> OpenAsync(TransportHost host, SslClientAuthenticationOptions options, byte[]? before = null)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", host.TlsPort, TestContext.Current.CancellationToken);
        if (before is not null)
            await client.GetStream().WriteAsync(before, TestContext.Current.CancellationToken);

        options.TargetHost = "localhost";
        options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        options.CertificateChainPolicy.CustomTrustStore.ImportFromPem(_authority.Pem);
        var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsClientAsync(options, TestContext.Current.CancellationToken);
        return stream;
    }

    private static async Task<bool> ConnectsAsync(SslStream stream)
    {
        await stream.WriteAsync(Packets.Connect(), TestContext.Current.CancellationToken);
        byte[] connack = new byte[4];
        return await stream.ReadAtLeastAsync(connack, 4, throwOnEndOfStream: false, TestContext.Current.CancellationToken) == 4 && connack.AsSpan().SequenceEqual<byte>([0x20, 2, 0, 0]);
    }
}
