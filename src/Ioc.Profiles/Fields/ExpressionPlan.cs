namespace Ioc.Profiles.Fields;

/// <summary>One step of a compiled expression, for a stack machine.</summary>
internal enum ExpressionOperator
{
    Constant,
    Named,
    Parameter,
    Add,
    Subtract,
    Multiply,
    Divide,
    Negate,
    Min,
    Max,
    Bit,
}

/// <summary>A small formula over named fields and device parameters. What is absent makes the result NaN.</summary>
internal sealed class ExpressionPlan((ExpressionOperator Operator, int Number, double Value)[] steps)
{
    /// <summary>Deepest stack a profile may need; the loader refuses more.</summary>
    public const int MaxDepth = 16;

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
                case ExpressionOperator.Negate:
                    stack[top] = -stack[top];
                    break;
                default:
                    double right = stack[top--];
                    stack[top] = Combine(step, stack[top], right);
                    break;
            }
        }

        return stack[0];
    }

    /// <summary>One bit of a whole number of up to 32 bits, 0 the lowest; NaN where there is none.</summary>
    public static double BitOf(double value, double bit) =>
        value is >= 0 and <= uint.MaxValue && bit is >= 0 and < 32 ? ((uint)value >> (int)bit) & 1 : double.NaN;

    private static double Combine(ExpressionOperator step, double left, double right) =>
        step switch
        {
            ExpressionOperator.Add => left + right,
            ExpressionOperator.Subtract => left - right,
            ExpressionOperator.Multiply => left * right,
            ExpressionOperator.Divide => left / right,
            ExpressionOperator.Min => Math.Min(left, right),
            ExpressionOperator.Bit => BitOf(left, right),
            _ => Math.Max(left, right),
        };
}
