using Ioc.Server.ProfileTools;
using Ioc.Testing;
using Ioc.Tests.Profiles;
using Xunit;
using SampleFile = Ioc.Server.ProfileTools.SampleFile;

namespace Ioc.Tests.Server.ProfileTools;

public sealed class SampleRunTests
{
    private const string Sound = """
        [{"id": "t-1", "kind": "telraam-v2", "received_at": "2026-11-22T03:00:00Z",
          "message": {"topic": "telraam/9/report", "payload": {"encoding": "utf8", "data": "{\"date\":\"2026-11-22T02:00:00Z\",\"car\":210.25,\"v85\":41.5}"}},
          "expect": {"outcome": "readings", "device": "9", "time": "2026-11-22T02:00:00Z", "time_source": "payload",
            "readings": [{"metric": "vehicle_count_period", "channel": "car", "value": 210.25, "unit": "count"}, {"metric": "speed_v85", "value": 41.5, "unit": "km/h"}],
            "absent": [{"metric": "uptime_ratio"}]}}]
        """;

    [Fact]
    public void Every_golden_sample_of_the_shipped_profiles_passes()
    {
        foreach (string file in Directory.EnumerateFiles(DecoderUnderTest.Folder, "*.samples.json", SearchOption.AllDirectories))
        {
            foreach (Sample sample in SampleFile.Read(file))
                Assert.Empty(SampleRun.Run(Workbench.Shipped, sample).Differences.Select(difference => $"{sample.Id}: {difference}"));
        }
    }

    [Fact]
    public void A_sound_sample_passes_and_its_line_bears_its_id()
    {
        SampleResult result = Run(Sound);

        Assert.Equal(("passed", "t-1"), (result.Verdict, (string?)result.Line["id"]));
        Assert.Equal("telraam-v2", (string?)result.Line["profile"]);
    }

    [Theory]
    [InlineData("\"value\": 210.25", "\"value\": 210.26", "value is 210.25")]
    [InlineData("\"channel\": \"car\"", "\"channel\": \"tram\"", "vehicle_count_period[tram] is missing")]
    [InlineData("\"unit\": \"km/h\"", "\"unit\": \"m/s\"", "speed_v85: value")]
    [InlineData("\"unit\": \"km/h\"", "\"unit\": \"V\"", "speed_v85: value")]
    [InlineData("\"device\": \"9\"", "\"device\": \"8\"", "device is 9")]
    [InlineData("\"outcome\": \"readings\"", "\"outcome\": \"ignore\"", "outcome is readings")]
    [InlineData("\"time\": \"2026-11-22T02:00:00Z\"", "\"time\": \"2026-11-22T02:00:01Z\"", "time is")]
    [InlineData("\"time_source\": \"payload\"", "\"time_source\": \"envelope\"", "time comes from payload")]
    [InlineData("\"metric\": \"uptime_ratio\"", "\"metric\": \"speed_v85\"", "speed_v85 must be absent")]
    [InlineData("\"value\": 41.5", "\"value\": 41.5, \"quality\": \"suspect\"", "quality is good")]
    [InlineData("\"value\": 41.5", "\"value\": 41.5, \"delta\": 3", "delta is not known")]
    [InlineData("\"value\": 41.5", "\"value\": null", "speed_v85: value")]
    public void A_difference_fails_the_sample_and_is_named(string sound, string changed, string difference)
    {
        Assert.Contains(sound, Sound, StringComparison.Ordinal);
        SampleResult result = Run(Sound.Replace(sound, changed, StringComparison.Ordinal));

        Assert.Equal("failed", result.Verdict);
        Assert.Contains(result.Differences, text => text.Contains(difference, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"reason\": \"missing\"", 0)]
    [InlineData("\"reason\": \"null\"", 1)]
    public void Why_a_metric_must_be_absent_is_compared(string reason, int differences)
    {
        SampleResult result = Run(Sound.Replace("\"metric\": \"uptime_ratio\"", "\"metric\": \"uptime_ratio\", " + reason, StringComparison.Ordinal));

        Assert.Equal(differences, result.Differences.Count);
    }

    [Fact]
    public void What_a_counter_counted_since_the_prelude_is_compared()
    {
        const string Counter = """
            [{"id": "c-1", "kind": "tasmota-energy", "received_at": "2026-11-22T03:00:00Z",
              "prelude": [{"topic": "tele/p/SENSOR", "payload": {"encoding": "utf8", "data": "{\"Time\":\"2026-11-22T09:58:00\",\"ENERGY\":{\"Total\":10.5}}"}}],
              "message": {"topic": "tele/p/SENSOR", "payload": {"encoding": "utf8", "data": "{\"Time\":\"2026-11-22T09:59:00\",\"ENERGY\":{\"Total\":10.75}}"}},
              "expect": {"outcome": "readings", "device": "p", "readings": [{"metric": "active_energy_import", "value": 10.75, "unit": "kWh", "delta": 0.25, "semantics": "counter", "time": "2026-11-22T02:59:00Z"}]}}]
            """;

        Assert.Empty(Run(Counter).Differences);
        Assert.Equal(["active_energy_import: delta is 0.25 kW.h, expected 0.5"], Run(Counter.Replace("\"delta\": 0.25", "\"delta\": 0.5", StringComparison.Ordinal)).Differences);
    }

    [Fact]
    public void A_member_that_may_not_be_stored_and_comes_out_fails_the_sample()
    {
        SampleResult result = Run("""
            [{"id": "f-1", "kind": "airrohr", "received_at": "2026-11-22T03:00:00Z",
              "message": {"topic": "dcu/D1/v1/gateway/telemetry", "payload": {"encoding": "utf8", "data": "{\"EM-1\":[{\"ts\":1795316340000,\"values\":{\"voltage\":231.5}}],\"owner\":{\"name\":\"EM-1\"}}"}},
              "expect": {"outcome": "readings", "readings": [], "must_not_store": ["owner.name", "owner.phone"]}}]
            """);

        Assert.Equal(["owner.name must not be stored"], result.Differences);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""[{"id":"a"}]""")]
    [InlineData("""[{"id":"a","kind":"k","received_at":"now"}]""")]
    [InlineData("""[{"id":"a","kind":"k","received_at":"2026-11-22T03:00:00Z","message":{"topic":"t","payload":{"encoding":"hex","data":"0"}},"expect":{"outcome":"ignore"}}]""")]
    [InlineData("""[{"id":"a","kind":"k","received_at":"2026-11-22T03:00:00Z","message":{"topic":"t","payload":{"encoding":"utf8","data":"0"}},"expect":{"outcome":"readings","readings":[{}]}}]""")]
    public void A_file_that_holds_no_samples_is_refused_in_words(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("s.json"), text);

        Assert.Contains("s.json", Assert.Throws<SampleFileException>(() => SampleFile.Read(folder.File("s.json"))).Message, StringComparison.Ordinal);
    }

    private static SampleResult Run(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("s.json"), text);
        return SampleRun.Run(Workbench.Shipped, Assert.Single(SampleFile.Read(folder.File("s.json"))));
    }
}
