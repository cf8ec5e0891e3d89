using System.Text;
using Ioc.Broker;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker.Conformance;

public class ConnectConformanceTests
{
    // [MQTT-3.1.3-5], [MQTT-3.1.4-5]
    [Theory]
    [InlineData("0")]
    [InlineData("0123456789abcdefghijklm")]
    [InlineData("nopqrstuvwxyzABCDEFGHIJ")]
    [InlineData("KLMNOPQRSTUVWXYZ")]
    public async Task A_client_id_of_1_to_23_letters_and_digits_is_let_in(string clientId)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient old = await host.OpenAsync();
        await old.SendAsync(Packets.Connect(clientId));
        Assert.Equal([0x20, 2, 0, 0], await old.ReadAsync());

        await using TestClient young = await host.OpenAsync();
        await young.SendAsync(Packets.Connect(clientId, level: 5));
        byte[] connack = await young.ReadAsync();
        Assert.Equal((0x20, 0), (connack[0], Steps.Reason(connack)));
    }

    // [MQTT-3.1.3-6]
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Clients_without_an_id_get_one_each(byte level)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient first = await host.ConnectAsync(Packets.Connect("", level));
        await using TestClient second = await host.ConnectAsync(Packets.Connect("", level));

        byte[]? properties = level == 5 ? Packets.None : null;
        await first.SendAsync(Packets.Publish("t", qos: 1, packetId: 1, properties: properties));
        await first.ReadAsync();
        await second.SendAsync(Packets.Publish("t", qos: 1, packetId: 1, properties: properties));
        await second.ReadAsync();

        string[] ids = [.. host.Journal.Records.Select(record => ClientIdOf(record.Header))];
        Assert.Equal(2, ids.Distinct().Count());
        Assert.DoesNotContain("", ids);
    }

    // [MQTT-3.1.3-7]
    [Fact]
    public async Task An_id_that_was_assigned_is_told_and_is_as_good_as_one_that_was_brought()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        TestClient client = await host.OpenAsync();
        await client.SendAsync(Packets.Connect("", level: 5, clean: false, properties: [0x11, 0, 0, 0, 100]));
        string assigned = Encoding.UTF8.GetString(Steps.Properties(await client.ReadAsync()).Single(property => property.Id == 0x12).Value[2..]);
        await client.PublishAsync("t", "x");
        Assert.Equal(assigned, ClientIdOf(host.Journal.Records.Single().Header));
        client.Drop();

        await using TestClient again = await host.OpenAsync();
        await again.SendAsync(Packets.Connect(assigned, level: 5, clean: false));

        byte[] connack = await again.ReadAsync();
        Assert.Equal([1, 0], connack[2..4]);
        Assert.DoesNotContain(Steps.Properties(connack), property => property.Id == 0x12);
    }

    // [MQTT-3.1.3-8] the client id of another user's session; 3.1.1 has return code 2 for it.
    [Theory]
    [InlineData(4, 2)]
    [InlineData(5, 0x85)]
    public async Task A_client_id_that_is_refused_is_answered_as_such_and_the_connection_ends(byte level, int reason)
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("Users:one", "1"), ("AllowAnonymous", "true"));
        await using TestClient owner = await host.ConnectAsync(Packets.Connect("device", level: 5, user: "one", password: "1", properties: [0x11, 0, 0, 0, 100]));
        await using TestClient stranger = await host.OpenAsync();

        await stranger.SendAsync(Packets.Connect("device", level));

        byte[] connack = (await stranger.ReadToEndAsync()).Single();
        Assert.Equal((0x20, reason), (connack[0], connack[3]));
        await owner.HearsNothingAsync();
    }

    // [MQTT-3.1.3-8] (3.1.1)
    [Fact]
    public async Task An_old_client_without_an_id_cannot_ask_for_its_session()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.OpenAsync();

        await client.SendAsync(Packets.Connect("", clean: false));

        Assert.Equal([0x20, 2, 0, 2], (await client.ReadToEndAsync()).Single());
    }

    // [MQTT-3.1.4-1]: the reserved flag, will QoS 3, a password without a user name's flag in 3.1.1, bytes behind the end.
    [Theory]
    [InlineData(4, 0x03)]
    [InlineData(4, 0x1E)]
    [InlineData(4, 0x42)]
    [InlineData(4, 0x102)]
    [InlineData(5, 0x03)]
    [InlineData(5, 0x1E)]
    [InlineData(5, 0x102)]
    public async Task A_connect_that_is_not_as_it_should_be_ends_the_connection_in_3_1_1_without_a_word(byte level, int flags)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.OpenAsync();
        byte[] tail = flags > 0xFF ? [0] : [];

        await client.SendAsync(Packets.Packet(0x10, [.. Packets.Text("MQTT"), level, (byte)flags, 0, 60, .. level == 5 ? new byte[] { 0 } : [], .. Packets.Text("c"), .. tail]));

        List<byte[]> answers = await client.ReadToEndAsync();
        if (level == 4)
            Assert.Empty(answers);
        else
            Assert.All(answers, connack => Assert.Equal((0x20, true), (connack[0], Steps.Reason(connack) >= 0x80)));
    }

    // [MQTT-3.1.4-2]
    [Theory]
    [InlineData(4, 4)]
    [InlineData(5, 0x86)]
    public async Task A_client_that_does_not_prove_itself_is_cut_off(byte level, int reason)
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("Users:one", "1"));
        await using TestClient client = await host.OpenAsync();

        await client.SendAsync(Packets.Connect("c", level, user: "one", password: "wrong"));

        Assert.Equal(reason, (await client.ReadToEndAsync()).Single()[3]);
        await Wait.UntilAsync(() => host.Counters.Connections == 0);
    }

    // [MQTT-3.1.4-6]
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task What_comes_behind_a_refused_connect_is_not_processed(byte level)
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("AllowAnonymous", "false"));
        await using TestClient client = await host.OpenAsync();
        byte[]? properties = level == 5 ? Packets.None : null;

        await client.SendAsync([.. Packets.Connect("c", level), .. Packets.Publish("t", qos: 1, properties: properties), .. Packets.Subscribe("t", properties: properties), .. Packets.Pingreq()]);

        Assert.Single(await client.ReadToEndAsync());
        Assert.Empty(host.Journal.Records);
        Assert.Equal(0, host.Service<Ioc.Broker.Routing.SubscriptionTree>().Count);
    }

    private static string ClientIdOf(byte[] header)
    {
        Assert.True(PublishHeader.TryRead(header, out PublishHeader read));
        return Encoding.UTF8.GetString(read.ClientId);
    }
}
