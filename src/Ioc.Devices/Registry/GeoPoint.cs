using System.Buffers.Text;
using System.Globalization;

namespace Ioc.Devices.Registry;

/// <summary>A place on the ground in WGS84, as devices report it; the national VN-2000 grid is met on import and export only.</summary>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
public readonly record struct GeoPoint(double Latitude, double Longitude)
{
    // 26 bits for 180°, 27 for 360°: steps of 2.7e-6°, some 0.3 m, in the 53 bits that a double holds exactly.
    private const long LatitudeSteps = (1L << 26) - 1;
    private const long LongitudeSteps = (1L << 27) - 1;

    // Half a step is less than half of the fifth decimal: rounding gives back every position written with five.
    private const int Decimals = 5;

    private const double MostDegreesNorth = 90;
    private const double MostDegreesEast = 180;

    /// <summary>Whether both coordinates lie on the globe.</summary>
    public bool IsOnGlobe => Math.Abs(Latitude) <= MostDegreesNorth && Math.Abs(Longitude) <= MostDegreesEast;

    /// <summary>The place as the value of a reading: exact to five decimals of a degree (1.1 m).</summary>
    /// <returns>A whole number below 2^53; NaN when the point is not on the globe.</returns>
    public double ToNumber()
    {
        if (!IsOnGlobe)
            return double.NaN;

        long north = (long)Math.Round((Latitude + MostDegreesNorth) / (2 * MostDegreesNorth) * LatitudeSteps);
        long east = (long)Math.Round((Longitude + MostDegreesEast) / (2 * MostDegreesEast) * LongitudeSteps);
        return (east << 26) | north;
    }

    /// <summary>The place that a reading's value means.</summary>
    /// <param name="value">From <see cref="ToNumber"/>; anything else gives some place on the globe.</param>
    public static GeoPoint FromNumber(double value)
    {
        long bits = value is >= 0 and < 1L << 53 ? (long)value : 0;
        return new GeoPoint(
            Math.Round(((bits & LatitudeSteps) / (double)LatitudeSteps * 2 * MostDegreesNorth) - MostDegreesNorth, Decimals),
            Math.Round(((bits >> 26) / (double)LongitudeSteps * 2 * MostDegreesEast) - MostDegreesEast, Decimals));
    }

    /// <summary>Reads "latitude/longitude"; a comma, a semicolon or blanks may stand between the two as well.</summary>
    /// <param name="text">Decimal degrees with a decimal point, as UTF-8.</param>
    /// <param name="point">The place.</param>
    /// <returns>False when it is no such text, or not on the globe.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out GeoPoint point)
    {
        point = default;
        if (!Utf8Parser.TryParse(text, out double latitude, out int read))
            return false;

        ReadOnlySpan<byte> rest = text[read..];
        int gap = rest.IndexOfAnyExcept("/,; "u8);
        if (gap <= 0 || !Utf8Parser.TryParse(rest[gap..], out double longitude, out int last) || last != rest.Length - gap)
            return false;

        point = new GeoPoint(latitude, longitude);
        return point.IsOnGlobe;
    }

    /// <summary>"latitude/longitude" in decimal degrees.</summary>
    public string ToText() => string.Create(CultureInfo.InvariantCulture, $"{Latitude}/{Longitude}");
}
