using System.Text.Json;
using Ioc.Simulators.Formats;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Simulators;

/// <summary>Byte for byte; the expected bytes were put together by hand from the vendors' payload descriptions.</summary>
public sealed class BinaryFormatTests
{
    [Fact]
    public void A_radar_counter_uplink_is_seventeen_bytes_big_endian()
    {
        var frame = new Pcr2Frame(5, 12, 1_027, 65_535, 7_100, 850, -4.2);
        //   vendor, family, version | LTR  | RTL | LTR sum | RTL sum | battery mV | solar mW | −42 tenths of a degree
        Assert.Equal("BE0104" + "0005" + "000C" + "0403" + "FFFF" + "1BBC" + "0352" + "FFD6", Convert.ToHexString(frame.ToBytes()));
    }

    [Theory]
    [InlineData(3_421, 1_873, true, "0D5D" + "0751" + "01")]
    [InlineData(3_300, 7_500, false, "0CE4" + "1D4C" + "00")]
    [InlineData(2_900, 19, false, "0B54" + "0013" + "00")]
    public void A_level_sensor_uplink_is_five_bytes_big_endian(ushort battery, ushort distance, bool interrupt, string bytes) =>
        Assert.Equal(bytes, Convert.ToHexString(new Ldds75Frame(battery, distance, interrupt).ToBytes()));

    [Fact]
    public void The_network_server_wraps_a_frame_as_base64_with_port_and_radio_data()
    {
        var uplink = new ThingsStackUplink(
            "water", "gialai", "cau-song-ha", "A84041FF10ABCDEF", 2, 4_711, Convert.FromHexString("0D5D075101"),
            Instant.FromUtc(2026, 11, 23, 1, 15, 40).PlusNanoseconds(412_376_117), -103, 4.25);
        Assert.Equal("v3/water@gialai/devices/cau-song-ha/up", uplink.Topic);

        using JsonDocument json = JsonDocument.Parse(uplink.Payload());
        JsonElement ids = json.RootElement.GetProperty("end_device_ids"), message = json.RootElement.GetProperty("uplink_message");
        Assert.Equal("cau-song-ha", ids.GetProperty("device_id").GetString());
        Assert.Equal("water", ids.GetProperty("application_ids").GetProperty("application_id").GetString());
        Assert.Equal("A84041FF10ABCDEF", ids.GetProperty("dev_eui").GetString());
        Assert.Equal("27ABCDEF", ids.GetProperty("dev_addr").GetString());
        Assert.Equal("2026-11-23T01:15:40.412376117Z", json.RootElement.GetProperty("received_at").GetString());
        Assert.Equal("2026-11-23T01:15:40.412376117Z", message.GetProperty("received_at").GetString());
        Assert.Equal(2, message.GetProperty("f_port").GetInt32());
        Assert.Equal(4_711, message.GetProperty("f_cnt").GetInt32());
        Assert.Equal("DV0HUQE=", message.GetProperty("frm_payload").GetString());
        Assert.Equal(-103, message.GetProperty("rx_metadata")[0].GetProperty("rssi").GetInt32());
        Assert.Equal(4.3m, message.GetProperty("rx_metadata")[0].GetProperty("snr").GetDecimal());
        Assert.Equal("923200000", message.GetProperty("settings").GetProperty("frequency").GetString());
    }

    [Fact]
    public void Base64_is_not_escaped_as_firmware_does_not_escape_it()
    {
        var uplink = new ThingsStackUplink("a", "t", "d", "A84041FF10ABCDEF", 1, 1, [0xFB, 0xEF, 0xFF], Instant.FromUtc(2026, 11, 23, 0, 0), -90, 1);
        Assert.Contains("\"frm_payload\":\"++//\"", System.Text.Encoding.UTF8.GetString(uplink.Payload()), StringComparison.Ordinal);
    }
}
