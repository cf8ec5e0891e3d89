using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker.Conformance;

public class EnhancedAuthConformanceTests
{
    // [MQTT-4.12.0-1]
    [Fact]
    public async Task A_method_that_is_not_served_ends_the_connection()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.OpenAsync();

        await client.SendAsync(Packets.Connect("c", level: 5, properties: [0x15, .. Packets.Text("SCRAM-SHA-1"), 0x16, 0, 2, 1, 2]));

        byte[] connack = (await client.ReadToEndAsync()).Single();
        Assert.Equal((0x20, 0x8C), (connack[0], Steps.Reason(connack)));
    }

    // [MQTT-4.12.0-6]
    [Theory]
    [InlineData("wrong", 0x86)]
    [InlineData("right", 0)]
    public async Task Without_a_method_the_server_sends_neither_auth_nor_a_method(string password, int reason)
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("Users:u", "right"));
        await using TestClient client = await host.OpenAsync();

        await client.SendAsync(Packets.Connect("c", level: 5, user: "u", password: password));

        byte[] connack = await client.ReadAsync();
        Assert.Equal((0x20, reason), (connack[0], Steps.Reason(connack)));
        Assert.DoesNotContain(Steps.Properties(connack), property => property.Id is 0x15 or 0x16);
    }

    // [MQTT-4.12.0-7]
    [Theory]
    [InlineData("F0 00")]
    [InlineData("F0 06 19 04 15 00 01 58")]
    public async Task Without_a_method_an_auth_from_the_client_is_a_protocol_error(string bytes)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("c", Packets.Quiet);

        await client.SendAsync(Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)));

        Assert.Equal([0xE0, 1, 0x82], (await client.ReadToEndAsync()).Single());
    }
}
