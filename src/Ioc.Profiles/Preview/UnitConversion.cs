using Ioc.Profiles.Fields;

namespace Ioc.Profiles.Preview;

/// <summary>The product's table of units, for tools.</summary>
public static class UnitConversion
{
    /// <summary>A value of one unit in another of the same kind.</summary>
    /// <param name="value">In <paramref name="from"/>.</param>
    /// <param name="from">A UCUM code, or what people write for it.</param>
    /// <param name="to">The same.</param>
    /// <param name="converted">In <paramref name="to"/>.</param>
    /// <returns>False when a unit is not known or they measure different things.</returns>
    public static bool TryConvert(double value, string from, string to, out double converted)
    {
        bool known = Units.TryConvert(from, to, out LinearMap map);
        converted = known ? map.Apply(value) : value;
        return known;
    }
}
