using System.Text;
using Ioc.Devices.Metrics;
using Ioc.Server.ProfileTools;
using Ioc.Testing;
using Ioc.Tests.Profiles;
using Xunit;

namespace Ioc.Tests.Server.ProfileTools;

public sealed class ProfileSkeletonTests
{
    private static readonly MetricCatalogue Metrics = DecoderUnderTest.Catalogue();

    [Fact]
    public void A_skeleton_names_topic_time_and_members_and_check_asks_for_what_only_a_person_knows()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "acme/soil-7/up", """{"ts":1795316340,"soil":{"firmness":31.5,"air temp":20},"Voltage":3.6,"relay_state":true,"serial":"x","rain":null}""");

        string yaml = File.ReadAllText(folder.File("new.profile.yaml"));
        IReadOnlyList<string> errors = ProfileFolder.Of(folder.FullName).Check(out _);

        Assert.Contains("topics: [\"acme/{device}/up\"]", yaml, StringComparison.Ordinal);
        Assert.Contains("time: {path: ts, form: epoch-s}", yaml, StringComparison.Ordinal);
        Assert.Contains("# Texts, not read: serial", yaml, StringComparison.Ordinal);
        Assert.Contains("# Null in this message: rain", yaml, StringComparison.Ordinal);
        Assert.Contains(errors, error => error.StartsWith("new.profile.yaml:", StringComparison.Ordinal) && error.Contains("metric 'firmness' is not in metrics.yaml", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.Contains("which unit does the device use for voltage", StringComparison.Ordinal));
        Assert.DoesNotContain(errors, error => error.Contains("relay_state", StringComparison.Ordinal));
    }

    [Fact]
    public void With_units_filled_in_the_skeleton_decodes_the_message_it_came_from()
    {
        using var folder = new TemporaryFolder();
        const string Payload = """{"Time":"2026-11-22T02:00:00Z","meter":{"voltage":231.5,"current":[1.5,2.5]}}""";
        Write(folder, "acme/m1/up", Payload, yaml => yaml
            .Replace("metric: voltage", "metric: voltage, unit: V", StringComparison.Ordinal)
            .Replace("metric: current, path: \"meter.current[0]\"", "metric: current, channel: L1, unit: A, path: \"meter.current[0]\"", StringComparison.Ordinal)
            .Replace("metric: current, path: \"meter.current[1]\"", "metric: current, channel: L2, unit: mA, path: \"meter.current[1]\"", StringComparison.Ordinal));

        DecodeView view = Workbench.Open(folder.FullName).Decode(new CapturedMessage("acme/m1/up", Encoding.UTF8.GetBytes(Payload), Workbench.Arrival), [], _ => null);

        Assert.Equal(("readings", "m1"), (view.Outcome, view.Device));
        Assert.Equal([(231.5, "V"), (1.5, "A"), (2.5, "mA")], view.Readings.Select(reading => ((double)reading.Value, reading.Unit!)));
    }

    [Fact]
    public void Hostile_member_names_stay_inside_the_yaml()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "a/1\n}: x/#", """{"a: b\n- {x":1,"'":2,"\u0000":3,"q\"q":4,"":5,"{device}":6,"# c":true,"[0]":7}""");

        IReadOnlyList<string> errors = ProfileFolder.Of(folder.FullName).Check(out _);

        Assert.DoesNotContain(errors, error => error.Contains("not YAML", StringComparison.Ordinal));
        Assert.All(errors, error => Assert.StartsWith("new.profile.yaml:", error, StringComparison.Ordinal));
    }

    [Fact]
    public void A_clock_called_after_its_zone_is_a_time_and_no_value()
    {
        Assert.True(ProfileSkeleton.TryWrite("lab/x", """{"Telemetry":{"UTC":1795315800,"bat":97}}"""u8.ToArray(), DecoderUnderTest.Catalogue(), out string text));
        Assert.Contains("time: {path: Telemetry.UTC, form: epoch-s}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("metric: utc", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("21.5")]
    [InlineData("[1]")]
    [InlineData("{\"a\":")]
    public void What_is_no_object_gets_advice(string payload)
    {
        Assert.False(ProfileSkeleton.TryWrite("a/b", Encoding.UTF8.GetBytes(payload), Metrics, out string advice));
        Assert.Contains("Start from", advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_very_deep_or_wide_payload_gives_a_bounded_skeleton()
    {
        string deep = string.Concat(Enumerable.Repeat("{\"a\":", 60)) + "1" + new string('}', 60);
        string wide = $"{{{string.Join(',', Enumerable.Range(0, 5_000).Select(i => $"\"m{i}\":{i}"))}}}";

        Assert.True(ProfileSkeleton.TryWrite("a/b", Encoding.UTF8.GetBytes(deep), Metrics, out _));
        Assert.True(ProfileSkeleton.TryWrite("a/b", Encoding.UTF8.GetBytes(wide), Metrics, out string text));
        Assert.True(text.Split('\n').Length < 250);
    }

    private static void Write(TemporaryFolder folder, string topic, string payload, Func<string, string>? mend = null)
    {
        Assert.True(ProfileSkeleton.TryWrite(topic, Encoding.UTF8.GetBytes(payload), Metrics, out string yaml));
        File.WriteAllText(folder.File("new.profile.yaml"), mend is null ? yaml : mend(yaml));
    }
}
