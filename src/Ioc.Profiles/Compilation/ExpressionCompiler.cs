using System.Globalization;
using Ioc.Profiles.Fields;
using Ioc.Profiles.Model;

namespace Ioc.Profiles.Compilation;

/// <summary>Compiles <c>mount_m - distance / 1000</c>: + − * / ( ) min max bit over named fields and parameters.</summary>
internal sealed class ExpressionCompiler
{
    private const int MaxLength = 200;

    private readonly string _text;
    private readonly CompileScope _scope;
    private readonly List<(ExpressionOperator, int, double)> _steps = [];
    private int _at;
    private int _depth;
    private int _nesting;
    private string? _problem;

    private ExpressionCompiler(string text, CompileScope scope)
    {
        _text = text;
        _scope = scope;
    }

    public static ExpressionPlan? Compile(MarkedText text, CompileScope scope)
    {
        var compiler = new ExpressionCompiler(text.Value, scope);
        if (text.Value.Length > MaxLength)
            compiler._problem = $"it is longer than {MaxLength} characters";
        else
            compiler.Sum();

        compiler.Blanks();
        if (compiler._problem is null && compiler._at < text.Value.Length)
            compiler._problem = $"'{text.Value[compiler._at..]}' is left over";
        if (compiler._problem is null)
            return new ExpressionPlan([.. compiler._steps]);

        scope.Errors.Add(text.Mark, $"expr '{text.Value}' cannot be read: {compiler._problem}");
        return null;
    }

    private void Sum()
    {
        if (++_nesting > ExpressionPlan.MaxDepth)
            _problem = "it is nested too deep";

        Product();
        while (_problem is null && TryTake('+', '-', out char sign))
        {
            Product();
            Combine(sign == '+' ? ExpressionOperator.Add : ExpressionOperator.Subtract);
        }

        _nesting--;
    }

    private void Product()
    {
        Factor();
        while (_problem is null && TryTake('*', '/', out char sign))
        {
            Factor();
            Combine(sign == '*' ? ExpressionOperator.Multiply : ExpressionOperator.Divide);
        }
    }

    private void Factor()
    {
        if (_problem is not null)
            return;
        if (TryTake('-', '-', out _))
        {
            if (++_nesting > ExpressionPlan.MaxDepth)
                _problem = "it is nested too deep";
            Factor();
            _nesting--;
            _steps.Add((ExpressionOperator.Negate, 0, 0));
            return;
        }

        if (TryTake('(', '(', out _))
        {
            Sum();
            Expect(')');
            return;
        }

        Blanks();
        int from = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '_' or '.'))
            _at++;
        Operand(_text[from.._at]);
    }

    private void Operand(string word)
    {
        if (word is "min" or "max" or "bit" && TryTake('(', '(', out _))
        {
            Sum();
            Expect(',');
            Sum();
            Expect(')');
            Combine(word switch
            {
                "min" => ExpressionOperator.Min,
                "max" => ExpressionOperator.Max,
                _ => ExpressionOperator.Bit,
            });
        }
        else if (double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
        {
            Push(ExpressionOperator.Constant, 0, number);
        }
        else if (_scope.Names.TryGetValue(word, out int name))
        {
            Push(ExpressionOperator.Named, name, 0);
        }
        else if (_scope.Parameters.ToList().IndexOf(word) is >= 0 and int parameter)
        {
            Push(ExpressionOperator.Parameter, parameter, 0);
        }
        else
        {
            string known = string.Join(", ", _scope.Names.Keys.Concat(_scope.Parameters));
            _problem ??= word.Length == 0
                ? "a value is missing"
                : $"'{word}' is neither a field above it ('as: {word}') nor a parameter{(known.Length > 0 ? $"; there are {known}" : "")}";
        }
    }

    private void Push(ExpressionOperator step, int number, double value)
    {
        _steps.Add((step, number, value));
        if (++_depth > ExpressionPlan.MaxDepth)
            _problem ??= "it is nested too deep";
    }

    private void Combine(ExpressionOperator step)
    {
        _steps.Add((step, 0, 0));
        _depth--;
    }

    private bool TryTake(char first, char second, out char taken)
    {
        Blanks();
        taken = _at < _text.Length ? _text[_at] : '\0';
        if (taken == '\0' || (taken != first && taken != second))
            return false;

        _at++;
        return true;
    }

    private void Expect(char what)
    {
        if (!TryTake(what, what, out _))
            _problem ??= $"'{what}' is missing";
    }

    private void Blanks()
    {
        while (_at < _text.Length && _text[_at] == ' ')
            _at++;
    }
}
