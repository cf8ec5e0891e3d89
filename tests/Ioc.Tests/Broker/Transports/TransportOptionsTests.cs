using Ioc.Broker;
using Ioc.Broker.Transports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Ioc.Tests.Broker.Transports;

public sealed class TransportOptionsTests
{
    [Theory]
    [InlineData("Tls:Key=x.key", "no Certificate")]
    [InlineData("Tls:Certificate=x.pem;Tls:ClientCertificate=Required", "ClientCa names no file")]
    [InlineData("Tls:Certificate=x.pem;Tls:ClientCa=ca.pem", "would not be looked at")]
    [InlineData("Plain=false;WebSocket:Enabled=false", "no device could connect")]
    [InlineData("ProxyTrusted:0=balancer", "neither an IP address nor a network")]
    [InlineData("ProxyTrusted:0=10.0.0.0/33", "neither an IP address nor a network")]
    [InlineData("WebSocket:Origins:0=ioc.example.vn", "not an origin")]
    [InlineData("WebSocket:Origins:0=https://ioc.example.vn/page", "not an origin")]
    [InlineData("Tls:Port=70000", "Port")]
    [InlineData("MaxOpening=0", "MaxOpening")]
    public void Settings_that_would_only_fail_in_the_field_are_refused_at_start(string settings, string reason)
    {
        var refused = Assert.Throws<OptionsValidationException>(() => Read<TransportOptions>(settings));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_mqtt_and_websocket_are_open_and_nothing_else_is()
    {
        TransportOptions options = Read<TransportOptions>("");

        Assert.True(options is { Plain: true, WebSocket.Enabled: true, ProxyProtocol: false, Tls.IsEnabled: false });
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("ProxyProtocol=true;Users:gate=secret", false)]
    [InlineData("ProxyProtocol=true;AllowAnonymous=true", true)]
    public void Behind_a_balancer_loopback_is_no_reason_to_let_strangers_in(string settings, bool anonymous) =>
        Assert.Equal(anonymous, Read<BrokerOptions>(settings).IsAnonymousAllowed);

    private static T Read<T>(string settings)
        where T : class
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split('=')).Select(parts => KeyValuePair.Create("Mqtt:" + parts[0], (string?)parts[1])))
            .Build();
        using ServiceProvider services = new ServiceCollection()
            .AddBroker(configuration.GetSection("Mqtt"))
            .AddTransports(configuration.GetSection("Mqtt"))
            .BuildServiceProvider();
        return services.GetRequiredService<IOptions<T>>().Value;
    }
}
