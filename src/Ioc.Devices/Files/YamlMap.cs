using System.Globalization;
using NodaTime;
using NodaTime.Text;
using YamlDotNet.RepresentationModel;

namespace Ioc.Devices.Files;

/// <summary>A YAML mapping read strictly: each key is asked for by name, and <see cref="Close"/> reports those that nobody asked for.</summary>
public sealed class YamlMap
{
    private readonly string _path;
    private readonly YamlMappingNode _node;
    private readonly FileErrors _errors;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    private YamlMap(string path, YamlMappingNode node, FileErrors errors)
    {
        _path = path;
        _node = node;
        _errors = errors;
    }

    /// <summary>The line on which it begins.</summary>
    public int Line => (int)_node.Start.Line;

    /// <summary>Notes an error of this mapping.</summary>
    public void Error(string message) => _errors.Add(_path, Line, message);

    /// <summary>Notes an error at a key's value.</summary>
    public void Error(string key, string message) => _errors.Add(_path, Find(key) is { } node ? (int)node.Start.Line : Line, message);

    /// <summary>Whether a key is there.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>Text; empty when missing, which is noted.</summary>
    public string Required(string key)
    {
        if (Optional(key) is { Length: > 0 } text)
            return text;
        if (Find(key) is null or YamlScalarNode)
            Error($"{key} is missing.");
        return "";
    }

    /// <summary>Text; null when missing.</summary>
    public string? Optional(string key)
    {
        YamlNode? node = Ask(key);
        if (node is null or YamlScalarNode)
            return (node as YamlScalarNode)?.Value;

        Error(key, $"{key} must be a single value.");
        return null;
    }

    /// <summary>A finite number; null when missing or wrong.</summary>
    public double? Number(string key)
    {
        if (Optional(key) is not { } text)
            return null;
        if (TryNumber(text, out double number))
            return number;

        Error(key, $"{key} '{text}' is not a number.");
        return null;
    }

    /// <summary>A date yyyy-MM-dd; null when missing or wrong.</summary>
    public LocalDate? Date(string key)
    {
        if (Optional(key) is not { } text)
            return null;
        if (LocalDatePattern.Iso.Parse(text) is { Success: true } date)
            return date.Value;

        Error(key, $"{key} '{text}' is not a date such as 2025-07-01.");
        return null;
    }

    /// <summary>One of the given words; null when missing or wrong.</summary>
    public string? Word(string key, IReadOnlyList<string> known)
    {
        if (Optional(key) is not { } text)
            return null;
        if (known.Contains(text))
            return text;

        Error(key, $"{key} '{text}' is unknown; known are {string.Join(", ", known)}.");
        return null;
    }

    /// <summary>A list of texts; empty when missing.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        var texts = new List<string>();
        foreach (YamlNode item in Items(key))
        {
            if (item is YamlScalarNode { Value: { Length: > 0 } text })
                texts.Add(text);
            else
                _errors.Add(_path, (int)item.Start.Line, $"{key} must be a list of single values.");
        }

        return texts;
    }

    /// <summary>A list of mappings; empty when missing.</summary>
    public IReadOnlyList<YamlMap> Maps(string key)
    {
        var maps = new List<YamlMap>();
        foreach (YamlNode item in Items(key))
        {
            if (From(_path, item, _errors) is { } map)
                maps.Add(map);
        }

        return maps;
    }

    /// <summary>A mapping; null when missing.</summary>
    public YamlMap? Map(string key) => Ask(key) is { } node ? From(_path, node, _errors) : null;

    /// <summary>Reports every key that was never asked for.</summary>
    public void Close()
    {
        foreach (YamlNode key in _node.Children.Keys)
        {
            string name = (key as YamlScalarNode)?.Value ?? "";
            if (!_asked.Contains(name))
                _errors.Add(_path, (int)key.Start.Line, $"'{name}' is unknown here; known are {string.Join(", ", _asked.Order(StringComparer.Ordinal))}.");
        }
    }

    /// <summary>A number as people write it in YAML: decimal point, exponent allowed.</summary>
    public static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    internal static YamlMap? From(string path, YamlNode node, FileErrors errors)
    {
        if (node is YamlMappingNode mapping)
            return new YamlMap(path, mapping, errors);

        errors.Add(path, (int)node.Start.Line, "must be a mapping of names to values.");
        return null;
    }

    private IEnumerable<YamlNode> Items(string key)
    {
        switch (Ask(key))
        {
            case YamlSequenceNode sequence:
                return sequence.Children;
            case null:
                return [];
            case YamlNode other:
                _errors.Add(_path, (int)other.Start.Line, $"{key} must be a list.");
                return [];
        }
    }

    private YamlNode? Ask(string key)
    {
        _asked.Add(key);
        return Find(key);
    }

    private YamlNode? Find(string key) =>
        _node.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? node) ? node : null;
}
