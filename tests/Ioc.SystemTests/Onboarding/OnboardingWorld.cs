using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ioc.SystemTests.Broker;
using Ioc.SystemTests.Intake;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Onboarding;

/// <summary>The real server on a folder of its own, which can be started again.</summary>
internal sealed class OnboardingWorld : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _settings;

    private OnboardingWorld(string[] settings) => _settings = settings;

    public IocProcess Server { get; private set; } = null!;

    public string Data => Path.Combine(_folder.FullName, "data");

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public static async Task<OnboardingWorld> StartAsync(params string[] settings)
    {
        MosquittoClient.SkipUnlessInstalled();
        var world = new OnboardingWorld(settings);
        world.Server = await IocProcess.StartAsync(world._folder.FullName, 0, settings);
        return world;
    }

    public async Task RestartAsync()
    {
        Assert.Equal(0, await Server.StopAsync());
        await Server.DisposeAsync();
        Server = await IocProcess.StartAsync(_folder.FullName, 0, _settings);
    }

    public Task PublishAsync(string device, int watts) =>
        FirstMessageTests.PublishAsync(Server, "5", $"tele/{device}/SENSOR", $$$"""{"ENERGY":{"Power":{{{watts}}}}}""");

    public Task<JsonElement> DeviceAsync(string id) => Server.GetAsync($"/api/devices/{id}");

    public async Task UntilKnownAsync(string id) =>
        await Wait.UntilAsync(async () => (await Server.Web.GetAsync($"/api/devices/{id}", Stopping)).StatusCode == HttpStatusCode.OK);

    /// <summary>Does something with a device as it is now.</summary>
    public async Task<JsonElement> DoAsync(string id, string step, object? more = null)
    {
        int version = (await DeviceAsync(id)).GetProperty("version").GetInt32();
        return await SendAsync(HttpMethod.Post, $"/api/devices/{id}/{step}", With(more, version));
    }

    public async Task<JsonElement> SendAsync(HttpMethod method, string path, object body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        using HttpResponseMessage answer = await Server.Web.SendAsync(request, Stopping);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Stopping);
    }

    /// <summary><c>ioc device …</c> on the server's data folder.</summary>
    public Task<string> CommandAsync(params string[] words) =>
        Programs.RunAsync("dotnet", [Programs.Server, "device", .. words, "--Data:Path", Data]);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }

    private static Dictionary<string, object?> With(object? more, int version)
    {
        Dictionary<string, object?> body = more is null ? [] : JsonSerializer.Deserialize<Dictionary<string, object?>>(JsonSerializer.Serialize(more))!;
        body["version"] = version;
        return body;
    }
}
