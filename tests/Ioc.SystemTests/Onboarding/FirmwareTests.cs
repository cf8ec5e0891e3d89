using System.Text.Json;
using Ioc.SystemTests.Intake;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Onboarding;

/// <summary>A vendor ships an update: it shows on the same day.</summary>
public sealed class FirmwareTests
{
    [Fact]
    public async Task Messages_failures_and_unread_members_are_counted_and_survive_a_restart()
    {
        await using OnboardingWorld world = await OnboardingWorld.StartAsync();
        await world.PublishAsync("kho-1", 431);
        await FirstMessageTests.PublishAsync(world.Server, "5", "tele/kho-1/SENSOR", """{"ENERGY":{"Power":430,"ExportActive":7}}""");
        await FirstMessageTests.PublishAsync(world.Server, "5", "tele/kho-1/SENSOR", """{"ENERGY":{"Power":430""");
        await world.Server.SettledAsync(3);
        await Wait.UntilAsync(async () => await TasmotaAsync(world) is { } counted && counted.GetProperty("messages").GetInt64() >= 2);
        await Wait.UntilAsync(async () =>
        {
            // A firmware is looked at every five seconds.
            await FirstMessageTests.PublishAsync(world.Server, "5", "tele/kho-1/SENSOR", """{"ENERGY":{"Power":430,"ExportActive":7}}""");
            return (await TasmotaAsync(world))!.Value.GetProperty("unknownFields").EnumerateArray().Any(field => field.GetProperty("name").GetString() == "ENERGY.ExportActive");
        }, seconds: 60);

        JsonElement before = (await TasmotaAsync(world))!.Value;
        Assert.Equal(1, before.GetProperty("devices").GetInt32());
        await world.RestartAsync();

        JsonElement after = (await TasmotaAsync(world))!.Value;
        Assert.True(after.GetProperty("messages").GetInt64() >= before.GetProperty("messages").GetInt64());
        Assert.Contains("ENERGY.ExportActive", after.GetProperty("unknownFields").GetRawText(), StringComparison.Ordinal);
    }

    private static async Task<JsonElement?> TasmotaAsync(OnboardingWorld world)
    {
        JsonElement[] found = [.. (await world.Server.GetAsync("/api/firmware?profile=tasmota-energy")).GetProperty("items").EnumerateArray()];
        return found.Length == 0 ? null : found[0];
    }
}
