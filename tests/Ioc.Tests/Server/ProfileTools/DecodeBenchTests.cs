using System.Text;
using Ioc.Devices.Registry;
using Ioc.Server.ProfileTools;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Server.ProfileTools;

public sealed class DecodeBenchTests
{
    private const string Lorawan = """{"received_at":"2026-11-22T02:59:58Z","uplink_message":{"f_port":2,"frm_payload":"C0QAEwA="}}""";

    [Fact]
    public void A_value_is_told_in_the_devices_unit_and_in_the_stored_one()
    {
        DecodeView view = Workbench.Decode("luftdaten/esp8266-1", """{"sensordatavalues":[{"value_type":"BME280_pressure","value":"98123.47"}]}""");

        DecodedReading pressure = Assert.Single(view.Readings);
        Assert.Equal(("readings", "esp8266-1", "airrohr"), (view.Outcome, view.Device, view.Profile));
        Assert.Equal((98123.47, "Pa"), (pressure.Value, pressure.Unit));
        Assert.Equal((981.2347, "hPa"), (pressure.Canonical.Value, pressure.Canonical.Unit));
        Assert.Equal(("receive", Workbench.Arrival, "good", "gauge"), (pressure.TimeSource, pressure.Time, pressure.Quality, pressure.Semantics));
        Assert.Null(pressure.Delta);
    }

    [Fact]
    public void The_source_of_a_time_is_told()
    {
        DecodedReading own = Workbench.Decode("telraam/9/report", """{"date":"2026-11-22T02:00:00Z","car":1}""").Readings[0];
        DecodedReading without = Workbench.Decode("telraam/9/report", """{"car":1}""").Readings[0];
        DecodedReading wrapped = Workbench.Decode("v3/water@city/devices/canal/up", Lorawan, Ldds75).Readings[0];

        Assert.Equal(("payload", Instant.FromUtc(2026, 11, 22, 2, 0)), (own.TimeSource, own.Time));
        Assert.Equal(("receive", Workbench.Arrival, "clock"), (without.TimeSource, without.Time, without.Quality));
        Assert.Equal(("envelope", Instant.FromUtc(2026, 11, 22, 2, 59, 58)), (wrapped.TimeSource, wrapped.Time));
    }

    [Theory]
    [InlineData("""{"date":"2026-11-22T02:00:00Z","car":1,"v85":null}""", "null")]
    [InlineData("""{"date":"2026-11-22T02:00:00Z","car":1}""", "missing")]
    [InlineData("""{"date":"2026-11-22T02:00:00Z","car":1,"v85":"nan"}""", "nan")]
    public void Why_a_metric_is_absent_is_told(string payload, string reason)
    {
        DecodeView view = Workbench.Decode("telraam/9/report", payload);

        Assert.Contains(new AbsentMetric("speed_v85", null, reason), view.Absent);
        Assert.DoesNotContain(view.Absent, absent => absent is { Metric: "vehicle_count_period", Channel: "car" });
    }

    [Fact]
    public void A_sentinel_is_told_as_such_and_a_profile_that_content_cannot_tell_needs_the_registry()
    {
        DecodeView stranger = Workbench.Decode("v3/water@city/devices/canal/up", Lorawan);
        DecodeView assigned = Workbench.Decode("v3/water@city/devices/canal/up", Lorawan, Ldds75);

        Assert.Equal(("reject", "profileUnknown", "canal"), (stranger.Outcome, stranger.RejectReason, stranger.Device));
        Assert.Null(stranger.Profile);
        Assert.Contains(stranger.Candidates, candidate => candidate is { Profile: "dragino-ldds75", Fits: true, AssignedOnly: true, Envelope: "tts-v3" });
        Assert.Equal("dragino-ldds75", assigned.Profile);
        Assert.Contains(new AbsentMetric("water_distance", null, "sentinel"), assigned.Absent);
    }

    [Fact]
    public void A_last_will_is_a_state_though_nobody_knows_the_device()
    {
        DecodeView view = Workbench.Decode("tele/pump/LWT", "Offline");

        Assert.Equal(("state", "pump", "tasmota-lwt"), (view.Outcome, view.Device, view.Profile));
        Assert.Equal(new DecodedState(false, false), view.State);
    }

    [Fact]
    public void Parameters_reach_the_meters_behind_a_gateway_and_every_reading_names_its_device()
    {
        DecodeView view = Workbench.Decode("dcu/D1/v1/gateway/telemetry", """{"EM-1":[{"ts":1795316340000,"values":{"voltage":231.5}}],"EM-2":[{"ts":1795316340000,"values":{"voltage":229.0}}]}""");

        Assert.Equal("D1", view.Device);
        Assert.Equal(["EM-1", "EM-2"], view.Readings.Select(reading => reading.Device));
    }

    [Fact]
    public void Hostile_payloads_are_rejected_or_ignored_and_never_thrown_at()
    {
        byte[][] hostile =
        [
            [], [0], [0xFF, 0xFE, 0xFF], [.. "{\"date\":"u8], [.. Encoding.UTF8.GetBytes(new string('[', 100_000))], [.. "{\"car\":1e999}"u8], [.. "{\"car\":\"\\ud800\"}"u8], [.. "\uFEFF"u8],
        ];
        foreach (string topic in (string[])["telraam/9/report", "tele/pump/LWT", "v3/water@city/devices/canal/up", "///", "nobody/listens", "telraam/\u0001/report"])
        {
            foreach (byte[] payload in hostile)
            {
                DecodeView view = Workbench.Shipped.Decode(new CapturedMessage(topic, payload, Workbench.Arrival), [], _ => null);
                Assert.Contains(view.Outcome, (string[])["reject", "ignore"]);
            }
        }
    }

    [Fact]
    public void A_key_that_the_product_would_refuse_is_refused_here()
    {
        DecodeView view = Workbench.Decode("telraam/a\u0001/report", """{"date":"2026-11-22T02:00:00Z","car":1}""");

        Assert.Equal(("reject", "deviceUnknown"), (view.Outcome, view.RejectReason));
    }

    private static Device Ldds75(string key) => new() { Key = key, Name = key, Family = "water-level", Profile = "dragino-ldds75" };
}
