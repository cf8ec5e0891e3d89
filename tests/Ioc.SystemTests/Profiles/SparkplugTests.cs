using System.Globalization;
using System.Text;
using System.Text.Json;
using Ioc.SystemTests.Broker;
using Ioc.SystemTests.Durability;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using NodaTime;
using Xunit;
using static Ioc.Testing.SparkplugBytes;

namespace Ioc.SystemTests.Profiles;

/// <summary>An edge node made of foreign MQTT clients, against the real server and the shipped profiles.</summary>
public sealed class SparkplugTests
{
    private const string Node = "City/cabinet";
    private const string Door = "City/cabinet/door";
    private const ulong DoorAlias = 7;

    private readonly ulong _now = (ulong)SystemClock.Instance.GetCurrentInstant().ToUnixTimeMilliseconds();

    [Fact]
    public async Task A_node_is_understood_after_a_crash_asked_for_its_births_after_a_gap_and_dies_with_its_devices()
    {
        MosquittoClient.SkipUnlessInstalled();
        using var folder = new TemporaryFolder();
        await using RestartingServer installation = await RestartingServer.StartAsync(folder);
        await SendAsync(installation, "NBIRTH/cabinet", NodeBirth(_now, 5, Metric("Supply Voltage", null, 9, _now).F32(12.1f)));
        await SendAsync(installation, "DBIRTH/cabinet/door", Payload(_now, 1).With(Metric("Inputs/Door", DoorAlias, 11, _now).Boolean(false)));
        await Wait.UntilAsync(async () => await LatestAsync(installation, Node) == "12.1" && await LatestAsync(installation, Door) == "False", what: "the births' values");

        await installation.KillAndRestartAsync();
        await SendAsync(installation, "DDATA/cabinet/door", DoorOpen(2, isOpen: true));
        await Wait.UntilAsync(async () => await LatestAsync(installation, Door) == "True", what: "an alias is understood after a crash");
        Balance balance = await installation.Server.SettledAsync(3);
        Assert.Equal((3, 3, 0), (balance.Received, balance.Stored, balance.Difference));

        // Where the value comes from is told with the birth that names its alias.
        JsonElement door = (await DeviceAsync(installation, Door))!.Value;
        long offset = (await installation.Server.GetAsync($"/api/devices/{Uri.EscapeDataString(door.GetProperty("id").GetString()!)}/messages")).GetProperty("items")[0].GetProperty("offset").GetInt64();
        JsonElement decode = (await installation.Server.GetAsync($"/api/messages/{offset}/decode")).GetProperty("decode");
        Assert.Equal("readings", decode.GetProperty("outcome").GetString());
        Assert.True(decode.GetProperty("readings")[0].GetProperty("value").GetBoolean());
        Assert.NotEqual(0, decode.GetProperty("steps").GetArrayLength());

        // Its host's retained state tells the node, and this test, that its subscriptions stand.
        (int exitCode, string errors) = await MosquittoClient.PublishAsync(installation.Port, "5", "-q", "1", "-r", "-t", "spBv1.0/STATE/city", "-m", """{"online":true}""");
        Assert.True(exitCode == 0, errors);

        // From here on the node has a connection: it hears commands, and its death is its last will.
        using RunningClient node = MosquittoClient.Start(
            "mosquitto_sub", installation.Port, "5", "-t", "spBv1.0/City/NCMD/cabinet", "-t", "spBv1.0/STATE/city", "-F", "%t %x",
            "--will-topic", "spBv1.0/City/NDEATH/cabinet", "--will-payload", Encoding.Latin1.GetString(NodeDeath(5)));
        await LineAsync(node, "spBv1.0/STATE/city ");
        await SendAsync(installation, "DDATA/cabinet/door", DoorOpen(9, isOpen: false));
        string command = await LineAsync(node, "spBv1.0/City/NCMD/cabinet ");
        Assert.Contains(Convert.ToHexString(Encoding.ASCII.GetBytes("Node Control/Rebirth")), command, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith("200b7001", command, StringComparison.OrdinalIgnoreCase);

        await Wait.UntilAsync(async () => await StateAsync(installation, Door) == "online", what: "the door is online");
        node.Kill();
        await Wait.UntilAsync(async () => await StateAsync(installation, Node) == "offline" && await StateAsync(installation, Door) == "offline", what: "node and door are offline");

        await SendAsync(installation, "DDATA/cabinet/door", DoorOpen(10, isOpen: true));
        balance = await installation.Server.SettledAsync(8);
        Assert.Equal(1, balance.Quarantined["birthUnknown"]);
        Assert.Equal((8, 5, 2, 0), (balance.Received, balance.Stored, balance.Ignored, balance.Difference));
    }

    private static async Task<string> LineAsync(RunningClient client, string beginning)
    {
        string? line;
        do
            line = await client.ReadLineAsync();
        while (line?.StartsWith(beginning, StringComparison.Ordinal) == false);
        return line ?? throw new InvalidOperationException($"the client ended before it said '{beginning}'");
    }

    private SparkplugBytes DoorOpen(int sequence, bool isOpen) =>
        Payload(_now + (ulong)sequence, sequence).With(Metric(null, DoorAlias, 0, _now + (ulong)sequence).Boolean(isOpen));

    private static async Task SendAsync(RestartingServer installation, string topic, SparkplugBytes payload)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("payload");
        await File.WriteAllBytesAsync(file, payload.ToArray(), TestContext.Current.CancellationToken);
        (int exitCode, string errors) = await MosquittoClient.PublishAsync(installation.Port, "5", "-q", "1", "-t", $"spBv1.0/City/{topic}", "-f", file);
        Assert.True(exitCode == 0, errors);
    }

    private static async Task<JsonElement?> DeviceAsync(RestartingServer installation, string key)
    {
        using HttpResponseMessage answer = await installation.Server.Web.GetAsync($"/api/devices/{Uri.EscapeDataString(key)}", TestContext.Current.CancellationToken);
        if (!answer.IsSuccessStatusCode)
            return null;

        using JsonDocument document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return document.RootElement.Clone();
    }

    private static async Task<string?> LatestAsync(RestartingServer installation, string key) =>
        await DeviceAsync(installation, key) is { } device && device.GetProperty("latest").GetArrayLength() > 0
            ? Convert.ToString(device.GetProperty("latest")[0].GetProperty("value") is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : device.GetProperty("latest")[0].GetProperty("value").GetBoolean(), CultureInfo.InvariantCulture)
            : null;

    private static async Task<string?> StateAsync(RestartingServer installation, string key) =>
        await DeviceAsync(installation, key) is { } device ? device.GetProperty("state").GetString() : null;
}
