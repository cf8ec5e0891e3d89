using System.Globalization;
using System.Text.Json;
using Ioc.SystemTests.Servers;
using Ioc.SystemTests.Simulators;
using Ioc.Testing;

namespace Ioc.SystemTests.Upstream;

/// <summary>What tests of the client role share: our server's settings, what it says about the city's broker, and messages by number.</summary>
internal static class CityBroker
{
    /// <summary>The settings that make our server a client of <paramref name="broker"/>.</summary>
    public static string[] Settings(MosquittoServer broker, string filter, params (string Key, string Value)[] more)
    {
        (string, string)[] settings = [("Name", "city"), ("Host", "localhost"), ("Port", Text(broker.Port)), ("ClientId", "ioc-1"), ("Filters:0", filter), .. more];
        return [.. settings.SelectMany(setting => (string[])[$"--Mqtt:Upstreams:0:{setting.Item1}", setting.Item2])];
    }

    public static async Task<JsonElement> StateAsync(IocProcess server) => (await server.GetAsync("/api/ingest/upstreams")).GetProperty("items")[0];

    /// <summary>Waits until our subscription stands at least as the <paramref name="connection"/>th of this process.</summary>
    public static Task SubscribedAsync(IocProcess server, int connection = 1) => Wait.UntilAsync(
        async () =>
        {
            JsonElement state = await StateAsync(server);
            return state.GetProperty("state").GetString() == "connected"
                && state.GetProperty("connections").GetInt64() >= connection
                && state.GetProperty("subscriptions").EnumerateArray().All(subscription => subscription.GetProperty("grantedQos").ValueKind == JsonValueKind.Number);
        },
        seconds: 60,
        () => $"connected for the {connection}. time; {server.Said()}");

    /// <summary>Publishes the numbers from <paramref name="first"/> on as readings, each with a time of its own, with a client we did not write.</summary>
    public static Task PublishAsync(MosquittoServer broker, int first, int count, int qos)
    {
        IEnumerable<string> lines = Enumerable.Range(first, count).Select(number =>
            $$$"""{"Time":"{{{new DateTime(2026, 11, 1).AddSeconds(number).ToString("s", CultureInfo.InvariantCulture)}}}","ENERGY":{"Power":{{{number}}}}}""");
        return Programs.RunAsync("mosquitto_pub", ["-p", Text(broker.Port), "-q", Text(qos), "-t", "tele/crash-0/SENSOR", "-l"], string.Join('\n', lines) + "\n");
    }

    /// <summary>The numbers that our store has, in its order, of devices crash-0 and so on.</summary>
    public static async Task<List<int>> StoredAsync(IocProcess server, int devices)
    {
        var numbers = new List<int>();
        for (int device = 0; device < devices; device++)
        {
            JsonElement page = await server.GetAsync($"/api/devices/crash-{device}/readings?metric=active_power&from=2026-10-31T00:00:00Z&to=2026-11-03T00:00:00Z&limit=10000");
            numbers.AddRange(page.GetProperty("items").EnumerateArray().Select(item => (int)item.GetProperty("value").GetDouble()));
        }

        return numbers;
    }

    /// <summary>Publishes numbers through mqtt.js, which sends again what the broker has not acknowledged.</summary>
    public static ForeignClient StartPublisher(string script, MosquittoServer broker, int count, int devices) =>
        ForeignClients.Start(script, "--port", Text(broker.Port), "--count", Text(count), "--devices", Text(devices), "--version", "5");

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
