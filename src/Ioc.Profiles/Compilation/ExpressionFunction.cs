using Ioc.Profiles.Fields;

namespace Ioc.Profiles.Compilation;

/// <summary>A function that expressions may call.</summary>
/// <param name="Least">Fewest arguments.</param>
/// <param name="Most">Most arguments.</param>
/// <param name="Fold">Joins the argument just read with those before it; null when <paramref name="Last"/> joins them all.</param>
/// <param name="Each">Done to every argument before it is joined.</param>
/// <param name="Last">Done once behind the last argument.</param>
internal sealed record ExpressionFunction(int Least, int Most, ExpressionOperator? Fold, ExpressionOperator? Each = null, ExpressionOperator? Last = null)
{
    public static readonly IReadOnlyDictionary<string, ExpressionFunction> All = new Dictionary<string, ExpressionFunction>(StringComparer.Ordinal)
    {
        ["min"] = new(1, 16, ExpressionOperator.Min),
        ["max"] = new(1, 16, ExpressionOperator.Max),
        ["sum"] = new(1, 16, ExpressionOperator.Add),
        ["count"] = new(1, 16, ExpressionOperator.Add, Each: ExpressionOperator.Exists),
        ["first"] = new(1, 16, ExpressionOperator.First),
        ["exists"] = new(1, 1, null, Each: ExpressionOperator.Exists),
        ["if"] = new(3, 3, null, Last: ExpressionOperator.If),
        ["bit"] = new(2, 2, ExpressionOperator.Bit),
        ["mask"] = new(2, 2, ExpressionOperator.Mask),
        ["shift"] = new(2, 2, ExpressionOperator.Shift),
        ["position"] = new(2, 2, ExpressionOperator.Position),
    };
}
