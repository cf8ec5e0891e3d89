using System.Net;
using System.Net.Sockets;
using Ioc.Server.Hosting;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Ioc.Tests.Server;

public sealed class ListenersTests
{
    [Fact]
    public void Port_zero_is_the_same_free_port_on_both_loopback_addresses()
    {
        using Listeners listeners = Listeners.Bind(Settings(("Mqtt:Port", "0"), ("Urls", "http://127.0.0.1:0;http://[::1]:0")));

        Assert.All(listeners.Mqtt, endPoint => Assert.Equal(listeners.MqttPort, endPoint.Port));
        Assert.All(listeners.Web, endPoint => Assert.Equal(listeners.WebPort, endPoint.Port));
        Assert.NotEqual(0, listeners.MqttPort);
    }

    [Fact]
    public void A_busy_port_is_said_with_the_setting_that_names_it()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        string port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

        var refused = Assert.Throws<StartupException>(() => Listeners.Bind(Settings(("Mqtt:Port", port), ("Urls", "http://127.0.0.1:0"))));

        Assert.Contains("Mqtt:Port", refused.Message, StringComparison.Ordinal);
        Assert.Contains(port, refused.Message, StringComparison.Ordinal);
        Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_a_certificate_there_is_an_encrypted_port_and_a_busy_one_is_said_with_its_own_setting()
    {
        (string, string)[] settings = [("Mqtt:Plain", "false"), ("Mqtt:Tls:Certificate", "server.pem"), ("Urls", "http://127.0.0.1:0")];
        using Listeners listeners = Listeners.Bind(Settings([("Mqtt:Tls:Port", "0"), .. settings]));

        Assert.Empty(listeners.Mqtt);
        Assert.Contains(listeners.MqttTls, endPoint => endPoint.Address.Equals(IPAddress.Loopback));

        listeners.Take(listeners.MqttTls[0]).Listen();
        string port = listeners.MqttTls[0].Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var refused = Assert.Throws<StartupException>(() => Listeners.Bind(Settings([("Mqtt:Tls:Port", port), .. settings])));
        Assert.Contains("Mqtt:Tls:Port", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_that_is_no_number_is_named()
    {
        var refused = Assert.Throws<StartupException>(() => Listeners.Bind(Settings(("Mqtt:Tls:Port", "encrypted"))));

        Assert.Contains("Mqtt:Tls:Port", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", "reachable from outside")]
    [InlineData("https://127.0.0.1:0", "not an http:// address")]
    [InlineData("http://example.test:0", "neither localhost nor an IP address")]
    [InlineData("", "no address given")]
    public void An_address_that_will_not_do_is_refused_with_its_reason(string urls, string reason)
    {
        var refused = Assert.Throws<StartupException>(() => Listeners.Bind(Settings(("Mqtt:Port", "0"), ("Urls", urls))));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Settings(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
}
