using Ioc.Devices.Registry;

namespace Ioc.Profiles.Fields;

/// <summary>One step of a compiled expression, for a stack machine.</summary>
internal enum ExpressionOperator
{
    Constant,
    Named,
    Parameter,

    // One operand.
    Negate,
    Not,
    Exists,

    // Three operands: condition, then, else.
    If,

    // Two operands.
    Add,
    Subtract,
    Multiply,
    Divide,
    Min,
    Max,
    Bit,
    Mask,
    Shift,

    /// <summary>Latitude and longitude to the number that a position is stored as.</summary>
    Position,
    First,
    And,
    Or,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
}

/// <summary>A small formula over named fields and device parameters. What is absent makes the result absent (NaN), unless the formula asks for it.</summary>
internal sealed class ExpressionPlan((ExpressionOperator Operator, int Number, double Value)[] steps)
{
    /// <summary>Deepest stack a profile may need; the loader refuses more.</summary>
    public const int MaxDepth = 16;

    // Whole numbers up to here are exact in a double.
    private const double MostBits = 1L << 53;

    public double Evaluate(scoped ref Frame frame)
    {
        Span<double> stack = stackalloc double[MaxDepth];
        int top = -1;
        foreach ((ExpressionOperator step, int number, double value) in steps)
        {
            switch (step)
            {
                case ExpressionOperator.Constant:
                    stack[++top] = value;
                    break;
                case ExpressionOperator.Named:
                    stack[++top] = frame.Named[number];
                    break;
                case ExpressionOperator.Parameter:
                    stack[++top] = number < frame.Parameters.Length ? frame.Parameters[number] : double.NaN;
                    break;
                case ExpressionOperator.Negate or ExpressionOperator.Not or ExpressionOperator.Exists:
                    stack[top] = Turn(step, stack[top]);
                    break;
                case ExpressionOperator.If:
                    top -= 2;
                    stack[top] = double.IsNaN(stack[top]) ? double.NaN : stack[top] != 0 ? stack[top + 1] : stack[top + 2];
                    break;
                default:
                    double right = stack[top--];
                    stack[top] = Combine(step, stack[top], right);
                    break;
            }
        }

        return stack[0];
    }

    /// <summary>One bit of a whole number of up to 53 bits, 0 the lowest; NaN where there is none.</summary>
    public static double BitOf(double value, double bit) =>
        value is >= 0 and < MostBits && bit is >= 0 and < 53 ? ((ulong)value >> (int)bit) & 1 : double.NaN;

    private static double Turn(ExpressionOperator step, double value) =>
        step switch
        {
            ExpressionOperator.Negate => -value,
            ExpressionOperator.Exists => double.IsNaN(value) ? 0 : 1,
            _ => double.IsNaN(value) ? double.NaN : value == 0 ? 1 : 0,
        };

    private static double Combine(ExpressionOperator step, double left, double right) =>
        step switch
        {
            ExpressionOperator.Add => left + right,
            ExpressionOperator.Subtract => left - right,
            ExpressionOperator.Multiply => left * right,
            ExpressionOperator.Divide => left / right,
            ExpressionOperator.Min => Math.Min(left, right),
            ExpressionOperator.Max => Math.Max(left, right),
            ExpressionOperator.Bit => BitOf(left, right),
            ExpressionOperator.Mask => left is >= 0 and < MostBits && right is >= 0 and < MostBits ? (ulong)left & (ulong)right : double.NaN,
            ExpressionOperator.Shift => left is >= 0 and < MostBits && Math.Abs(right) < 53 ? Math.Floor(Math.ScaleB(left, -(int)right)) : double.NaN,
            ExpressionOperator.Position => new GeoPoint(left, right).ToNumber(),
            ExpressionOperator.First => double.IsNaN(left) ? right : left,

            // Nothing can make a false part true again, nor a true one false: then the absent part does not matter.
            ExpressionOperator.And => left == 0 || right == 0 ? 0 : double.IsNaN(left + right) ? double.NaN : 1,
            ExpressionOperator.Or => IsTrue(left) || IsTrue(right) ? 1 : double.IsNaN(left + right) ? double.NaN : 0,
            _ => double.IsNaN(left) || double.IsNaN(right) ? double.NaN : Compare(step, left, right) ? 1 : 0,
        };

    private static bool IsTrue(double value) => value != 0 && !double.IsNaN(value);

    private static bool Compare(ExpressionOperator step, double left, double right) =>
        step switch
        {
            ExpressionOperator.Less => left < right,
            ExpressionOperator.LessOrEqual => left <= right,
            ExpressionOperator.Greater => left > right,
            ExpressionOperator.GreaterOrEqual => left >= right,
            ExpressionOperator.Equal => left == right,
            _ => left != right,
        };
}
