using Ioc.Broker.Upstream;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker.Upstream;

public class UpstreamHandshakeTests
{
    private static readonly byte[] Granted = [1];

    [Fact]
    public async Task Our_session_lasts_and_our_limits_are_told_in_5_0()
    {
        using var broker = new FakeBroker();
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("password"), "geheim\n", TestContext.Current.CancellationToken);
        await using var link = new RunningLink(broker.Port, config =>
        {
            config.UserName = "ioc";
            config.PasswordFile = folder.File("password");
            config.SessionExpiry = TimeSpan.FromSeconds(3_600);
            config.ReceiveMaximum = 20;
            config.KeepAlive = TimeSpan.FromSeconds(300);
            config.Qos = 2;
            config.Filters.Add("$share/ioc/tele/#");
            config.Filters.Add("shellies/+/online");
        });

        using FakeBrokerSide side = await broker.AcceptAsync();
        byte[] connect = await side.ReadAsync();
        await side.SendAsync(FakeBroker.Connack());
        byte[] subscribe = await side.ReadAsync();

        // Session expiry 0x11, Receive Maximum 0x21, Maximum Packet Size 0x27, Topic Alias Maximum 0x22.
        byte[] properties = [0x11, 0, 0, 0x0E, 0x10, 0x21, 0, 20, 0x27, 0, 1, 0, 0, 0x22, 0, 64];
        Assert.Equal(Packets.Connect("ioc-1", level: 5, clean: false, keepAlive: 300, properties: properties, user: "ioc", password: "geheim"), connect);

        // QoS 2, retained messages only with a new subscription.
        Assert.Equal(Packets.Packet(0x82, [0, 1, 0, .. Packets.Text("$share/ioc/tele/#"), 0x12, .. Packets.Text("shellies/+/online"), 0x12]), subscribe);
    }

    [Fact]
    public async Task In_3_1_1_nothing_is_said_that_it_does_not_know()
    {
        using var broker = new FakeBroker();
        await using var link = new RunningLink(broker.Port, config => config.Version = "3.1.1");

        using FakeBrokerSide side = await broker.AcceptAsync();
        byte[] connect = await side.ReadAsync();
        await side.SendAsync(FakeBroker.Connack(v5: false));

        Assert.Equal(Packets.Connect("ioc-1", clean: false), connect);
        Assert.Equal(Packets.Subscribe("$share/ioc/#", options: 1), await side.ReadAsync());
    }

    [Theory]
    [InlineData("5", 0x87, "NotAuthorized")]
    [InlineData("3.1.1", 5, "NotAuthorized")]
    [InlineData("5", 0x9F, "ConnectionRateExceeded")]
    public async Task A_refusal_is_shown_and_it_is_tried_again(string version, byte code, string reason)
    {
        using var broker = new FakeBroker();
        await using var link = new RunningLink(broker.Port, config => config.Version = version);

        using (FakeBrokerSide refused = await broker.AcceptAsync())
        {
            await refused.ReadAsync();
            await refused.SendAsync(FakeBroker.Connack(version == "5", code));
            Assert.Null(await refused.ReadOrEndAsync());
        }

        await Wait.UntilAsync(() => link.Status.LastError?.Contains(reason, StringComparison.Ordinal) == true);
        Assert.Null(link.Status.ConnectedSince);
        using FakeBrokerSide side = await broker.ServeAsync(version == "5");
        await Wait.UntilAsync(() => link.Status is { Phase: UpstreamPhase.Connected, Connections: 1 });
    }

    [Fact]
    public async Task A_filter_that_is_refused_is_shown_and_the_others_are_taken()
    {
        using var broker = new FakeBroker();
        await using var link = new RunningLink(broker.Port, config =>
        {
            config.Filters.Add("tele/#");
            config.Filters.Add("secret/#");
        });

        using FakeBrokerSide side = await broker.ServeAsync(codes: [0, 0x87]);
        await side.SendAsync(FakeBroker.Publish(topic: "tele/x"));

        Assert.Equal(Packets.Puback(), await side.ReadAsync());
        Assert.Equal([new UpstreamSubscription("tele/#", 0, null), new UpstreamSubscription("secret/#", null, "NotAuthorized")], link.Status.Subscriptions);
    }

    [Fact]
    public async Task When_every_filter_is_refused_it_asks_again_later()
    {
        using var broker = new FakeBroker();
        await using var link = new RunningLink(broker.Port);

        using FakeBrokerSide refused = await broker.ServeAsync(codes: [0x87]);
        Assert.Equal(Packets.Disconnect(), await refused.ReadAsync());
        Assert.Null(await refused.ReadOrEndAsync());
        await Wait.UntilAsync(() => link.Status.LastError?.Contains("refuses every filter: NotAuthorized", StringComparison.Ordinal) == true);

        using FakeBrokerSide side = await broker.ServeAsync();
        await Wait.UntilAsync(() => link.Status.Subscriptions[0].GrantedQos == Granted[0]);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("")]
    public async Task Who_is_no_broker_is_left(string answer)
    {
        using var broker = new FakeBroker();
        await using var link = new RunningLink(broker.Port, config => config.ConnectTimeout = TimeSpan.FromMilliseconds(300));

        using FakeBrokerSide side = await broker.AcceptAsync();
        await side.ReadAsync();
        await side.SendAsync(System.Text.Encoding.ASCII.GetBytes(answer));

        Assert.Null(await side.ReadOrEndAsync());
        await Wait.UntilAsync(() => link.Status.LastError is not null);
        Assert.Contains(answer.Length > 0 ? "no MQTT broker" : "no answer within 0.3 s", link.Status.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subscription_that_is_never_answered_ends_the_connection()
    {
        using var broker = new FakeBroker();
        await using var link = new RunningLink(broker.Port, config => config.ConnectTimeout = TimeSpan.FromMilliseconds(300));

        using FakeBrokerSide side = await broker.AcceptAsync();
        await side.ReadAsync();
        await side.SendAsync(FakeBroker.Connack());
        await side.ReadAsync();

        Assert.Equal(Packets.Disconnect(), await side.ReadAsync());
        await Wait.UntilAsync(() => link.Status.LastError == "no answer to SUBSCRIBE within 0.3 s");
    }

    [Fact]
    public async Task Messages_that_wait_in_the_session_may_come_before_the_answer_to_our_subscription()
    {
        using var broker = new FakeBroker();
        await using var link = new RunningLink(broker.Port);

        using FakeBrokerSide side = await broker.AcceptAsync();
        await side.ReadAsync();
        await side.SendAsync([.. FakeBroker.Connack(sessionPresent: true), .. FakeBroker.Publish(packetId: 7), .. FakeBroker.Publish(packetId: 8)]);

        Assert.Equal(Packets.Subscribe("$share/ioc/#", options: 0x11, properties: []), await side.ReadAsync());
        Assert.Equal(Packets.Puback(7), await side.ReadAsync());
        Assert.Equal(Packets.Puback(8), await side.ReadAsync());
        Assert.True(link.Status.SessionPresent);
    }
}
