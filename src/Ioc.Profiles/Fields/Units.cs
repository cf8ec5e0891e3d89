using System.Diagnostics.CodeAnalysis;

namespace Ioc.Profiles.Fields;

/// <summary>Units by UCUM code, and how to get from one to another of the same kind.</summary>
internal static class Units
{
    // Scale and zero against the kind's first unit; what people write instead of UCUM stands in Aliases.
    private static readonly Dictionary<string, Unit> Known = new(StringComparer.Ordinal);

    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        ["kWh"] = "kW.h",
        ["Wh"] = "W.h",
        ["MWh"] = "MW.h",
        ["VA"] = "V.A",
        ["kVA"] = "kV.A",
        ["varh"] = "var.h",
        ["kvarh"] = "kvar.h",
        ["Ah"] = "A.h",
        ["degF"] = "[degF]",
        ["°C"] = "Cel",
        ["C"] = "Cel",
        ["°F"] = "[degF]",
        ["dBm"] = "dB[mW]",
        ["ppm"] = "[ppm]",
        ["ppb"] = "[ppb]",
        ["rpm"] = "/min",
        ["count"] = "1",
        ["{count}"] = "1",
        ["µg/m3"] = "ug/m3",
        ["l"] = "L",
        ["l/h"] = "L/h",
        ["l/min"] = "L/min",
        ["l/s"] = "L/s",
        ["ml"] = "mL",
        ["ratio"] = "1",
        ["fps"] = "1/s",
        ["kbps"] = "kbit/s",
        ["bps"] = "bit/s",
        ["Mbps"] = "Mbit/s",
        ["mph"] = "[mi_i]/h",
        ["inHg"] = "[in_i'Hg]",
        ["mmHg"] = "mm[Hg]",
        ["in"] = "[in_i]",
        ["ft"] = "[ft_i]",
        ["in/h"] = "[in_i]/h",
        ["iaq"] = "1",
        ["m³"] = "m3",
        ["sec"] = "s",
        ["days"] = "d",
    };

    static Units()
    {
        Kind("power", ("W", 1), ("kW", 1e3), ("MW", 1e6), ("mW", 1e-3));
        Kind("apparent power", ("V.A", 1), ("kV.A", 1e3), ("MV.A", 1e6));
        Kind("reactive power", ("var", 1), ("kvar", 1e3), ("Mvar", 1e6));
        Kind("energy", ("J", 1), ("kJ", 1e3), ("MJ", 1e6), ("GJ", 1e9), ("W.s", 1), ("W.min", 60), ("W.h", 3600), ("kW.h", 3.6e6), ("MW.h", 3.6e9));
        Kind("reactive energy", ("var.h", 1), ("kvar.h", 1e3));
        Kind("voltage", ("V", 1), ("mV", 1e-3), ("kV", 1e3));
        Kind("current", ("A", 1), ("mA", 1e-3), ("kA", 1e3));
        Kind("charge", ("A.h", 1), ("mA.h", 1e-3));
        Kind("frequency", ("Hz", 1), ("mHz", 1e-3), ("kHz", 1e3), ("1/s", 1), ("/min", 1.0 / 60));
        Kind("length", ("m", 1), ("mm", 1e-3), ("cm", 1e-2), ("km", 1e3), ("um", 1e-6), ("[in_i]", 0.0254), ("[ft_i]", 0.3048));
        Kind("volume", ("m3", 1), ("L", 1e-3), ("mL", 1e-6), ("dm3", 1e-3));
        Kind("flow", ("m3/h", 1), ("m3/s", 3600), ("L/h", 1e-3), ("L/min", 0.06), ("L/s", 3.6));
        Kind("speed", ("m/s", 1), ("km/h", 1 / 3.6), ("mm/h", 1 / 3.6e6), ("mm/min", 1 / 6e4), ("[in_i]/h", 0.0254 / 3600), ("[mi_i]/h", 0.44704));
        Kind("pressure", ("Pa", 1), ("hPa", 100), ("kPa", 1e3), ("MPa", 1e6), ("bar", 1e5), ("mbar", 100), ("mm[Hg]", 133.322387415), ("[in_i'Hg]", 3386.389));
        Kind("fraction", ("1", 1), ("%", 1e-2), ("[ppth]", 1e-3), ("[ppm]", 1e-6), ("[ppb]", 1e-9));
        Kind("mass concentration", ("ug/m3", 1), ("mg/m3", 1e3), ("g/m3", 1e6));
        Kind("time", ("s", 1), ("ms", 1e-3), ("us", 1e-6), ("min", 60), ("h", 3600), ("d", 86400), ("a", 31_557_600));
        Kind("angle", ("deg", 1), ("rad", 180 / Math.PI));
        Kind("illuminance", ("lx", 1), ("klx", 1e3));
        Kind("data rate", ("bit/s", 1), ("kbit/s", 1e3), ("Mbit/s", 1e6));
        Kind("data", ("By", 1), ("kBy", 1e3), ("MBy", 1e6), ("GBy", 1e9));
        Kind("conductivity", ("uS/cm", 1), ("mS/cm", 1e3), ("S/m", 1e4));
        foreach (string only in new[] { "dB", "dB[mW]", "[pH]", "[NTU]", "Bq/m3", "W/m2", "kg", "N" })
            Kind(only, (only, 1));
        Known["Cel"] = new Unit("temperature", 1, 0);
        Known["K"] = new Unit("temperature", 1, -273.15);
        Known["[degF]"] = new Unit("temperature", 5.0 / 9, -160.0 / 9);
    }

    /// <summary>The UCUM code of what a person wrote.</summary>
    public static bool TryResolve(string written, [NotNullWhen(true)] out string? code)
    {
        code = Aliases.GetValueOrDefault(written, written);
        return Known.ContainsKey(code);
    }

    /// <summary>How a value in one unit becomes one in another.</summary>
    /// <returns>False when a unit is not known or they measure different things.</returns>
    public static bool TryConvert(string from, string to, out LinearMap map)
    {
        map = LinearMap.Identity;
        if (!TryResolve(from, out string? source) || !TryResolve(to, out string? target))
            return false;

        Unit a = Known[source];
        Unit b = Known[target];
        if (a.Kind != b.Kind)
            return false;
        if (source != target)
            map = LinearMap.Of(a.Scale / b.Scale, (a.Zero - b.Zero) / b.Scale);
        return true;
    }

    /// <summary>Every code and alias that a unit can be converted from, and how.</summary>
    public static IEnumerable<(string Name, LinearMap Map)> NamesOf(string target)
    {
        foreach (string name in Known.Keys.Concat(Aliases.Keys))
        {
            if (TryConvert(name, target, out LinearMap map))
                yield return (name, map);
        }
    }

    private static void Kind(string kind, params ReadOnlySpan<(string Code, double Scale)> units)
    {
        foreach ((string code, double scale) in units)
            Known[code] = new Unit(kind, scale, 0);
    }

    private readonly record struct Unit(string Kind, double Scale, double Zero);
}
