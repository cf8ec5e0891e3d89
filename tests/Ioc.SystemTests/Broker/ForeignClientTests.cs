using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Broker;

/// <summary>The broker as somebody else's clients see it.</summary>
public sealed class ForeignClientTests : IAsyncLifetime
{
    private LocalBroker _broker = null!;

    public async ValueTask InitializeAsync() => _broker = await LocalBroker.StartAsync();

    [Theory]
    [InlineData("311", "0")]
    [InlineData("311", "1")]
    [InlineData("311", "2")]
    [InlineData("5", "0")]
    [InlineData("5", "1")]
    [InlineData("5", "2")]
    public async Task Mosquitto_publishes_and_mosquitto_receives(string version, string qos)
    {
        MosquittoClient.SkipUnlessInstalled();
        using RunningClient subscriber = await SubscribeAsync(version, qos);

        (int exitCode, string errors) = await MosquittoClient.PublishAsync(_broker.Port, version, "-t", "tele/meter/SENSOR", "-q", qos, "-m", "{\"Power\":12}");

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Equal("tele/meter/SENSOR {\"Power\":12}", await subscriber.ReadLineAsync());
        Assert.Equal(["tele/meter/SENSOR"], _broker.Journal.Topics);
    }

    [Theory]
    [InlineData("311", "1")]
    [InlineData("311", "2")]
    [InlineData("5", "1")]
    [InlineData("5", "2")]
    public async Task Mosquitto_streams_a_thousand_messages_through_its_window(string version, string qos)
    {
        MosquittoClient.SkipUnlessInstalled();
        using RunningClient publisher = MosquittoClient.Start("mosquitto_pub", _broker.Port, version, "-t", "t", "-q", qos, "-l");

        for (int i = 0; i < 1_000; i++)
            await publisher.Input.WriteLineAsync($"{{\"n\":{i}}}");
        publisher.Input.Close();

        Assert.Equal((0, ""), await publisher.WaitAsync());
        Assert.Equal(1_000, _broker.Journal.Topics.Count);
    }

    [Theory]
    [InlineData("311")]
    [InlineData("5")]
    public async Task Mosquitto_gets_a_retained_message_and_clears_it(string version)
    {
        MosquittoClient.SkipUnlessInstalled();
        await MosquittoClient.PublishAsync(_broker.Port, version, "-t", "a/state", "-q", "1", "-r", "-m", "on");

        using RunningClient subscriber = MosquittoClient.Start("mosquitto_sub", _broker.Port, version, "-t", "a/+", "-q", "1", "-F", "%r %q %p", "-C", "1");
        Assert.Equal("1 1 on", await subscriber.ReadLineAsync());

        await MosquittoClient.PublishAsync(_broker.Port, version, "-t", "a/state", "-q", "1", "-r", "-n");
        Assert.Equal(0, _broker.Retained.Count);
    }

    [Theory]
    [InlineData("311")]
    [InlineData("5")]
    public async Task The_will_of_a_killed_mosquitto_reaches_the_subscriber(string version)
    {
        MosquittoClient.SkipUnlessInstalled();
        using RunningClient subscriber = await SubscribeAsync(version, "1");
        using RunningClient doomed = MosquittoClient.Start("mosquitto_sub", _broker.Port, version, "-i", "doomed", "-t", "x", "--will-topic", "tele/LWT", "--will-payload", "Offline", "--will-qos", "1");
        await Wait.UntilAsync(() => _broker.Subscriptions.Count == 2);

        doomed.Kill();

        Assert.Equal("tele/LWT Offline", await subscriber.ReadLineAsync());
    }

    [Theory]
    [InlineData("311")]
    [InlineData("5")]
    public async Task Mosquitto_with_a_wrong_password_is_told_so(string version)
    {
        MosquittoClient.SkipUnlessInstalled();

        (int good, _) = await MosquittoClient.PublishAsync(_broker.Port, version, "-t", "t", "-q", "1", "-m", "x", "-u", "gate", "-P", "secret");
        (int bad, string errors) = await MosquittoClient.PublishAsync(_broker.Port, version, "-t", "t", "-q", "1", "-m", "x", "-u", "gate", "-P", "guess");

        Assert.Equal(0, good);
        Assert.NotEqual(0, bad);
        Assert.NotEmpty(errors);
        Assert.Single(_broker.Journal.Topics);
    }

    [Fact]
    public async Task Mosquitto_carries_5_0_properties_through()
    {
        MosquittoClient.SkipUnlessInstalled();
        using RunningClient subscriber = MosquittoClient.Start("mosquitto_sub", _broker.Port, "5", "-t", "#", "-F", "%C|%P|%R|%p");
        await Wait.UntilAsync(() => _broker.Subscriptions.Count == 1);

        await MosquittoClient.PublishAsync(_broker.Port, "5", "-t", "t", "-m", "x", "-D", "publish", "content-type", "text/plain", "-D", "publish", "user-property", "k", "v", "-D", "publish", "response-topic", "r/t");

        Assert.Equal("text/plain|k:v|r/t|x", await subscriber.ReadLineAsync());
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    private async Task<RunningClient> SubscribeAsync(string version, string qos)
    {
        RunningClient subscriber = MosquittoClient.Start("mosquitto_sub", _broker.Port, version, "-v", "-t", "tele/#", "-q", qos);
        await Wait.UntilAsync(() => _broker.Subscriptions.Count == 1);
        return subscriber;
    }
}
