using System.Text.Json;

namespace Ioc.Simulators.Formats;

/// <summary>Numbers as firmware prints them: always the same count of decimals.</summary>
internal static class FixedNumber
{
    /// <summary>A decimal that prints with exactly <paramref name="decimals"/> places.</summary>
    public static decimal Of(double value, int decimals)
    {
        long scaled = (long)Math.Round(value * Math.Pow(10, decimals), MidpointRounding.AwayFromZero);
        ulong magnitude = (ulong)Math.Abs(scaled);
        return new decimal((int)(uint)magnitude, (int)(uint)(magnitude >> 32), 0, scaled < 0, (byte)decimals);
    }

    public static void WriteFixed(this Utf8JsonWriter json, string name, double value, int decimals) =>
        json.WriteNumber(name, Of(value, decimals));
}
