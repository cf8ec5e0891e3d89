using NodaTime;

namespace Ioc.Simulators.Formats;

/// <summary>A concentrator's batch in the form of ThingsBoard's gateway API: every key is a meter.</summary>
internal sealed record GatewayTelemetry(string Concentrator, IReadOnlyList<MeterRow> Meters)
{
    // ThingsBoard's own topic names no gateway; a bridge that serves several puts the concentrator in front.
    public string Topic => $"dcu/{Concentrator}/v1/gateway/telemetry";

    public byte[] Payload() => JsonPayload.Write(json =>
    {
        foreach (MeterRow meter in Meters)
        {
            json.WriteStartArray(meter.Meter);
            json.WriteStartObject();
            json.WriteNumber("ts", meter.ReadAt.ToUnixTimeMilliseconds());
            json.WriteStartObject("values");
            json.WriteFixed("active_energy_import", meter.KilowattHours, 3);
            json.WriteFixed("active_power", meter.Watts, 0);
            json.WriteFixed("voltage", meter.Volts, 1);
            json.WriteFixed("current", meter.Amperes, 2);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
        }
    });
}

/// <summary>What one meter showed when the concentrator read it.</summary>
internal readonly record struct MeterRow(string Meter, Instant ReadAt, double KilowattHours, double Watts, double Volts, double Amperes);
