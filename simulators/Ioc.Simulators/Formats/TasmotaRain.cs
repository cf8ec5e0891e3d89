using NodaTime;

namespace Ioc.Simulators.Formats;

/// <summary>Telemetry of a Hydreon RG-15 rain gauge behind Tasmota; millimetres and millimetres per hour.</summary>
/// <param name="Local">The device's clock, which shows local time and says no zone.</param>
/// <param name="Active">Since the telemetry message before.</param>
/// <param name="Event">Since the shower began.</param>
internal sealed record TasmotaRain(string Device, LocalDateTime Local, double Active, double Event, double Total, double FlowRate)
{
    public string Topic => $"tele/{Device}/SENSOR";

    public byte[] Payload() => JsonPayload.Write(json =>
    {
        json.WriteString("Time", TasmotaTime.Of(Local));
        json.WriteStartObject("RG-15");
        json.WriteFixed("Active", Active, 2);
        json.WriteFixed("Event", Event, 2);
        json.WriteFixed("Total", Total, 2);
        json.WriteFixed("FlowRate", FlowRate, 2);
        json.WriteEndObject();
        json.WriteString("TempUnit", "C");
    });
}
