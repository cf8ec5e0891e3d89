using System.Globalization;
using System.Text;

namespace Ioc.Simulators.Formats;

/// <summary>Topics and texts of a first-generation Shelly 3EM: one bare value per topic.</summary>
internal static class ShellyTopics
{
    /// <param name="phase">0, 1 or 2.</param>
    /// <param name="quantity">power (W), voltage (V), current (A), total (Wh).</param>
    public static string Meter(string device, int phase, string quantity) =>
        $"shellies/shellyem3-{device}/emeter/{phase.ToString(CultureInfo.InvariantCulture)}/{quantity}";

    public static string Relay(string device) => $"shellies/shellyem3-{device}/relay/0";

    public static byte[] Number(double value) => Encoding.ASCII.GetBytes(FixedNumber.Of(value, 2).ToString(CultureInfo.InvariantCulture));

    public static byte[] Switch(bool on) => on ? "on"u8.ToArray() : "off"u8.ToArray();
}
