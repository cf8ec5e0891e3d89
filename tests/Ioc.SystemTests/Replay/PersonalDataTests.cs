using System.Text.Json;
using Ioc.SystemTests.Servers;
using Xunit;

namespace Ioc.SystemTests.Replay;

/// <summary>What was refused for personal data is shown to nobody, and who tries is written down.</summary>
public sealed class PersonalDataTests
{
    private const string Secret = "Nguyễn-Văn-Bí-Mật";

    [Fact]
    public async Task A_refused_payload_shows_in_no_answer_no_log_and_on_no_command_line()
    {
        await using ReplayWorld world = await ReplayWorld.StartAsync("metric: pm2_5, path: t, unit: ug/m3");
        await world.PublishAsync(("cam", $$"""{"t":1,"face":"{{Secret}}"}"""));
        await world.Server.SettledAsync(1);
        long offset = (await world.Server.GetAsync("/api/quarantine")).GetProperty("items")[0].GetProperty("offset").GetInt64();
        string server = world.Server.Web.BaseAddress!.ToString();

        var answers = new List<string>
        {
            (await world.Server.GetAsync("/api/quarantine")).GetRawText(),
            (await world.Server.GetAsync("/api/quarantine/groups")).GetRawText(),
            (await world.Server.GetAsync($"/api/messages/{offset}")).GetRawText(),
            (await world.Server.GetAsync($"/api/messages/{offset}/decode")).GetRawText(),
            (await world.CompareAsync(new { from = "2020-01-01T00:00:00Z" })).GetRawText(),
            await Programs.RunAsync("dotnet", [Programs.Server, "quarantine", "--server", server]),
            await Programs.RunAsync("dotnet", [Programs.Server, "quarantine", "show", $"{offset}", "--server", server]),
            world.Server.Output,
        };

        string hex = Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(Secret));
        Assert.All(answers, answer => Assert.DoesNotContain("Bí-Mật", System.Text.RegularExpressions.Regex.Unescape(answer.Replace("\\u", "\\u", StringComparison.Ordinal)), StringComparison.Ordinal));
        Assert.All(answers, answer => Assert.DoesNotContain(hex, answer, StringComparison.OrdinalIgnoreCase));
        Assert.Contains("personal data", answers[6], StringComparison.Ordinal);
        string[] refused = [.. (await world.Server.GetAsync("/api/replay/acts")).GetProperty("items").EnumerateArray()
            .Where(act => act.GetProperty("action").GetString() == "viewRefused").Select(act => act.GetProperty("subject").GetString()!)];
        Assert.Equal([$"{offset}", $"{offset}", $"{offset}"], refused);
    }

    [Fact]
    public async Task It_stays_hidden_when_a_later_profile_would_take_the_message()
    {
        await using ReplayWorld world = await ReplayWorld.StartAsync("metric: pm2_5, path: t, unit: ug/m3");
        await world.PublishAsync(("cam", $$"""{"t":1,"face":"{{Secret}}"}"""));
        await world.Server.SettledAsync(1);
        long offset = (await world.Server.GetAsync("/api/quarantine")).GetProperty("items")[0].GetProperty("offset").GetInt64();
        await world.MendAsync("metric: pm2_5, path: t, unit: ug/m3, scale: 2");

        JsonElement message = await world.Server.GetAsync($"/api/messages/{offset}");

        Assert.True(message.GetProperty("withheld").GetBoolean());
        Assert.Equal(JsonValueKind.Null, message.GetProperty("hex").ValueKind);
        Assert.Equal(JsonValueKind.Null, message.GetProperty("text").ValueKind);
    }
}
