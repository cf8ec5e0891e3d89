using System.Globalization;
using NodaTime;

namespace Ioc.Simulators.Fleet;

/// <summary>One row of devices.csv: a device that the simulator plays.</summary>
/// <param name="Key">What the device calls itself in its topic or payload.</param>
/// <param name="Profile">Name of its firmware profile; here it names the encoder.</param>
/// <param name="Period">How often it speaks.</param>
/// <param name="Parent">Key of the concentrator that speaks for it; null when it speaks itself.</param>
/// <param name="Parameters">Installation values, as the registry has them; names in lower case with their unit.</param>
internal sealed record FleetDevice(
    string Key, string Name, string Family, string Profile, Duration Period, string? Parent,
    IReadOnlyDictionary<string, string> Parameters)
{
    /// <summary>A numeric parameter, or the fallback where the row does not give it. FleetFile has checked that it is a number.</summary>
    public double Number(string parameter, double fallback) =>
        Parameters.TryGetValue(parameter, out string? text)
            ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)
            : fallback;
}
