using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Ioc.Profiles.Model;

/// <summary>A YAML mapping read strictly: every key has to be asked for, and what nobody asked for is an error.</summary>
internal sealed class YamlMap
{
    private readonly Dictionary<string, (YamlNode Key, YamlNode Value)> _entries = new(StringComparer.Ordinal);
    private readonly List<string> _asked = [];
    private readonly MapShape? _shape;
    private readonly string _file;
    private readonly ProfileErrors _errors;

    public YamlMap(YamlMappingNode node, string file, ProfileErrors errors)
    {
        _file = file;
        _errors = errors;
        _shape = errors.Shapes is null ? null : new MapShape();
        Mark = MarkOf(node);
        foreach ((YamlNode key, YamlNode value) in node.Children)
        {
            if (key is YamlScalarNode { Value: { } name })
                _entries[name] = (key, value);
            else
                _errors.Add(MarkOf(key), "a key must be plain text");
        }
    }

    public SourceMark Mark { get; }

    public IEnumerable<string> Keys => _entries.Keys;

    public bool Has(string key) => _entries.ContainsKey(key);

    public SourceMark MarkOf(string key) => _entries.TryGetValue(key, out var entry) ? MarkOf(entry.Key) : Mark;

    public YamlNode? Node(string key)
    {
        _asked.Add(key);
        return _entries.TryGetValue(key, out var entry) ? entry.Value : null;
    }

    public MarkedText? Text(string key)
    {
        YamlNode? node = Node(key);
        _shape?.Of(key).Types.Add(ValueKind.Text);
        return node is null ? null : TextOf(node, key);
    }

    public MarkedText RequiredText(string key)
    {
        MarkedText? text = Text(key);
        _shape?.Of(key).IsRequired = true;
        if (text is { Value.Length: > 0 })
            return text;

        if (!Has(key))
            Error(key, $"'{key}' is missing");
        else if (text is not null)
            Error(key, $"'{key}' is empty");
        return new MarkedText("", MarkOf(key));
    }

    public double? Number(string key)
    {
        _shape?.Of(key).Types.Add(ValueKind.Number);
        if (ScalarOf(key) is not { } text)
            return null;
        if (TryNumber(text.Value, out double number))
            return number;

        Error(key, $"'{key}' must be a number (or 0x…), not '{text.Value}'");
        return null;
    }

    public int? Integer(string key)
    {
        if (Number(key) is not { } number)
            return null;
        if (number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue)
            return (int)number;

        Error(key, $"'{key}' must be a whole number");
        return null;
    }

    public bool Flag(string key)
    {
        _shape?.Of(key).Types.Add(ValueKind.Flag);
        if (ScalarOf(key) is not { } text)
            return false;
        if (text.Value is not ("true" or "false"))
            Error(key, $"'{key}' must be true or false, not '{text.Value}'");
        return text.Value == "true";
    }

    public TEnum? Word<TEnum>(string key, IReadOnlyDictionary<string, TEnum> words)
        where TEnum : struct
    {
        _shape?.Of(key).Words.UnionWith(words.Keys);
        if (ScalarOf(key) is not { } text)
            return null;
        if (words.TryGetValue(text.Value, out TEnum value))
            return value;

        Error(key, $"'{key}: {text.Value}' is not known; it is one of {string.Join(", ", words.Keys)}");
        return null;
    }

    /// <summary>One of the given words.</summary>
    public string? Choice(string key, IReadOnlyList<string> words)
    {
        _shape?.Of(key).Words.UnionWith(words);
        if (ScalarOf(key) is not { } text)
            return null;
        if (words.Contains(text.Value))
            return text.Value;

        Error(key, $"'{key}: {text.Value}' is not known; it is one of {string.Join(", ", words)}");
        return null;
    }

    public YamlMap? Map(string key)
    {
        YamlNode? node = Node(key);
        _shape?.Of(key).Types.Add(ValueKind.Map);
        return node is null ? null : AsMap(node, key);
    }

    public YamlMap? AsMap(YamlNode node, string what)
    {
        if (node is YamlMappingNode mapping)
        {
            var inner = new YamlMap(mapping, _file, _errors);
            if (inner._shape is { } shape)
                _shape!.Of(what).Maps.Add(shape);
            return inner;
        }

        _errors.Add(MarkOf(node), $"'{what}' must be a mapping (key: value)");
        return null;
    }

    /// <summary>The items of a list; one item may stand without the brackets.</summary>
    public IReadOnlyList<YamlNode> Items(string key)
    {
        _shape?.Of(key).Types.Add(ValueKind.List);
        return Node(key) switch
        {
            null => [],
            YamlSequenceNode list => [.. list.Children],
            YamlNode one => [one],
        };
    }

    public IReadOnlyList<MarkedText> Texts(string key)
    {
        _shape?.Of(key).Types.Add(ValueKind.Texts);
        return [.. Items(key).Select(item => TextOf(item, key)).OfType<MarkedText>()];
    }

    public MarkedText? TextOf(YamlNode node, string what)
    {
        if (node is YamlScalarNode { Value: { } value })
            return new MarkedText(value, MarkOf(node));

        _errors.Add(MarkOf(node), $"'{what}' must be a single value");
        return null;
    }

    public SourceMark MarkOf(YamlNode node) => new(_file, node.Start.Line);

    public void Error(string key, string message) => _errors.Add(MarkOf(key), message);

    /// <summary>Tells of the keys nobody asked for. Call when all known keys were read.</summary>
    public void Finish(string what)
    {
        if (_shape is { } shape)
        {
            shape.What = what;
            _errors.Shapes!.Add(shape);
        }

        foreach (string key in _entries.Keys.Except(_asked))
            Error(key, $"'{key}' is not known in {what}; known are {string.Join(", ", _asked.Distinct().Order(StringComparer.Ordinal))}");
    }

    private MarkedText? ScalarOf(string key)
    {
        YamlNode? node = Node(key);
        return node is null ? null : TextOf(node, key);
    }

    public static bool TryNumber(string text, out double number)
    {
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            bool hex = ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong bits);
            number = bits;
            return hex;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
    }
}
