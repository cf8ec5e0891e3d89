using NodaTime;
using NodaTime.Text;

namespace Ioc.Simulators.Formats;

/// <summary>A Kamstrup water meter's telegram as wmbusmeters decodes and publishes it.</summary>
/// <param name="TargetCubicMetres">The register at the end of last month.</param>
/// <param name="Status">OK, or words such as DRY, LEAK, BURST, REVERSED.</param>
internal sealed record WaterTelegram(string Id, double TotalCubicMetres, double TargetCubicMetres, int FlowCelsius, int MinExternalCelsius, string Status, Instant At)
{
    private static readonly InstantPattern Time = InstantPattern.CreateWithInvariantCulture("uuuu-MM-ddTHH:mm:ss'Z'");

    public string Topic => $"wmbusmeters/{Id}";

    public byte[] Payload() => JsonPayload.Write(json =>
    {
        json.WriteString("_", "telegram");
        json.WriteString("media", "cold water");
        json.WriteString("meter", "kamwater");
        // wmbusmeters lets the installer name a meter; a name could be a person's, so it repeats the number.
        json.WriteString("name", $"kw-{Id}");
        json.WriteString("id", Id);
        json.WriteNumber("min_external_temperature_last_month_c", MinExternalCelsius);
        json.WriteNumber("flow_temperature_c", FlowCelsius);
        json.WriteFixed("target_m3", TargetCubicMetres, 3);
        json.WriteFixed("total_m3", TotalCubicMetres, 3);
        json.WriteString("current_status", Status);
        json.WriteString("status", Status);
        json.WriteString("time_bursting", "");
        json.WriteString("time_dry", "");
        json.WriteString("time_leaking", "");
        json.WriteString("time_reversed", "");
        json.WriteString("timestamp", Time.Format(At));
    });
}
