using NodaTime;
using NodaTime.Text;

namespace Ioc.Simulators.Formats;

/// <summary>An uplink as The Things Stack v3 publishes it over MQTT, around a device's own frame.</summary>
internal sealed record ThingsStackUplink(
    string Application, string Tenant, string Device, string DevEui, byte Port, long FrameCount, byte[] Frame, Instant ReceivedAt, int Rssi, double Snr)
{
    private static readonly InstantPattern Time = InstantPattern.CreateWithInvariantCulture("uuuu-MM-ddTHH:mm:ss.fffffffff'Z'");

    public string Topic => $"v3/{Application}@{Tenant}/devices/{Device}/up";

    public byte[] Payload() => JsonPayload.Write(json =>
    {
        string at = Time.Format(ReceivedAt);
        long gatewayMicroseconds = ReceivedAt.ToUnixTimeTicks() / 10 & 0xFFFF_FFFF;

        json.WriteStartObject("end_device_ids");
        json.WriteString("device_id", Device);
        json.WriteStartObject("application_ids");
        json.WriteString("application_id", Application);
        json.WriteEndObject();
        json.WriteString("dev_eui", DevEui);
        json.WriteString("join_eui", "800000000000000C");
        json.WriteString("dev_addr", "27" + DevEui[^6..]);
        json.WriteEndObject();
        json.WriteString("received_at", at);

        json.WriteStartObject("uplink_message");
        json.WriteNumber("f_port", Port);
        json.WriteNumber("f_cnt", FrameCount);
        json.WriteBase64String("frm_payload", Frame);
        json.WriteStartArray("rx_metadata");
        json.WriteStartObject();
        json.WriteStartObject("gateway_ids");
        json.WriteString("gateway_id", $"{Tenant}-gw-01");
        json.WriteString("eui", "B827EBFFFE87BD22");
        json.WriteEndObject();
        json.WriteString("time", at);
        json.WriteNumber("timestamp", gatewayMicroseconds);
        json.WriteNumber("rssi", Rssi);
        json.WriteNumber("channel_rssi", Rssi);
        json.WriteFixed("snr", Snr, 1);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("settings");
        json.WriteStartObject("data_rate");
        json.WriteStartObject("lora");
        json.WriteNumber("bandwidth", 125000);
        json.WriteNumber("spreading_factor", 7);
        json.WriteString("coding_rate", "4/5");
        json.WriteEndObject();
        json.WriteEndObject();
        // The AS923 plan, which Việt Nam uses.
        json.WriteString("frequency", "923200000");
        json.WriteNumber("timestamp", gatewayMicroseconds);
        json.WriteEndObject();
        json.WriteString("received_at", at);
        json.WriteEndObject();
    });
}
