using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker.Conformance;

public class ErrorConformanceTests
{
    // [MQTT-3.14.0-1]
    [Theory]
    [InlineData("C0 00")] // not CONNECT
    [InlineData("F0 00")] // AUTH
    [InlineData("10 0D 00 04 4D 51 54 54 05 03 00 3C 00 00 00")] // the reserved flag
    [InlineData("10 10 00 04 4D 51 54 54 05 02 00 3C 03 21 00 00 00 00")] // Receive Maximum 0
    public async Task Before_connack_the_server_says_no_disconnect(string bytes)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.OpenAsync();

        await client.SendAsync(Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)));

        Assert.DoesNotContain(await client.ReadToEndAsync(), packet => packet[0] == 0xE0);
    }

    // [MQTT-4.13.1-1], [MQTT-3.14.2-2], [MQTT-3.14.4-1], [MQTT-3.14.4-2]: a packet with flags it may not have, a type that does not exist, QoS 3, a
    // wildcard in a topic, SUBSCRIBE without filters, CONNECT again, what only servers send, an alias never set.
    [Theory]
    [InlineData("C1 00", 0x81)]
    [InlineData("00 00", 0x81)]
    [InlineData("36 06 00 01 61 00 01 00", 0x81)]
    [InlineData("30 04 00 01 23 00", 0x90)]
    [InlineData("82 03 00 01 00", 0x82)]
    [InlineData("20 03 00 00 00", 0x82)]
    [InlineData("D0 00", 0x82)]
    [InlineData("90 04 00 01 00 00", 0x82)]
    [InlineData("30 06 00 00 03 23 00 01", 0x82)]
    public async Task A_malformed_packet_or_protocol_error_is_told_once_and_ends_the_connection(string bytes, int reason)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("c", 0x11, 0, 0, 0, 100);
        byte[] wrong = Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal));

        await client.SendAsync([.. wrong, .. Packets.Publish("t", qos: 1, properties: []), .. Packets.Pingreq()]);

        byte[] last = (await client.ReadToEndAsync()).Single();
        Assert.Equal(0xE0, last[0]);
        Assert.Contains(Steps.Reason(last), new[] { reason, 0x81, 0x82 });
        Assert.DoesNotContain(Steps.Properties(last), property => property.Id == 0x11);
        Assert.Empty(host.Journal.Records);
    }

    // 3.1.1: [MQTT-4.8.0-1]
    [Theory]
    [InlineData("C1 00")]
    [InlineData("36 05 00 01 61 00 01")]
    [InlineData("82 02 00 01")]
    [InlineData("F0 00")]
    public async Task In_3_1_1_an_error_ends_the_connection_without_a_word(string bytes)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect());

        await client.SendAsync([.. Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)), .. Packets.Publish("t", qos: 1)]);

        Assert.Empty(await client.ReadToEndAsync());
        Assert.Empty(host.Journal.Records);
    }

    // [MQTT-4.13.2-1]
    [Theory]
    [InlineData(0x00)]
    [InlineData(0x04)]
    [InlineData(0x80)]
    [InlineData(0x82)]
    [InlineData(0x93)]
    public async Task A_clients_disconnect_ends_the_connection_whatever_its_reason(byte reason)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("c");

        await client.SendAsync([0xE0, 1, reason, .. Packets.Publish("t", properties: []), .. Packets.Pingreq()]);

        Assert.Empty(await client.ReadToEndAsync());
        Assert.Empty(host.Journal.Records);
        await Wait.UntilAsync(() => host.Counters.Connections == 0);
    }

    // [MQTT-4.8.0-2] (3.1.1)
    [Fact]
    public async Task An_error_of_the_servers_while_it_works_on_a_packet_ends_the_connection()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect());
        host.Journal.Hold();
        await client.SendAsync(Packets.Publish("t", qos: 1));
        await Wait.UntilAsync(() => host.Journal.Records.Count == 1);

        host.Journal.Break();

        Assert.Empty(await client.ReadToEndAsync());
    }
}
