using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Profiles;

public sealed class ProfilesApiTests
{
    private const string Message = """{"date":"2026-11-22T02:00:00Z","car":210.25}""";

    [Fact]
    public async Task The_api_says_what_the_command_line_says_and_creates_no_device()
    {
        using var folder = new TemporaryFolder();
        IocProcess server = await SharedServer.GetAsync();

        JsonElement answer = await PostAsync(server, new { topic = "telraam/nobody-7/report", payload = Message, receivedAt = "2026-11-22T03:00:00Z" });
        JsonElement again = await PostAsync(
            server, new { topic = "telraam/nobody-7/report", payload = Convert.ToBase64String(Encoding.UTF8.GetBytes(Message)), encoding = "base64", receivedAt = "2026-11-22T03:00:00Z" });
        (_, string output, _) = await ProfileCommand.RunAsync(
            folder.FullName, Encoding.UTF8.GetBytes(Message), "decode", "--topic", "telraam/nobody-7/report", "--received-at", "2026-11-22T03:00:00Z");

        Assert.Equal("nobody-7", answer.GetProperty("device").GetString());
        Assert.True(JsonElement.DeepEquals(answer, again));
        Assert.True(JsonElement.DeepEquals(answer, JsonElement.Parse(output)));
        using HttpResponseMessage device = await server.Web.GetAsync("/api/devices/nobody-7", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, device.StatusCode);
    }

    [Fact]
    public async Task The_profiles_are_listed_with_version_topics_and_file()
    {
        IocProcess server = await SharedServer.GetAsync();

        JsonElement telraam = (await server.GetAsync("/api/profiles")).GetProperty("items").EnumerateArray().Single(profile => profile.GetProperty("name").GetString() == "telraam-v2");

        Assert.Equal("telraam/{device}/report", telraam.GetProperty("topics")[0].GetString());
        Assert.Equal("telraam/telraam-v2.profile.yaml", telraam.GetProperty("files")[0].GetString());
        Assert.Matches("^[0-9a-f]{12}$", telraam.GetProperty("version").GetString());
    }

    [Fact]
    public async Task A_request_that_cannot_be_meant_is_answered_with_the_name_of_what_is_wrong()
    {
        IocProcess server = await SharedServer.GetAsync();

        Assert.Equal("topic", (await PostAsync(server, new { payload = "x" })).GetProperty("parameter").GetString());
        Assert.Equal("encoding", (await PostAsync(server, new { topic = "a", payload = "x", encoding = "rot13" })).GetProperty("parameter").GetString());
        Assert.Equal("payload", (await PostAsync(server, new { topic = "a", payload = "x", encoding = "hex" })).GetProperty("parameter").GetString());
        Assert.Equal("receivedAt", (await PostAsync(server, new { topic = "a", payload = "x", receivedAt = "soon" })).GetProperty("parameter").GetString());
    }

    private static async Task<JsonElement> PostAsync(IocProcess server, object body)
    {
        using HttpResponseMessage answer = await server.Web.PostAsJsonAsync("/api/profiles/decode", body, TestContext.Current.CancellationToken);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }
}
