using System.Buffers;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ioc.Broker;
using Ioc.Broker.Access;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;
using Ioc.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Broker.Access;

public class AccessPolicyTests
{
    private static readonly CredentialRights Meter = new(["tele/{device}/#"], ["cmd/{device}/#"]);
    private static readonly IPEndPoint Outside = new(IPAddress.Parse("203.0.113.9"), 40_000);

    [Fact]
    public async Task A_credential_opens_with_its_password_and_gives_its_rights()
    {
        using AccessPolicy policy = Policy();
        policy.Replace([Made("gate-7", "secret", Meter, device: "meter-7") with { ReceiveMaximum = 5, MaxSubscriptions = 2 }]);

        AccessDecision decision = await JudgeAsync(policy, Packets.Connect("c", user: "gate-7", password: "secret"));

        Assert.Equal(ReasonCode.Success, decision.Reason);
        ClientAccess access = decision.Access!;
        Assert.True(access.Rights.MayPublish("tele/meter-7/SENSOR"u8));
        Assert.False(access.Rights.MayPublish("tele/meter-8/SENSOR"u8));
        Assert.True(access.Rights.MaySubscribe("cmd/meter-7/#"u8));
        Assert.Equal("gate-7"u8, access.UserName);
        Assert.Equal((5, 2), (access.ReceiveMaximum, access.MaxSubscriptions));
        Assert.Equal(("c", "gate-7", "203.0.113.9"), (decision.Who.ClientId, decision.Who.UserName, decision.Who.Address!.ToString()));
    }

    [Fact]
    public async Task A_password_seen_before_is_judged_at_once()
    {
        using AccessPolicy policy = Policy();
        policy.Replace([Made("gate-7", "secret", Meter, "m") with { Password = PasswordHash.Of("secret"u8, 100_000).Encoded }]);
        byte[] right = Packets.Connect("c", user: "gate-7", password: "secret");
        byte[] wrong = Packets.Connect("c", user: "gate-7", password: "Secret");

        Assert.False(await JudgesAtOnceAsync(policy, right));
        Assert.False(await JudgesAtOnceAsync(policy, wrong));

        Assert.True(await JudgesAtOnceAsync(policy, right));
        Assert.True(await JudgesAtOnceAsync(policy, wrong));
        Assert.Equal(ReasonCode.Success, (await JudgeAsync(policy, right)).Reason);
        Assert.Equal(ReasonCode.BadUserNameOrPassword, (await JudgeAsync(policy, wrong)).Reason);
    }

    [Theory]
    [InlineData("gate-7", null)]
    [InlineData("gate-7", "")]
    [InlineData("gate-7", "wrong")]
    [InlineData("nobody", "secret")]
    [InlineData("revoked", "secret")]
    [InlineData("by-certificate", "secret")]
    public async Task Whoever_does_not_prove_a_name_is_refused(string user, string? password)
    {
        using AccessPolicy policy = Policy();
        policy.Replace([Made("gate-7", "secret", Meter), Made("revoked", "secret", Meter) with { Enabled = false }, Made("by-certificate", null, Meter)]);

        Assert.Equal(ReasonCode.BadUserNameOrPassword, (await JudgeAsync(policy, Packets.Connect("c", user: user, password: password))).Reason);
    }

    [Fact]
    public async Task A_credential_without_rights_is_denied_and_the_default_rights_serve_those_without_their_own()
    {
        using AccessPolicy strict = Policy();
        using AccessPolicy open = Policy(("Rights:Publish:0", "tele/{user}/#"));
        Credential bare = Made("gate-7", "secret", rights: null);
        strict.Replace([bare]);
        open.Replace([bare]);
        byte[] connect = Packets.Connect("c", user: "gate-7", password: "secret");

        Assert.Equal(ReasonCode.NotAuthorized, (await JudgeAsync(strict, connect)).Reason);
        ClientRights rights = (await JudgeAsync(open, connect)).Access!.Rights;
        Assert.True(rights.MayPublish("tele/gate-7/x"u8));
        Assert.False(rights.MaySubscribe("#"u8));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("hashed")]
    public async Task Users_of_the_configuration_have_all_rights_their_password_plain_or_hashed(string kind)
    {
        string kept = kind == "plain" ? "bí mật" : PasswordHash.Of("bí mật"u8, 1_000).Encoded;
        using AccessPolicy policy = Policy(("Users:gate", kept));

        Assert.True((await JudgeAsync(policy, Packets.Connect("c", user: "gate", password: "bí mật"))).Access!.Rights.IsUnrestricted);
        Assert.Equal(ReasonCode.BadUserNameOrPassword, (await JudgeAsync(policy, Packets.Connect("c", user: "gate", password: kept + "x"))).Reason);
        Assert.Equal(ReasonCode.BadUserNameOrPassword, (await JudgeAsync(policy, Packets.Connect("c", user: "gate"))).Reason);
    }

    [Fact]
    public async Task A_hash_is_no_password()
    {
        string kept = PasswordHash.Of("secret"u8, 1_000).Encoded;
        using AccessPolicy policy = Policy(("Users:gate", kept));

        Assert.Equal(ReasonCode.BadUserNameOrPassword, (await JudgeAsync(policy, Packets.Connect("c", user: "gate", password: kept))).Reason);
    }

    [Fact]
    public async Task Anonymous_clients_come_in_only_where_that_is_configured()
    {
        using AccessPolicy loopback = Policy();
        using AccessPolicy closed = Policy(("AllowAnonymous", "false"), ("Users:gate", "secret"));

        Assert.True((await JudgeAsync(loopback, Packets.Connect())).Access!.Rights.IsUnrestricted);
        Assert.Equal(ReasonCode.NotAuthorized, (await JudgeAsync(closed, Packets.Connect())).Reason);
        Assert.Equal("label", (await JudgeAsync(loopback, Packets.Connect(user: "label"))).Who.UserName);
        Assert.Equal(ReasonCode.BadUserNameOrPassword, (await JudgeAsync(closed, Packets.Connect(user: "label"))).Reason);
    }

    [Theory]
    [InlineData("CommonName", "meter-7")]
    [InlineData("DnsName", "meter-7.example.org")]
    [InlineData("Subject", "CN=meter-7, O=City")]
    public async Task A_certificate_names_the_user_and_outranks_what_connect_says(string field, string user)
    {
        using X509Certificate2 certificate = Certificate();
        using AccessPolicy policy = Policy(("CertificateUser", field));
        policy.Replace([Made(user, null, Meter, device: "meter-7"), Made("other", "secret", CredentialRights.Everything)]);

        AccessDecision decision = await JudgeAsync(policy, Packets.Connect("c", user: "other", password: "secret"), certificate);

        Assert.Equal(user, decision.Who.UserName);
        Assert.True(decision.Access!.Rights.MayPublish("tele/meter-7/x"u8));
        Assert.False(decision.Access.Rights.MayPublish("tele/other/x"u8));
    }

    [Fact]
    public async Task A_certificate_that_is_not_the_credentials_own_is_refused()
    {
        using X509Certificate2 certificate = Certificate();
        using X509Certificate2 twin = Certificate();
        using AccessPolicy policy = Policy();
        string thumbprint = certificate.GetCertHashString(HashAlgorithmName.SHA256);
        policy.Replace([Made("meter-7", null, Meter, "m") with { Certificate = thumbprint.ToLowerInvariant() }]);

        Assert.Equal(ReasonCode.Success, (await JudgeAsync(policy, Packets.Connect(), certificate)).Reason);
        Assert.Equal(ReasonCode.NotAuthorized, (await JudgeAsync(policy, Packets.Connect(), twin)).Reason);
        policy.Replace([Made("meter-7", null, Meter, "m") with { Enabled = false }]);
        Assert.Equal(ReasonCode.NotAuthorized, (await JudgeAsync(policy, Packets.Connect(), certificate)).Reason);
    }

    [Fact]
    public async Task A_certificate_without_a_credential_has_the_default_rights_or_none()
    {
        using X509Certificate2 certificate = Certificate();
        using AccessPolicy open = Policy();
        using AccessPolicy none = Policy(("AllowAnonymous", "false"));
        using AccessPolicy some = Policy(("Rights:Publish:0", "tele/{user}/#"));
        using AccessPolicy ignoring = Policy(("CertificateUser", "Ignore"));

        // Where anonymous clients may do everything, a certificate takes nothing away.
        Assert.True((await JudgeAsync(open, Packets.Connect(), certificate)).Access!.Rights.IsUnrestricted);
        Assert.Equal(ReasonCode.NotAuthorized, (await JudgeAsync(none, Packets.Connect(), certificate)).Reason);
        Assert.True((await JudgeAsync(some, Packets.Connect(), certificate)).Access!.Rights.MayPublish("tele/meter-7/x"u8));
        Assert.Null((await JudgeAsync(ignoring, Packets.Connect(), certificate)).Who.UserName);
    }

    [Fact]
    public async Task A_banned_client_is_told_so_before_its_password_is_looked_at()
    {
        using AccessPolicy policy = Policy(("Bans:Clients:0", "evil"), ("Bans:Users:0", "mallory"), ("Bans:Addresses:0", "203.0.113.0/24"));

        Assert.Equal(ReasonCode.Banned, (await JudgeAsync(policy, Packets.Connect("evil"), remote: Loopback)).Reason);
        Assert.Equal(ReasonCode.Banned, (await JudgeAsync(policy, Packets.Connect("c", user: "mallory", password: "x"), remote: Loopback)).Reason);
        Assert.Equal(ReasonCode.Banned, (await JudgeAsync(policy, Packets.Connect("c"))).Reason);
        Assert.Equal(ReasonCode.Success, (await JudgeAsync(policy, Packets.Connect("c"), remote: Loopback)).Reason);
    }

    [Fact]
    public async Task Wrong_passwords_ban_an_address_for_a_while_if_so_configured()
    {
        using AccessPolicy policy = Policy(("Users:gate", "secret"), ("Bans:AfterFailures", "2"));
        byte[] wrong = Packets.Connect("c", user: "gate", password: "x");

        Assert.Equal(ReasonCode.BadUserNameOrPassword, (await JudgeAsync(policy, wrong)).Reason);
        Assert.Equal(ReasonCode.BadUserNameOrPassword, (await JudgeAsync(policy, wrong)).Reason);
        Assert.Equal(ReasonCode.Banned, (await JudgeAsync(policy, Packets.Connect("c", user: "gate", password: "secret"))).Reason);
    }

    [Fact]
    public async Task Rates_hold_for_strangers_and_not_on_this_machine()
    {
        using AccessPolicy policy = Policy(("Limits:MessagesPerSecond", "5"), ("Limits:ConnectsPerMinutePerAddress", "1"));

        Assert.False((await JudgeAsync(policy, Packets.Connect())).Access!.Gate.IsOpen);
        Assert.Equal(ReasonCode.ConnectionRateExceeded, (await JudgeAsync(policy, Packets.Connect())).Reason);
        for (int i = 0; i < 5; i++)
            Assert.True((await JudgeAsync(policy, Packets.Connect(), remote: Loopback)).Access!.Gate.IsOpen);

        using AccessPolicy everywhere = Policy(("Limits:MessagesPerSecond", "5"), ("Limits:OnLoopback", "true"));
        Assert.False((await JudgeAsync(everywhere, Packets.Connect(), remote: Loopback)).Access!.Gate.IsOpen);
    }

    [Fact]
    public async Task An_open_connection_ends_when_its_credential_is_revoked_or_changed_and_no_other_does()
    {
        using AccessPolicy policy = Policy(("Users:gate", "secret"));
        Credential kept = Made("kept", "p", Meter, "m");
        policy.Replace([kept, Made("revoked", "p", Meter, "m"), Made("changed", "p", Meter, "m"), Made("gone", "p", Meter, "m")]);
        var accesses = new Dictionary<string, ClientAccess>();
        foreach (string user in (string[])["kept", "revoked", "changed", "gone"])
            accesses[user] = (await JudgeAsync(policy, Packets.Connect(user, user: user, password: "p"))).Access!;
        accesses["gate"] = (await JudgeAsync(policy, Packets.Connect("gate", user: "gate", password: "secret"))).Access!;
        accesses["anonymous"] = (await JudgeAsync(policy, Packets.Connect("anonymous"))).Access!;
        Assert.All(accesses.Values, access => Assert.Equal(ReasonCode.Success, policy.JudgeAgain(access)));

        policy.Replace([kept, Made("revoked", "p", Meter, "m") with { Enabled = false }, Made("changed", "p", Meter, "m") with { ChangedAt = Instant.FromUnixTimeSeconds(2) }]);

        Assert.Equal(["changed", "gone", "revoked"], accesses.Where(access => policy.JudgeAgain(access.Value) == ReasonCode.NotAuthorized).Select(access => access.Key).Order());
    }

    [Fact]
    public async Task An_open_connection_ends_when_somebody_bans_it()
    {
        using ServiceProvider services = Services();
        using var policy = services.GetRequiredService<AccessPolicy>();
        ClientAccess access = (await JudgeAsync(policy, Packets.Connect("evil"))).Access!;

        services.GetRequiredService<BanList>().Replace([new Ban(BanKind.Client, "evil")]);

        Assert.Equal(ReasonCode.AdministrativeAction, policy.JudgeAgain(access));
    }

    [Fact]
    public async Task Nobody_takes_a_proven_users_session_but_that_user_or_one_with_full_rights()
    {
        using AccessPolicy policy = Policy(("Users:operator", "p"));
        policy.Replace([Made("a", "p", Meter, "m"), Made("b", "p", Meter, "m")]);
        ClientAccess a = (await JudgeAsync(policy, Packets.Connect("c", user: "a", password: "p"))).Access!;
        ClientAccess full = (await JudgeAsync(policy, Packets.Connect("c", user: "operator", password: "p"))).Access!;
        ClientAccess anonymous = (await JudgeAsync(policy, Packets.Connect("c"))).Access!;

        Assert.True(a.MayTakeOver("a"u8) && a.MayTakeOver(""u8) && full.MayTakeOver("a"u8) && anonymous.MayTakeOver(""u8));
        Assert.False(a.MayTakeOver("b"u8) || anonymous.MayTakeOver("a"u8));
    }

    [Theory]
    [InlineData("Rights:Publish:0", "a/{devise}/#")]
    [InlineData("Users:gate", "pbkdf2-sha512$1000$broken")]
    [InlineData("Bans:Addresses:0", "10.0.0.0/99")]
    [InlineData("Limits:MaxTopicLevels", "0")]
    [InlineData("Bans:Duration", "00:00:00")]
    public void A_setting_that_cannot_be_meant_refuses_the_start(string key, string value)
    {
        using ServiceProvider services = Services((key, value));

        Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());
    }

    [Theory]
    [InlineData("a/b/c", true)]
    [InlineData("a/b/c/d", false)]
    [InlineData("abcdefghijk", false)]
    public void A_topic_may_be_neither_too_deep_nor_too_long(string topic, bool allowed) =>
        Assert.Equal(allowed, new LimitOptions { MaxTopicLevels = 3, MaxTopicBytes = 10 }.Allow(System.Text.Encoding.UTF8.GetBytes(topic)));

    private static IPEndPoint Loopback => new(IPAddress.Loopback, 40_000);

    private static Credential Made(string user, string? password, CredentialRights? rights, string? device = null) => new(
        user, password is null ? null : PasswordHash.Of(System.Text.Encoding.UTF8.GetBytes(password), 1_000).Encoded, device, null, rights, Enabled: true, Instant.FromUnixTimeSeconds(1), Instant.FromUnixTimeSeconds(1));

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create();
        var request = new CertificateRequest("CN=meter-7, O=City", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("meter-7.example.org");
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }

    private static AccessPolicy Policy(params (string Key, string Value)[] settings) => Services(settings).GetRequiredService<AccessPolicy>();

    private static ServiceProvider Services(params (string Key, string Value)[] settings) => new ServiceCollection()
        .AddLogging()
        .AddBroker(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create("Mqtt:" + s.Key, (string?)s.Value))).Build().GetSection("Mqtt"))
        .BuildServiceProvider();

    private static async Task<bool> JudgesAtOnceAsync(AccessPolicy policy, byte[] connect)
    {
        Task<AccessDecision> judging = Judge(policy, connect).AsTask();
        bool atOnce = judging.IsCompletedSuccessfully;
        await judging;
        return atOnce;
    }

    private static async Task<AccessDecision> JudgeAsync(AccessPolicy policy, byte[] connect, X509Certificate2? certificate = null, IPEndPoint? remote = null) =>
        await Judge(policy, connect, certificate, remote);

    private static ValueTask<AccessDecision> Judge(AccessPolicy policy, byte[] connect, X509Certificate2? certificate = null, IPEndPoint? remote = null)
    {
        var buffer = new ReadOnlySequence<byte>(connect);
        Assert.Equal(ReadStatus.Complete, FrameReader.TryReadFrame(ref buffer, 100_000, out Frame frame));
        Assert.Equal(ReadStatus.Complete, ConnectPacket.TryRead(frame, out ConnectPacket packet));
        string clientId = System.Text.Encoding.UTF8.GetString(packet.ClientId.ToArray());
        return policy.JudgeAsync(packet, clientId, new ConnectOrigin(remote ?? Outside, certificate), TestContext.Current.CancellationToken);
    }
}
