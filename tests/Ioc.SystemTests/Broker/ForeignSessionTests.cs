using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Broker;

/// <summary>Sessions, shared subscriptions and what 5.0 added to messages, as mosquitto's clients see them.</summary>
public sealed class ForeignSessionTests : IAsyncLifetime
{
    private LocalBroker _broker = null!;

    public async ValueTask InitializeAsync() => _broker = await LocalBroker.StartAsync();

    [Theory]
    [InlineData("311", "1")]
    [InlineData("311", "2")]
    [InlineData("5", "1")]
    [InlineData("5", "2")]
    public async Task A_mosquitto_that_was_away_gets_what_came_meanwhile(string version, string qos)
    {
        MosquittoClient.SkipUnlessInstalled();
        await SubscribeAndLeaveAsync(version, qos);
        foreach (string number in (string[])["1", "2", "3"])
            await MosquittoClient.PublishAsync(_broker.Port, version, "-t", "a/b", "-q", qos, "-m", number);

        using RunningClient back = Back(version, qos, "%q %p", "-C", "3");

        Assert.Equal($"{qos} 1", await back.ReadLineAsync());
        Assert.Equal($"{qos} 2", await back.ReadLineAsync());
        Assert.Equal($"{qos} 3", await back.ReadLineAsync());
        Assert.Equal(0, (await back.WaitAsync()).ExitCode);
    }

    [Theory]
    [InlineData("311", "0")]
    [InlineData("311", "2")]
    [InlineData("5", "1")]
    public async Task Two_mosquittos_share_a_subscription_and_each_message_goes_to_one(string version, string qos)
    {
        MosquittoClient.SkipUnlessInstalled();
        using RunningClient first = MosquittoClient.Start("mosquitto_sub", _broker.Port, version, "-t", "$share/rooms/a/#", "-t", "hello/first", "-q", qos, "-F", "%p");
        using RunningClient second = MosquittoClient.Start("mosquitto_sub", _broker.Port, version, "-t", "$share/rooms/a/#", "-t", "hello/second", "-q", qos, "-F", "%p");
        await Wait.UntilAsync(() => _broker.Subscriptions.Count == 4);

        using RunningClient publisher = MosquittoClient.Start("mosquitto_pub", _broker.Port, version, "-t", "a/b", "-q", qos, "-l");
        for (int number = 0; number < 40; number++)
            await publisher.Input.WriteLineAsync($"{number}");
        publisher.Input.Close();
        Assert.Equal(0, (await publisher.WaitAsync()).ExitCode);
        foreach (string name in (string[])["first", "second"])
            await MosquittoClient.PublishAsync(_broker.Port, version, "-t", $"hello/{name}", "-q", qos, "-m", "end");

        List<int> one = await NumbersAsync(first);
        List<int> other = await NumbersAsync(second);
        Assert.NotEmpty(one);
        Assert.NotEmpty(other);
        Assert.Equal(one.Order(), one);
        Assert.Equal(Enumerable.Range(0, 40), one.Concat(other).Order());
    }

    // [MQTT-3.3.2-5], [MQTT-3.3.2-6]
    [Fact]
    public async Task A_message_whose_time_is_over_is_not_delivered_and_another_tells_how_much_is_left()
    {
        MosquittoClient.SkipUnlessInstalled();
        await SubscribeAndLeaveAsync("5", "1");
        await MosquittoClient.PublishAsync(_broker.Port, "5", "-t", "a/b", "-q", "1", "-m", "brief", "-D", "publish", "message-expiry-interval", "1");
        await MosquittoClient.PublishAsync(_broker.Port, "5", "-t", "a/b", "-q", "1", "-m", "lasting", "-D", "publish", "message-expiry-interval", "600");
        var since = System.Diagnostics.Stopwatch.StartNew();
        await Wait.UntilAsync(() => since.ElapsedMilliseconds > 2_100);

        using RunningClient back = Back("5", "1", "%p %E", "-C", "1");

        string[] told = (await back.ReadLineAsync())!.Split(' ');
        Assert.Equal("lasting", told[0]);
        Assert.InRange(int.Parse(told[1], System.Globalization.CultureInfo.InvariantCulture), 500, 598);
    }

    [Fact]
    public async Task Mosquitto_is_told_by_number_which_of_its_subscriptions_matched_and_gets_user_properties_in_order()
    {
        MosquittoClient.SkipUnlessInstalled();
        using RunningClient subscriber = MosquittoClient.Start("mosquitto_sub", _broker.Port, "5", "-t", "a/#", "-D", "subscribe", "subscription-identifier", "42", "-F", "%S|%P|%p");
        await Wait.UntilAsync(() => _broker.Subscriptions.Count == 1);

        await MosquittoClient.PublishAsync(_broker.Port, "5", "-t", "a/b", "-q", "2", "-m", "x", "-D", "publish", "user-property", "first", "1", "-D", "publish", "user-property", "first", "2");

        Assert.Equal("42|first:1 first:2|x", await subscriber.ReadLineAsync());
    }

    [Fact]
    public async Task A_will_with_a_delay_does_not_go_out_when_mosquitto_is_back_in_time()
    {
        MosquittoClient.SkipUnlessInstalled();
        using RunningClient watcher = MosquittoClient.Start("mosquitto_sub", _broker.Port, "5", "-t", "wills/#", "-q", "1", "-F", "%t %p");
        await Wait.UntilAsync(() => _broker.Subscriptions.Count == 1);
        using RunningClient late = Doomed("late", "1");
        using RunningClient quick = Doomed("quick", "5");
        await Wait.UntilAsync(() => _broker.Subscriptions.Count == 3);
        late.Kill();
        quick.Kill();
        await Wait.UntilAsync(() => _broker.Connections == 1);

        using RunningClient back = MosquittoClient.Start("mosquitto_sub", _broker.Port, "5", "-c", "-i", "quick", "-x", "60", "-t", "quick");
        Assert.Equal("wills/late gone", await watcher.ReadLineAsync());
        var since = System.Diagnostics.Stopwatch.StartNew();
        await Wait.UntilAsync(() => since.ElapsedMilliseconds > 5_500);
        await MosquittoClient.PublishAsync(_broker.Port, "5", "-t", "wills/end", "-q", "1", "-m", "end");
        Assert.Equal("wills/end end", await watcher.ReadLineAsync());
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    private async Task SubscribeAndLeaveAsync(string version, string qos)
    {
        using RunningClient subscriber = MosquittoClient.Start("mosquitto_sub", _broker.Port, version, [.. Session(version), "-t", "a/#", "-q", qos, "-E"]);
        Assert.Equal(0, (await subscriber.WaitAsync()).ExitCode);
        await Wait.UntilAsync(() => _broker.Connections == 0);
    }

    private RunningClient Back(string version, string qos, string format, params string[] more) =>
        MosquittoClient.Start("mosquitto_sub", _broker.Port, version, [.. Session(version), "-t", "a/#", "-q", qos, "-F", format, .. more]);

    private RunningClient Doomed(string name, string delaySeconds) => MosquittoClient.Start(
        "mosquitto_sub", _broker.Port, "5", "-c", "-i", name, "-x", "60", "-t", name,
        "--will-topic", $"wills/{name}", "--will-payload", "gone", "--will-qos", "1", "-D", "will", "will-delay-interval", delaySeconds);

    private static string[] Session(string version) => ["-c", "-i", "room", .. (version == "5" ? (string[])["-x", "600"] : [])];

    private static async Task<List<int>> NumbersAsync(RunningClient subscriber)
    {
        var numbers = new List<int>();
        while (await subscriber.ReadLineAsync() is { } line and not "end")
            numbers.Add(int.Parse(line, System.Globalization.CultureInfo.InvariantCulture));
        return numbers;
    }
}
