using Ioc.Profiles.Fields;
using Ioc.Profiles.Model;

namespace Ioc.Profiles.Compilation;

/// <summary>Compiles <c>if(mount_m > 0, mount_m - distance / 1000, 0)</c>: arithmetic, comparison, and or not, and some functions over named fields and parameters.</summary>
internal sealed class ExpressionCompiler
{
    private const int MaxLength = 400;

    private static readonly (string Sign, ExpressionOperator Operator)[] Comparisons =
    [
        ("<=", ExpressionOperator.LessOrEqual), (">=", ExpressionOperator.GreaterOrEqual), ("==", ExpressionOperator.Equal),
        ("!=", ExpressionOperator.NotEqual), ("<", ExpressionOperator.Less), (">", ExpressionOperator.Greater),
    ];

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
            compiler.Whole();

        compiler.Blanks();
        if (compiler._problem is null && compiler._at < text.Value.Length)
            compiler._problem = $"'{text.Value[compiler._at..]}' is left over";
        if (compiler._problem is null)
            return new ExpressionPlan([.. compiler._steps]);

        string shown = text.Value.Length > 80 ? $"{text.Value[..80]}…" : text.Value;
        scope.Errors.Add(text.Mark, $"expr '{shown}' cannot be read: {compiler._problem}");
        return null;
    }

    private void Whole()
    {
        Deeper();
        Conjunction();
        while (_problem is null && TryWord("or"))
        {
            Conjunction();
            Combine(ExpressionOperator.Or);
        }

        _nesting--;
    }

    private void Conjunction()
    {
        Negation();
        while (_problem is null && TryWord("and"))
        {
            Negation();
            Combine(ExpressionOperator.And);
        }
    }

    private void Negation()
    {
        if (_problem is not null || !TryWord("not"))
        {
            Comparison();
            return;
        }

        Deeper();
        Negation();
        _nesting--;
        _steps.Add((ExpressionOperator.Not, 0, 0));
    }

    private void Comparison()
    {
        Sum();
        if (_problem is not null || !TryComparison(out ExpressionOperator comparison))
            return;

        Sum();
        Combine(comparison);
        if (_problem is null && TryComparison(out _))
            _problem = "two comparisons in a row; join them with 'and'";
    }

    private void Sum()
    {
        Product();
        while (_problem is null && TryTake('+', '-', out char sign))
        {
            Product();
            Combine(sign == '+' ? ExpressionOperator.Add : ExpressionOperator.Subtract);
        }
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
            Deeper();
            Factor();
            _nesting--;
            _steps.Add((ExpressionOperator.Negate, 0, 0));
            return;
        }

        if (TryTake('(', '(', out _))
        {
            Whole();
            Expect(')');
            return;
        }

        Blanks();
        int from = _at;
        while (_at < _text.Length && (IsWordLetter(_text[_at]) || _text[_at] == '.'))
            _at++;
        Operand(_text[from.._at]);
    }

    private void Operand(string word)
    {
        if (ExpressionFunction.All.TryGetValue(word, out ExpressionFunction? function) && TryTake('(', '(', out _))
            Call(word, function);
        else if (word.Length > 0 && char.IsAsciiDigit(word[0]) && YamlMap.TryNumber(word, out double number))
            Push(ExpressionOperator.Constant, 0, number);
        else if (_scope.Names.TryGetValue(word, out int name))
            Push(ExpressionOperator.Named, name, 0);
        else if (_scope.Parameters.ToList().IndexOf(word) is >= 0 and int parameter)
            Push(ExpressionOperator.Parameter, parameter, 0);
        else
            _problem ??= Unknown(word);
    }

    private string Unknown(string word)
    {
        if (word.Length == 0)
            return "a value is missing";
        if (_at < _text.Length && _text[_at] == '(')
            return $"there is no function '{word}'; there are {string.Join(", ", ExpressionFunction.All.Keys)}";

        string known = string.Join(", ", _scope.Names.Keys.Concat(_scope.Parameters));
        return $"'{word}' is neither a field above it ('as: {word}') nor a parameter{(known.Length > 0 ? $"; there are {known}" : "")}";
    }

    private void Call(string name, ExpressionFunction function)
    {
        int count = 0;
        do
        {
            Whole();
            if (function.Each is { } each)
                _steps.Add((each, 0, 0));
            if (function.Fold is { } fold && count > 0)
                Combine(fold);
            count++;
        }
        while (_problem is null && TryTake(',', ',', out _));

        Expect(')');
        if (count < function.Least || count > function.Most)
            _problem ??= $"{name}() takes {(function.Least == function.Most ? $"{function.Least}" : $"{function.Least} to {function.Most}")} values, not {count}";
        if (function.Last is not { } last)
            return;

        _steps.Add((last, 0, 0));
        _depth -= count - 1;
    }

    private void Deeper()
    {
        if (++_nesting > ExpressionPlan.MaxDepth)
            _problem ??= "it is nested too deep";
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

    private bool TryWord(string word)
    {
        Blanks();
        int end = _at + word.Length;
        if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0 || (end < _text.Length && IsWordLetter(_text[end])))
            return false;

        _at = end;
        return true;
    }

    private bool TryComparison(out ExpressionOperator comparison)
    {
        Blanks();
        foreach ((string sign, ExpressionOperator candidate) in Comparisons)
        {
            if (string.CompareOrdinal(_text, _at, sign, 0, sign.Length) != 0)
                continue;

            comparison = candidate;
            _at += sign.Length;
            return true;
        }

        comparison = default;
        return false;
    }

    private void Expect(char what)
    {
        if (!TryTake(what, what, out _))
            _problem ??= $"'{what}' is missing";
    }

    private void Blanks()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            _at++;
    }

    private static bool IsWordLetter(char letter) => char.IsAsciiLetterOrDigit(letter) || letter == '_';
}
