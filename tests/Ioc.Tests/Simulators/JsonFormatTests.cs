using System.Text;
using System.Text.Json;
using Ioc.Simulators.Formats;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Simulators;

/// <summary>What is expected here was written by hand after each vendor's documentation, not taken from the encoders.</summary>
public sealed class JsonFormatTests
{
    private static readonly Instant At = Instant.FromUtc(2026, 11, 23, 1, 15, 40);
    private static readonly LocalDateTime Local = new(2026, 11, 23, 8, 15, 40);

    [Fact]
    public void A_lane_observation_is_a_flat_TrafficFlowObserved()
    {
        var observed = new TrafficFlowObserved("TrafficFlowObserved-Nga-Sau-3", 2, At - Duration.FromMinutes(1), At, 31, 27.46, 0.384, 3.127, 1.93);
        Assert.Equal("/json/ioc/TrafficFlowObserved-Nga-Sau-3/attrs", observed.Topic);
        AssertJson(
            """
            {
              "id": "TrafficFlowObserved-Nga-Sau-3", "type": "TrafficFlowObserved", "laneId": 2,
              "dateObserved": "2026-11-23T01:14:40Z/2026-11-23T01:15:40Z",
              "dateObservedFrom": "2026-11-23T01:14:40Z", "dateObservedTo": "2026-11-23T01:15:40Z",
              "averageHeadwayTime": 1.9, "intensity": 31, "occupancy": 0.38, "averageVehicleSpeed": 27.5, "averageVehicleLength": 3.13,
              "reversedLane": false, "laneDirection": "forward"
            }
            """,
            observed.Payload());
    }

    [Fact]
    public void An_empty_lane_has_no_speed_rather_than_a_speed_of_nought()
    {
        using JsonDocument json = JsonDocument.Parse(new TrafficFlowObserved("x", 1, At, At, 0, null, 0, 3, 10).Payload());
        Assert.False(json.RootElement.TryGetProperty("averageVehicleSpeed", out _));
        Assert.False(json.RootElement.TryGetProperty("averageVehicleLength", out _));
        Assert.Equal(0, json.RootElement.GetProperty("intensity").GetInt32());
    }

    [Fact]
    public void An_air_monitor_sends_raw_and_compensated_values_side_by_side()
    {
        var report = new AirGradientReport("d83bda1f0a2c", -61, 12.4, 18.2, 24.6, 431, 28.5, 71, 110, 2, 9);
        Assert.Equal("airgradient/readings/d83bda1f0a2c", report.Topic);
        AssertJson(
            """
            {
              "wifi": -61, "serialno": "d83bda1f0a2c", "rco2": 431, "pm01": 12, "pm02": 18, "pm10": 25, "pm003Count": 1147,
              "atmp": 29.90, "atmpCompensated": 28.50, "rhum": 65, "rhumCompensated": 71,
              "tvocIndex": 110, "tvocRaw": 33300, "noxIndex": 2, "noxRaw": 16320, "boot": 9, "bootCount": 9,
              "ledMode": "pm", "firmware": "3.1.3", "model": "I-9PSL", "monitorDisplayCompensatedValues": true
            }
            """,
            report.Payload());
    }

    [Fact]
    public void A_rain_gauge_behind_Tasmota_tells_local_time_without_a_zone()
    {
        var rain = new TasmotaRain("rain-deo-cu-mong", Local, 0.07, 1.4, 512.339, 24.5);
        Assert.Equal("tele/rain-deo-cu-mong/SENSOR", rain.Topic);
        AssertJson("""{"Time":"2026-11-23T08:15:40","RG-15":{"Active":0.07,"Event":1.4,"Total":512.34,"FlowRate":24.5},"TempUnit":"C"}""", rain.Payload());
    }

    [Fact]
    public void A_plug_meter_behind_Tasmota_derives_current_and_reactive_power()
    {
        var energy = new TasmotaEnergy("kho-lanh", Local, new LocalDateTime(2026, 1, 1, 0, 0), 812.4, 9.87, 3.2, 41.6, 1_600, 0.8, 220);
        Assert.Equal("tele/kho-lanh/SENSOR", energy.Topic);
        // 1600 W at a power factor of 0.8 are 2000 VA, 1200 var, and 9.091 A at 220 V.
        AssertJson(
            """
            {"Time":"2026-11-23T08:15:40","ENERGY":{"TotalStartTime":"2026-01-01T00:00:00","Total":812.4,"Yesterday":9.87,"Today":3.2,
             "Period":42,"Power":1600,"ApparentPower":2000,"ReactivePower":1200,"Factor":0.8,"Voltage":220,"Current":9.091}}
            """,
            energy.Payload());
    }

    [Fact]
    public void Firmware_prints_the_same_count_of_decimals_whatever_the_value()
    {
        string text = Encoding.UTF8.GetString(new TasmotaEnergy("x", Local, Local, 6, 5.34, 0, 0, 100, 1, 200).Payload());
        Assert.Contains("\"Total\":6.000,\"Yesterday\":5.340,\"Today\":0.000,", text, StringComparison.Ordinal);
        Assert.Contains("\"Factor\":1.00,", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_water_telegram_has_states_as_words_and_empty_strings()
    {
        var telegram = new WaterTelegram("70112233", 184.2756, 171.5, 24, 21, "OK", At);
        Assert.Equal("wmbusmeters/70112233", telegram.Topic);
        AssertJson(
            """
            {
              "_": "telegram", "media": "cold water", "meter": "kamwater", "name": "kw-70112233", "id": "70112233",
              "min_external_temperature_last_month_c": 21, "flow_temperature_c": 24, "target_m3": 171.5, "total_m3": 184.276,
              "current_status": "OK", "status": "OK", "time_bursting": "", "time_dry": "", "time_leaking": "", "time_reversed": "",
              "timestamp": "2026-11-23T01:15:40Z"
            }
            """,
            telegram.Payload());
    }

    [Fact]
    public void A_gateway_batch_has_meters_as_keys_each_with_its_own_time()
    {
        var batch = new GatewayTelemetry("DCU-9", [new MeterRow("M-1", At, 1204.5678, 431.2, 221.37, 2.046), new MeterRow("M-2", At + Duration.FromMilliseconds(1), 3, 0, 230, 0)]);
        Assert.Equal("dcu/DCU-9/v1/gateway/telemetry", batch.Topic);
        AssertJson(
            """
            {
              "M-1": [{"ts": 1795396540000, "values": {"active_energy_import": 1204.568, "active_power": 431, "voltage": 221.4, "current": 2.05}}],
              "M-2": [{"ts": 1795396540001, "values": {"active_energy_import": 3.0, "active_power": 0, "voltage": 230.0, "current": 0.0}}]
            }
            """,
            batch.Payload());
    }

    [Fact]
    public void A_desk_gateway_sends_states_of_cameras_and_counts_of_people_and_nothing_else()
    {
        var status = new DeskStatus(
            "diem-thu", At + Duration.FromMilliseconds(125), 86_400,
            [new CameraStatus("cam1", true, 12.34, 2_048, 0.42, true, 27, -0.3), new CameraStatus("cam2", false, 0, 0, 5_400, false, 27, 0)], 7, 1, 260);
        Assert.Equal("onestop/diem-thu/status", status.Topic);
        AssertJson(
            """
            {
              "ts": "2026-11-23T01:15:40.125Z", "desk": "diem-thu", "uptime": 86400,
              "cameras": [
                {"id": "cam1", "online": true, "fps": 12.3, "kbps": 2048, "lastFrameAgeS": 0.4, "recording": true, "diskDays": 27, "clockOffsetS": -0.3},
                {"id": "cam2", "online": false, "fps": 0, "kbps": 0, "lastFrameAgeS": 5400, "recording": false, "diskDays": 27, "clockOffsetS": 0}
              ],
              "queue": {"waiting": 7, "served": 1, "waitMeanS": 260}
            }
            """,
            status.Payload());
    }

    [Theory]
    [InlineData(0, "power")]
    [InlineData(1, "voltage")]
    [InlineData(2, "total")]
    public void A_first_generation_Shelly_has_a_topic_for_each_value(int phase, string quantity) =>
        Assert.Equal($"shellies/shellyem3-A4CF12F45678/emeter/{phase}/{quantity}", ShellyTopics.Meter("A4CF12F45678", phase, quantity));

    [Theory]
    [InlineData(-8.4, "-8.40")]
    [InlineData(231, "231.00")]
    [InlineData(5_000_123.456, "5000123.46")]
    [InlineData(0, "0.00")]
    public void A_first_generation_Shelly_sends_bare_numbers_with_two_decimals(double value, string text) =>
        Assert.Equal(text, Encoding.ASCII.GetString(ShellyTopics.Number(value)));

    [Fact]
    public void A_first_generation_Shelly_tells_its_relay_in_a_word()
    {
        Assert.Equal("shellies/shellyem3-A4CF12F45678/relay/0", ShellyTopics.Relay("A4CF12F45678"));
        Assert.Equal("on", Encoding.ASCII.GetString(ShellyTopics.Switch(true)));
        Assert.Equal("off", Encoding.ASCII.GetString(ShellyTopics.Switch(false)));
    }

    private static void AssertJson(string expected, byte[] actual)
    {
        using JsonDocument wanted = JsonDocument.Parse(expected), got = JsonDocument.Parse(actual);
        Assert.True(JsonElement.DeepEquals(wanted.RootElement, got.RootElement), $"expected {wanted.RootElement.GetRawText()}\ngot {Encoding.UTF8.GetString(actual)}");
    }
}
