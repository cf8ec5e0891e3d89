using System.Net;
using Ioc.Broker;
using Ioc.Broker.Connections;
using Ioc.Broker.Routing;
using Ioc.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Ioc.SystemTests.Broker;

/// <summary>The broker as somebody else's clients see it.</summary>
public sealed class ForeignClientTests : IAsyncLifetime
{
    private readonly MemoryJournal _journal = new();
    private WebApplication _app = null!;
    private int _port;

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("Mqtt:Users:gate", (string?)"secret"), KeyValuePair.Create("Mqtt:MaxPacketBytes", (string?)"100000")]);
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseConnectionHandler<MqttConnectionHandler>()));
        builder.Services.AddSingleton<IPublishHandler>(_journal);
        builder.Services.AddBroker(builder.Configuration.GetSection("Mqtt"));
        _app = builder.Build();
        await _app.StartAsync();
        _port = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
    }

    [Theory]
    [InlineData("311", "0")]
    [InlineData("311", "1")]
    [InlineData("5", "0")]
    [InlineData("5", "1")]
    public async Task Mosquitto_publishes_and_mosquitto_receives(string version, string qos)
    {
        MosquittoClient.SkipUnlessInstalled();
        using RunningClient subscriber = await SubscribeAsync(version, qos);

        (int exitCode, string errors) = await MosquittoClient.PublishAsync(_port, version, "-t", "tele/meter/SENSOR", "-q", qos, "-m", "{\"Power\":12}");

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Equal("tele/meter/SENSOR {\"Power\":12}", await subscriber.ReadLineAsync());
        Assert.Equal(["tele/meter/SENSOR"], _journal.Topics);
    }

    [Theory]
    [InlineData("311")]
    [InlineData("5")]
    public async Task Mosquitto_streams_a_thousand_messages_at_qos_1_through_its_window(string version)
    {
        MosquittoClient.SkipUnlessInstalled();
        using RunningClient publisher = MosquittoClient.Start("mosquitto_pub", _port, version, "-t", "t", "-q", "1", "-l");

        for (int i = 0; i < 1_000; i++)
            await publisher.Input.WriteLineAsync($"{{\"n\":{i}}}");
        publisher.Input.Close();

        Assert.Equal((0, ""), await publisher.WaitAsync());
        Assert.Equal(1_000, _journal.Topics.Count);
    }

    [Theory]
    [InlineData("311")]
    [InlineData("5")]
    public async Task Mosquitto_gets_a_retained_message_and_clears_it(string version)
    {
        MosquittoClient.SkipUnlessInstalled();
        await MosquittoClient.PublishAsync(_port, version, "-t", "a/state", "-q", "1", "-r", "-m", "on");

        using RunningClient subscriber = MosquittoClient.Start("mosquitto_sub", _port, version, "-t", "a/+", "-q", "1", "-F", "%r %q %p", "-C", "1");
        Assert.Equal("1 1 on", await subscriber.ReadLineAsync());

        await MosquittoClient.PublishAsync(_port, version, "-t", "a/state", "-q", "1", "-r", "-n");
        Assert.Equal(0, _app.Services.GetRequiredService<RetainedStore>().Count);
    }

    [Theory]
    [InlineData("311")]
    [InlineData("5")]
    public async Task The_will_of_a_killed_mosquitto_reaches_the_subscriber(string version)
    {
        MosquittoClient.SkipUnlessInstalled();
        using RunningClient subscriber = await SubscribeAsync(version, "1");
        using RunningClient doomed = MosquittoClient.Start("mosquitto_sub", _port, version, "-i", "doomed", "-t", "x", "--will-topic", "tele/LWT", "--will-payload", "Offline", "--will-qos", "1");
        await Wait.UntilAsync(() => _app.Services.GetRequiredService<SubscriptionTree>().Count == 2);

        doomed.Kill();

        Assert.Equal("tele/LWT Offline", await subscriber.ReadLineAsync());
    }

    [Theory]
    [InlineData("311")]
    [InlineData("5")]
    public async Task Mosquitto_with_a_wrong_password_is_told_so(string version)
    {
        MosquittoClient.SkipUnlessInstalled();

        (int good, _) = await MosquittoClient.PublishAsync(_port, version, "-t", "t", "-q", "1", "-m", "x", "-u", "gate", "-P", "secret");
        (int bad, string errors) = await MosquittoClient.PublishAsync(_port, version, "-t", "t", "-q", "1", "-m", "x", "-u", "gate", "-P", "guess");

        Assert.Equal(0, good);
        Assert.NotEqual(0, bad);
        Assert.NotEmpty(errors);
        Assert.Single(_journal.Topics);
    }

    [Fact]
    public async Task Mosquitto_carries_5_0_properties_through()
    {
        MosquittoClient.SkipUnlessInstalled();
        using RunningClient subscriber = MosquittoClient.Start("mosquitto_sub", _port, "5", "-t", "#", "-F", "%C|%P|%R|%p");
        await Wait.UntilAsync(() => _app.Services.GetRequiredService<SubscriptionTree>().Count == 1);

        await MosquittoClient.PublishAsync(_port, "5", "-t", "t", "-m", "x", "-D", "publish", "content-type", "text/plain", "-D", "publish", "user-property", "k", "v", "-D", "publish", "response-topic", "r/t");

        Assert.Equal("text/plain|k:v|r/t|x", await subscriber.ReadLineAsync());
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }

    private async Task<RunningClient> SubscribeAsync(string version, string qos)
    {
        RunningClient subscriber = MosquittoClient.Start("mosquitto_sub", _port, version, "-v", "-t", "tele/#", "-q", qos);
        await Wait.UntilAsync(() => _app.Services.GetRequiredService<SubscriptionTree>().Count == 1);
        return subscriber;
    }
}
