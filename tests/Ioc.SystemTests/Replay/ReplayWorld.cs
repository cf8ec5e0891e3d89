using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Ioc.SystemTests.Broker;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Replay;

/// <summary>A server with a profile folder of its own, which an engineer breaks and mends.</summary>
internal sealed class ReplayWorld : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _profiles;
    private readonly string[] _settings;

    private ReplayWorld(string[] settings)
    {
        _profiles = Directory.CreateDirectory(_folder.File("profiles")).FullName;
        File.Copy(Path.Combine(Programs.Root(), "firmware-profiles", "metrics.yaml"), Path.Combine(_profiles, "metrics.yaml"));
        _settings = ["--Profiles:Path", _profiles, "--Profiles:ReloadSeconds", "0", "--Seeds:Path", SeedsWithoutDelays(), .. settings];
    }

    public IocProcess Server { get; private set; } = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts with one profile whose only field is as given, for topics <c>lab/{device}</c>.</summary>
    public static async Task<ReplayWorld> StartAsync(string field, params string[] settings)
    {
        var world = new ReplayWorld(settings);
        world.Write(field);
        world.Server = await IocProcess.StartAsync(world._folder.FullName, 0, world._settings);
        return world;
    }

    /// <summary>Mends the profile on the running server.</summary>
    public async Task MendAsync(string field)
    {
        Write(field);
        using HttpResponseMessage answer = await Server.Web.PostAsync("/api/profiles/reload", null, Token);
        Assert.Empty((await answer.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("mistakes").EnumerateArray());
    }

    public async Task KillAndRestartAsync()
    {
        await Server.KillAsync();
        await Server.DisposeAsync();
        Server = await IocProcess.StartAsync(_folder.FullName, 0, _settings);
    }

    public async Task PublishAsync(params (string Device, string Payload)[] messages)
    {
        using RawClient client = await RawClient.ConnectAsync(Server.MqttPort, "engineer", clean: true, expirySeconds: 0);
        ushort id = 0;
        foreach ((string device, string payload) in messages)
        {
            await client.PublishAsync($"lab/{device}", payload, qos: 1, ++id);
            await client.AcknowledgedAsync(RawClient.Puback, id);
        }
    }

    public async Task<JsonElement> PostAsync(string path, object body)
    {
        using HttpResponseMessage answer = await Server.Web.PostAsJsonAsync(path, body, Token);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Token);
    }

    /// <summary>Compares, and waits until the difference is there.</summary>
    public async Task<JsonElement> CompareAsync(object selection)
    {
        JsonElement status = await PostAsync("/api/replay", selection);
        await Wait.UntilAsync(async () => (status = await StatusAsync()).GetProperty("state").GetString() is "ready" or "failed", seconds: 60, what: "compared");
        Assert.Equal("ready", status.GetProperty("state").GetString());
        return status;
    }

    public async Task<JsonElement> CommitAsync(JsonElement status)
    {
        await PostAsync("/api/replay/commit", new { token = status.GetProperty("token").GetString(), by = "kỹ sư" });
        return await DoneAsync();
    }

    public async Task<JsonElement> DoneAsync()
    {
        JsonElement status = default;
        await Wait.UntilAsync(async () => (status = await StatusAsync()).GetProperty("state").GetString() is "done" or "failed", seconds: 120, what: "committed");
        Assert.Equal("done", status.GetProperty("state").GetString());
        return status;
    }

    public Task<JsonElement> StatusAsync() => Server.GetAsync("/api/replay");

    /// <summary>The stored values of a metric, in order of time.</summary>
    public async Task<IReadOnlyList<double>> ValuesAsync(string device, string metric, string more = "") =>
        [.. (await ReadingsAsync(device, metric, more)).Select(item => item.GetProperty("value").GetDouble())];

    public async Task<IReadOnlyList<JsonElement>> ReadingsAsync(string device, string metric, string more = "") =>
        [.. (await Server.GetAsync($"/api/devices/{device}/readings?metric={metric}&limit=10000{more}")).GetProperty("items").EnumerateArray()];

    public async Task<double> LatestAsync(string device) =>
        (await Server.GetAsync($"/api/devices/{device}")).GetProperty("latest")[0].GetProperty("value").GetDouble();

    public static long Count(JsonElement status, string what) => status.GetProperty("difference").GetProperty(what).GetInt64();

    public static string Payload(double value) => string.Create(CultureInfo.InvariantCulture, $$"""{"t":{{value}}}""");

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }

    // Alarms that rise at once, so that a test can wait for one that should rise and be sure of one that should not.
    private string SeedsWithoutDelays()
    {
        string reference = Directory.CreateDirectory(_folder.File("seeds/reference")).FullName;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Programs.Root(), "seeds", "reference")))
            File.Copy(file, Path.Combine(reference, Path.GetFileName(file)));

        // Two devices that people know; others appear by themselves.
        string local = Directory.CreateDirectory(_folder.File("seeds/local")).FullName;
        File.WriteAllLines(
            Path.Combine(local, "devices.csv"), ["key,source,name,family,profile,site,area,lat,lon,period_s,parent,params", "d0,,d0,air,,,,,,60,,", "d1,,d1,air,,,,,,60,,"]);

        string alarms = Path.Combine(reference, "alarms.yaml");
        File.WriteAllLines(alarms, File.ReadAllLines(alarms).Where(line => !line.TrimStart().StartsWith("on_delay:", StringComparison.Ordinal)));
        return Path.GetDirectoryName(reference)!;
    }

    private void Write(string field) => File.WriteAllText(
        Path.Combine(_profiles, "own.profile.yaml"),
        $"schema: 1\nname: own\nfamily: air\nfirmware: \"7\"\nmatch: {{topics: [\"lab/{{device}}\"]}}\npersonal: {{reject: [face]}}\nfields:\n  - {{{field}}}\n");
}
