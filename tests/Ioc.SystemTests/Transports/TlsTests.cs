using System.Globalization;
using System.Text.RegularExpressions;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Transports;

/// <summary>The encrypted endpoint of the real server, as Mosquitto's client and OpenSSL see it.</summary>
public sealed partial class TlsTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private string _certificate = "";
    private string _key = "";
    private string _ca = "";

    public async ValueTask InitializeAsync()
    {
        Programs.Need("mosquitto_pub");
        (_certificate, _key) = _authority.IssueServer().Save(_folder, "server");
        _ca = _folder.File("ca.pem");
        await File.WriteAllTextAsync(_ca, _authority.Pem);
    }

    [Fact]
    public async Task Mosquitto_publishes_over_tls_by_ipv4_and_ipv6_and_nothing_is_open_unencrypted()
    {
        await using IocProcess server = await StartAsync("--Mqtt:Plain", "false");

        await PublishAsync(server, "127.0.0.1");
        await PublishAsync(server, "::1");

        Assert.Equal(2, (await server.SettledAsync(2)).Received);
        Assert.Equal(0, server.MqttPort);
        Assert.DoesNotContain("mqtt://", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_required_client_certificate_must_be_of_the_configured_authority_and_in_date()
    {
        using var stranger = new TestAuthority("another authority");
        await using IocProcess server = await StartAsync("--Mqtt:Tls:ClientCertificate", "required", "--Mqtt:Tls:ClientCa", _ca);

        await PublishAsync(server, "127.0.0.1", Shown(_authority.IssueClient("meter-1")));
        Assert.Equal(1, (await server.SettledAsync(1)).Received);

        await Assert.ThrowsAsync<InvalidOperationException>(() => PublishAsync(server, "127.0.0.1"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => PublishAsync(server, "127.0.0.1", Shown(stranger.IssueClient("meter-1"))));
        await Assert.ThrowsAsync<InvalidOperationException>(() => PublishAsync(server, "127.0.0.1", Shown(_authority.IssueExpiredClient("meter-1"))));
        Assert.Equal(1, (await server.BalanceAsync()).Received);
        Assert.Matches("""ioc_broker_turned_away_total\{reason="clientCertificate"\} [3-9]""", await server.Web.GetStringAsync("/metrics", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Tls_1_1_is_refused_and_1_2_and_1_3_are_spoken()
    {
        Programs.Need("openssl");
        await using IocProcess server = await StartAsync();

        Assert.Contains("TLSv1.2", await HandshakeAsync(server, "-tls1_2"), StringComparison.Ordinal);
        Assert.Contains("TLSv1.3", await HandshakeAsync(server, "-tls1_3"), StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => HandshakeAsync(server, "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"));
    }

    [Fact]
    public async Task A_renewed_certificate_is_shown_without_a_restart_and_without_dropping_anybody()
    {
        Programs.Need("openssl");
        await using IocProcess server = await StartAsync();
        using System.Diagnostics.Process subscriber = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            "mosquitto_sub", ["-h", "localhost", "-p", Port(server), "--cafile", _ca, "-t", "tele/#", "-q", "1", "-C", "1", "-F", "%t"])
        { RedirectStandardOutput = true })!;
        await Wait.UntilAsync(async () => (await server.Web.GetStringAsync("/metrics")).Contains("ioc_broker_connections 1\n", StringComparison.Ordinal));

        _authority.IssueServer("renewed").Save(_folder, "server");

        await Wait.UntilAsync(async () => (await HandshakeAsync(server, "-tls1_3")).Contains("CN = renewed", StringComparison.Ordinal), seconds: 30);
        await PublishAsync(server, "localhost");
        Assert.Equal("tele/meter/SENSOR", (await subscriber.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))?.Trim());
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_read_refuses_the_start_in_words()
    {
        File.Delete(_key);

        (int exitCode, string output) = await IocProcess.StartInVainAsync(_folder.FullName, "--Mqtt:Tls:Certificate", _certificate, "--Mqtt:Tls:Key", _key);

        Assert.Equal(2, exitCode);
        Assert.Contains("Mqtt:Tls", output, StringComparison.Ordinal);
        Assert.Contains("server.key", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync()
    {
        _authority.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<IocProcess> StartAsync(params string[] settings) =>
        IocProcess.StartAsync(_folder.FullName, 0, ["--Mqtt:Tls:Port", "0", "--Mqtt:Tls:Certificate", _certificate, "--Mqtt:Tls:Key", _key, .. settings]);

    private Task<string> PublishAsync(IocProcess server, string host, params string[] more) =>
        Programs.RunAsync("mosquitto_pub", ["-h", host, "-p", Port(server), "--cafile", _ca, "-q", "1", "-t", "tele/meter/SENSOR", "-m", """{"ENERGY":{"Power":431}}""", .. more], seconds: 20);

    private string[] Shown(IssuedCertificate certificate)
    {
        (string file, string key) = certificate.Save(_folder, "client");
        return ["--cert", file, "--key", key];
    }

    private Task<string> HandshakeAsync(IocProcess server, params string[] version) =>
        Programs.RunAsync("openssl", ["s_client", "-connect", $"127.0.0.1:{Port(server)}", "-CAfile", _ca, "-verify_return_error", .. version], input: "", seconds: 20);

    private static string Port(IocProcess server) => int.Parse(TlsAddress().Match(server.Output).Groups[1].Value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"mqtts://127\.0\.0\.1:(\d+)")]
    private static partial Regex TlsAddress();
}
