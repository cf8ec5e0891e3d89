using NodaTime;

namespace Ioc.Simulators.Formats;

/// <summary>Telemetry of a plug or DIN-rail meter behind Tasmota.</summary>
/// <param name="Local">The device's clock, which shows local time and says no zone.</param>
/// <param name="Total">kWh since <paramref name="TotalStart"/>.</param>
/// <param name="Today">kWh since local midnight.</param>
/// <param name="PeriodWattHours">Wh since the telemetry message before.</param>
/// <param name="Power">Active power in W; apparent and reactive power and current follow from it.</param>
internal sealed record TasmotaEnergy(
    string Device, LocalDateTime Local, LocalDateTime TotalStart, double Total, double Yesterday, double Today, double PeriodWattHours,
    double Power, double Factor, double Volts)
{
    public string Topic => $"tele/{Device}/SENSOR";

    public byte[] Payload() => JsonPayload.Write(json =>
    {
        double apparent = Power / Factor;
        json.WriteString("Time", TasmotaTime.Of(Local));
        json.WriteStartObject("ENERGY");
        json.WriteString("TotalStartTime", TasmotaTime.Of(TotalStart));
        json.WriteFixed("Total", Total, 3);
        json.WriteFixed("Yesterday", Yesterday, 3);
        json.WriteFixed("Today", Today, 3);
        json.WriteFixed("Period", PeriodWattHours, 0);
        json.WriteFixed("Power", Power, 0);
        json.WriteFixed("ApparentPower", apparent, 0);
        json.WriteFixed("ReactivePower", Math.Sqrt(Math.Max(0, apparent * apparent - Power * Power)), 0);
        json.WriteFixed("Factor", Factor, 2);
        json.WriteFixed("Voltage", Volts, 0);
        json.WriteFixed("Current", apparent / Volts, 3);
        json.WriteEndObject();
    });
}
