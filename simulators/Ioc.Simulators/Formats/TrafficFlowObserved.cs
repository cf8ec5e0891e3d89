using NodaTime;
using NodaTime.Text;

namespace Ioc.Simulators.Formats;

/// <summary>One lane's observation as the FIWARE data model TrafficFlowObserved has it, pushed as plain JSON.</summary>
/// <param name="MeanSpeed">In km/h; null when nothing passed: an empty lane has no speed.</param>
/// <param name="Occupancy">Share of the time in which something stood over the detector, 0 to 1.</param>
internal sealed record TrafficFlowObserved(
    string Id, int Lane, Instant From, Instant To, long Intensity, double? MeanSpeed, double Occupancy, double MeanLengthMetres, double MeanHeadwaySeconds)
{
    private static readonly InstantPattern Time = InstantPattern.CreateWithInvariantCulture("uuuu-MM-ddTHH:mm:ss'Z'");

    public string Topic => $"/json/ioc/{Id}/attrs";

    public byte[] Payload() => JsonPayload.Write(json =>
    {
        string from = Time.Format(From), to = Time.Format(To);
        json.WriteString("id", Id);
        json.WriteString("type", "TrafficFlowObserved");
        json.WriteNumber("laneId", Lane);
        json.WriteString("dateObserved", $"{from}/{to}");
        json.WriteString("dateObservedFrom", from);
        json.WriteString("dateObservedTo", to);
        json.WriteFixed("averageHeadwayTime", MeanHeadwaySeconds, 1);
        json.WriteNumber("intensity", Intensity);
        json.WriteFixed("occupancy", Occupancy, 2);
        if (MeanSpeed is { } speed)
        {
            json.WriteFixed("averageVehicleSpeed", speed, 1);
            json.WriteFixed("averageVehicleLength", MeanLengthMetres, 2);
        }

        json.WriteBoolean("reversedLane", false);
        json.WriteString("laneDirection", "forward");
    });
}
