using System.Text;
using System.Text.Json;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Profiles;

public sealed class ProfileCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_message_from_standard_input_becomes_one_json_object_and_leaves_nothing_behind()
    {
        (int exit, string output, string errors) = await RunAsync(
            Encoding.UTF8.GetBytes("""{"date":"2026-11-22T02:00:00Z","car":210.25}"""),
            "decode", "--topic", "telraam/9/report", "--received-at", "2026-11-22T03:00:00Z", "--profiles", ProfileCommand.Shipped);

        Assert.Equal((0, ""), (exit, errors));
        JsonElement decoded = JsonElement.Parse(output);
        Assert.Equal(
            ["outcome", "device", "profile", "readings", "absent", "state", "attributes", "rejectReason", "rejectDetail", "candidates"],
            decoded.EnumerateObject().Select(member => member.Name));
        Assert.Equal(
            """{"device":"9","metric":"vehicle_count_period","channel":"car","value":210.25,"unit":"1","canonical":{"value":210.25,"unit":"1"},"time":"2026-11-22T02:00:00Z","timeSource":"payload","quality":"good","semantics":"delta","delta":null,"counterEvent":null,"counterReset":null}""",
            JsonSerializer.Serialize(decoded.GetProperty("readings")[0]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.FullName));
    }

    [Fact]
    public async Task Hexadecimal_and_bytes_of_the_same_message_decode_alike()
    {
        byte[] message = Encoding.UTF8.GetBytes("""{"date":"2026-11-22T02:00:00Z","v85":41.5}""");
        await File.WriteAllBytesAsync(_folder.File("m.bin"), message, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder.File("m.hex"), Convert.ToHexStringLower(message) + "\n", TestContext.Current.CancellationToken);
        string[] common = ["decode", "--topic", "telraam/9/report", "--received-at", "2026-11-22T03:00:00Z"];

        (int exit, string bytes, _) = await RunAsync(null, [.. common, "--payload", "m.bin"]);
        (_, string hex, _) = await RunAsync(null, [.. common, "--payload", "m.hex", "--hex"]);

        Assert.Equal(0, exit);
        Assert.Contains("speed_v85", bytes, StringComparison.Ordinal);
        Assert.Equal(bytes, hex);
    }

    [Fact]
    public async Task What_cannot_be_read_ends_with_2_and_words()
    {
        await File.WriteAllBytesAsync(_folder.File("huge"), new byte[2 * 1024 * 1024], TestContext.Current.CancellationToken);
        foreach (string[] words in (string[][])
            [
                ["decode", "--topic", "a", "--payload", "nowhere"], ["decode", "--topic", "a", "--payload", "huge"], ["decode", "--topic", "a", "--payload", "huge", "--hex"],
                ["decode", "--samples", "huge"], ["decode"], ["new", "--topic", "a", "--payload", "huge"], ["check", "nowhere"],
            ])
        {
            (int exit, string output, string errors) = await RunAsync(null, words);
            Assert.Equal((2, ""), (exit, output));
            Assert.StartsWith("ioc profile: ", errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Three_broken_profiles_are_told_of_at_once()
    {
        Write("a/a.profile.yaml", "schema: 1\nname: a\nfamily: air\nmatch: {topics: [\"x/{device}\"]}\nfields:\n  - {metric: pm25, path: p, unit: ug/m3}\n");
        Write("b/b.profile.yaml", "schema: 1\nname: b\nfamily: airr\nmatch: {topics: [\"y/{device}\"]}\nfields:\n  - {metric: voltage, path: u}\n");
        Write("c/c.profile.yaml", "schema: 1\nname: [\n");

        (int exit, string output, _) = await RunAsync(null, "check", _folder.FullName);

        Assert.Equal(1, exit);
        Assert.Contains("a/a.profile.yaml:6: metric 'pm25' is not in metrics.yaml; did you mean 'pm", output, StringComparison.Ordinal);
        Assert.Contains("b/b.profile.yaml:3: 'family: airr' is not known", output, StringComparison.Ordinal);
        Assert.Contains("b/b.profile.yaml:6: 'unit' is missing: which unit does the device use for voltage", output, StringComparison.Ordinal);
        Assert.Contains("c/c.profile.yaml:", output, StringComparison.Ordinal);
        Assert.EndsWith("4 errors\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_shipped_profiles_have_no_errors()
    {
        (int exit, string output, _) = await RunAsync(null, "check", ProfileCommand.Shipped);

        Assert.Equal(0, exit);
        Assert.EndsWith("profiles, no errors\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_samples_file_is_told_line_by_line_and_as_json()
    {
        string samples = Path.Combine(ProfileCommand.Shipped, "telraam", "telraam-v2.samples.json");

        (int exit, string output, _) = await RunAsync(null, "decode", "--samples", samples, "--profiles", ProfileCommand.Shipped);
        (_, string lines, string summary) = await RunAsync(null, "decode", "--samples", samples, "--json", "--profiles", ProfileCommand.Shipped);
        string broken = (await File.ReadAllTextAsync(samples, TestContext.Current.CancellationToken)).Replace("210.25", "210.75", StringComparison.Ordinal).Replace("\"value\": 210.75", "\"value\": 1", StringComparison.Ordinal);
        Write("broken.json", broken);
        (int failed, string told, _) = await RunAsync(null, "decode", "--samples", _folder.File("broken.json"), "--profiles", ProfileCommand.Shipped);

        Assert.Equal((0, "passed  telraam-v2-1 telraam-v2\n1 passed, 0 failed, 0 skipped\n"), (exit, output));
        JsonElement line = JsonElement.Parse(lines);
        Assert.Equal(("telraam-v2-1", "readings"), (line.GetProperty("id").GetString(), line.GetProperty("outcome").GetString()));
        Assert.Equal("1 passed, 0 failed, 0 skipped\n", summary);
        Assert.Equal(1, failed);
        Assert.Contains("value is 210.75", told, StringComparison.Ordinal);
        Assert.EndsWith("0 passed, 1 failed, 0 skipped\n", told, StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(byte[]? input, params string[] words) => ProfileCommand.RunAsync(_folder.FullName, input, words);

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        File.WriteAllText(_folder.File(name), text);
    }
}
