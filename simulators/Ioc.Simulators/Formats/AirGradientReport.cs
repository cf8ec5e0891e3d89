namespace Ioc.Simulators.Formats;

/// <summary>Report of an AirGradient outdoor monitor, firmware 3.1.3; it carries no time.</summary>
internal sealed record AirGradientReport(
    string Serial, int Wifi, double Pm1, double Pm25, double Pm10, int Co2, double Celsius, double Humidity, int TvocIndex, int NoxIndex, long Boot)
{
    // The sensor sits in its own warmth: the raw temperature reads high and the raw humidity low. The firmware sends both.
    private const double RawTooWarm = 1.4, RawTooDry = 6;

    public string Topic => $"airgradient/readings/{Serial}";

    public byte[] Payload() => JsonPayload.Write(json =>
    {
        json.WriteNumber("wifi", Wifi);
        json.WriteString("serialno", Serial);
        json.WriteNumber("rco2", Co2);
        json.WriteFixed("pm01", Pm1, 0);
        json.WriteFixed("pm02", Pm25, 0);
        json.WriteFixed("pm10", Pm10, 0);
        json.WriteFixed("pm003Count", Pm25 * 63, 0);
        json.WriteFixed("atmp", Celsius + RawTooWarm, 2);
        json.WriteFixed("atmpCompensated", Celsius, 2);
        json.WriteFixed("rhum", Humidity - RawTooDry, 0);
        json.WriteFixed("rhumCompensated", Humidity, 0);
        json.WriteNumber("tvocIndex", TvocIndex);
        json.WriteNumber("tvocRaw", 30_000 + TvocIndex * 30);
        json.WriteNumber("noxIndex", NoxIndex);
        json.WriteNumber("noxRaw", 16_300 + NoxIndex * 10);
        json.WriteNumber("boot", Boot);
        json.WriteNumber("bootCount", Boot);
        json.WriteString("ledMode", "pm");
        json.WriteString("firmware", "3.1.3");
        json.WriteString("model", "I-9PSL");
        json.WriteBoolean("monitorDisplayCompensatedValues", true);
    });
}
