using System.Net.Http.Json;
using System.Text.Json;
using Ioc.SystemTests.Broker;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Access;

/// <summary>A server that lets nobody in without a credential, and the command line beside it.</summary>
internal sealed class AccessWorld : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    public IocProcess Server { get; private set; } = null!;

    public static async Task<AccessWorld> StartAsync(params string[] settings)
    {
        MosquittoClient.SkipUnlessInstalled();
        var world = new AccessWorld();
        world.Server = await IocProcess.StartAsync(world._folder.FullName, 0, ["--Mqtt:AllowAnonymous", "false", "--Mqtt:Users:operator", "p", .. settings]);
        return world;
    }

    /// <summary><c>ioc credential …</c> on the server's data folder.</summary>
    public Task<string> CommandAsync(string? password, params string[] words) =>
        Programs.RunAsync("dotnet", [Programs.Server, "credential", .. words, "--Data:Path", Path.Combine(_folder.FullName, "data")], (password ?? "") + "\n");

    /// <summary>Publishes once with QoS 1 as a user.</summary>
    public Task<(int ExitCode, string Errors)> PublishAsync(string version, string user, string password, string topic, string client = "c") =>
        MosquittoClient.PublishAsync(Server.MqttPort, version, "-i", client, "-u", user, "-P", password, "-t", topic, "-q", "1", "-m", "1");

    /// <summary>Waits until a credential that was added elsewhere is in force.</summary>
    public Task UntilLetInAsync(string user, string password, string topic) =>
        Wait.UntilAsync(async () => (await PublishAsync("311", user, password, topic)).ExitCode == 0);

    public async Task<JsonElement> PostAsync(string path, object body)
    {
        using HttpResponseMessage answer = await Server.Web.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
