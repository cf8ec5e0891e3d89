using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ioc.SystemTests.Broker;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Profiles;

/// <summary>An engineer mends a profile on a server that is at work.</summary>
public sealed class HotReloadTests
{
    [Fact]
    public async Task A_profile_changes_without_a_restart_a_broken_one_changes_nothing_and_a_start_with_it_goes_on_with_the_last_that_worked()
    {
        MosquittoClient.SkipUnlessInstalled();
        using var folder = new TemporaryFolder();
        string profiles = Directory.CreateDirectory(folder.File("profiles")).FullName;
        File.Copy(Path.Combine(AppContext.BaseDirectory, "../../../../../firmware-profiles/metrics.yaml"), Path.Combine(profiles, "metrics.yaml"));
        Write(profiles, "path: t");
        string[] settings = ["--Profiles:Path", profiles, "--Profiles:ReloadSeconds", "1"];
        await using (IocProcess server = await IocProcess.StartAsync(folder.FullName, 0, settings))
        {
            string first = await EditionAsync(server);
            await PublishAsync(server, "a");
            await Wait.UntilAsync(async () => await TemperatureAsync(server, "a") == 20.5, what: "decoded by the first edition");

            Write(profiles, "path: t, offset: 1");
            await Wait.UntilAsync(async () => await EditionAsync(server) != first, what: "the saved file is in force");
            await PublishAsync(server, "b");
            await Wait.UntilAsync(async () => await TemperatureAsync(server, "b") == 21.5, what: "decoded by the second edition");

            string second = await EditionAsync(server);
            Write(profiles, "pth: t");
            using HttpResponseMessage answer = await server.Web.PostAsync("/api/profiles/reload", null, TestContext.Current.CancellationToken);
            JsonElement told = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
            Assert.Contains("own.profile.yaml:6", told.GetProperty("mistakes")[0].GetString(), StringComparison.Ordinal);
            Assert.Equal(second, told.GetProperty("edition").GetString());
            Assert.Equal(2, told.GetProperty("history").GetArrayLength());
            await PublishAsync(server, "c");
            await Wait.UntilAsync(async () => await TemperatureAsync(server, "c") == 21.5, what: "the edition before goes on");
            await server.KillAsync();
        }

        await using IocProcess again = await IocProcess.StartAsync(folder.FullName, 0, settings);
        await PublishAsync(again, "d");
        await Wait.UntilAsync(async () => await TemperatureAsync(again, "d") == 21.5, what: "the last edition that worked goes on after a restart");
        Balance balance = await again.SettledAsync(4);
        Assert.Equal(4, balance.Stored);
        Assert.Equal(0, balance.Difference);
    }

    private static void Write(string folder, string field) =>
        File.WriteAllText(
            Path.Combine(folder, "own.profile.yaml"),
            $"schema: 1\nname: own\nfamily: air\nmatch: {{topics: [\"lab/{{device}}\"]}}\nfields:\n  - {{metric: air_temperature, {field}, unit: Cel}}\n");

    private static async Task PublishAsync(IocProcess server, string device)
    {
        (int exitCode, string errors) = await MosquittoClient.PublishAsync(server.MqttPort, "5", "-q", "1", "-t", $"lab/{device}", "-m", """{"t":20.5}""");
        Assert.True(exitCode == 0, errors);
    }

    private static async Task<string> EditionAsync(IocProcess server) => (await server.GetAsync("/api/profiles/edition")).GetProperty("edition").GetString()!;

    private static async Task<double?> TemperatureAsync(IocProcess server, string device)
    {
        using HttpResponseMessage answer = await server.Web.GetAsync($"/api/devices/{device}", TestContext.Current.CancellationToken);
        if (answer.StatusCode != HttpStatusCode.OK)
            return null;

        JsonElement twin = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        return twin.GetProperty("latest").EnumerateArray().Select(latest => (double?)latest.GetProperty("value").GetDouble()).FirstOrDefault();
    }
}
