namespace Ioc.Profiles.Fields;

/// <summary>value × <paramref name="Multiply"/> ÷ <paramref name="Divide"/> + <paramref name="Add"/>.</summary>
/// <remarks>A factor like 0.001 is kept as a division by 1000: 2885 ÷ 1000 is the double nearest 2.885, and 2885 × 0.001 is not always.</remarks>
internal readonly record struct LinearMap(double Multiply, double Divide, double Add)
{
    public static readonly LinearMap Identity = new(1, 1, 0);

    public static LinearMap Of(double factor, double add)
    {
        double inverse = 1 / factor;
        return IsWhole(factor) || !IsWhole(inverse)
            ? new LinearMap(factor, 1, add)
            : new LinearMap(1, Math.Round(inverse), add);
    }

    public double Apply(double value) => (value * Multiply / Divide) + Add;

    private static bool IsWhole(double number) => Math.Abs(number) is >= 1 and < 1e15 && Math.Abs(number - Math.Round(number)) < 1e-9 * Math.Abs(number);
}
