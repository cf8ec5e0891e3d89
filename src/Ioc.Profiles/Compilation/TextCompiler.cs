using System.Text;
using Ioc.Profiles.Fields;
using Ioc.Profiles.Model;
using Ioc.Profiles.Texts;

namespace Ioc.Profiles.Compilation;

/// <summary>Compiles how a group takes a text apart. What its fields want of the text is known only once they are compiled.</summary>
internal sealed class TextCompiler
{
    private readonly TextConfig _text;
    private readonly CompileScope _outer;
    private readonly PartTable _parts;
    private readonly TextPattern? _pattern;
    private readonly int _source;

    private TextCompiler(TextConfig text, CompileScope outer)
    {
        _text = text;
        _outer = outer;
        _source = text.In is { } path ? outer.SlotOf(path) : -1;
        if (text.Match is { } match && !TextPattern.TryParse(match.Value, out _pattern, out string problem))
            outer.Errors.Add(match.Mark, $"pattern '{match.Value}' cannot be read: {problem}");
        if (text.In is null && outer.Codec != BodyCodec.Text)
            outer.Errors.Add(text.Mark, "without 'in' the text is the body's, which needs 'body: {codec: text}'");
        _parts = new PartTable(outer.Slots, IsPart, Known());
    }

    public static TextCompiler Open(TextConfig text, CompileScope outer, out CompileScope inner)
    {
        var compiler = new TextCompiler(text, outer);
        inner = outer with { Depth = outer.Depth + 1 };
        inner = text.Bytes is null ? inner with { Parts = compiler._parts } : inner with { Codec = BodyCodec.Binary, InTag = false };
        return compiler;
    }

    public TextPlan Build()
    {
        (string Name, int Slot)[] wanted = [.. _parts.Wanted];
        int[] slots = [.. wanted.Select(part => part.Slot)];
        string malformed = $"profile {_outer.Profile}: the text is not what 'text' (line {_text.Mark.Line}) says it is";
        if (_text.Match is not null)
        {
            return new MatchPlan(_pattern!, [.. wanted.Select(part => _pattern?.GroupOf(part.Name) ?? 0)])
            {
                Source = _source,
                Slots = slots,
                Lines = _text.Lines,
                Malformed = malformed,
                TooLong = $"profile {_outer.Profile}: a text for 'match' is longer than {TextPattern.MaxTextBytes} bytes",
            };
        }

        if (_text.Obis is { } obis)
        {
            return new ObisPlan(obis, [.. wanted.Select(part => Obis(part.Name))])
            {
                Source = _source,
                Slots = slots,
                Malformed = malformed,
                Checksum = $"profile {_outer.Profile}: the CRC16 of the telegram is wrong",
            };
        }

        if (_text.Bytes is { } bytes)
            return new BytesPlan(bytes) { Source = _source, Malformed = malformed };

        byte quote = _text.Quote is { Value.Length: 1 } given ? (byte)given.Value[0] : (byte)0;
        int[] columns = _text.Parts.Count == 0 ? [] : [.. wanted.Select(part => Place(part.Name))];
        return new SplitPlan(Encoding.UTF8.GetBytes(_text.Split?.Value ?? ","), quote, columns, FieldCompiler.Utf8(wanted.Select(part => part.Name)))
        {
            Source = _source,
            Slots = slots,
            Lines = _text.Lines,
            Malformed = malformed,
            HasHeader = _text.Header,
            Values = _text.Values,
        };
    }

    private bool IsPart(string name) =>
        _text.Match is not null ? _pattern is null || _pattern.GroupOf(name) >= 0
        : _text.Obis is not null ? Obis(name).Code.Length > 0
        : _text.Values ? name == "."
        : _text.Parts.Count > 0 ? Place(name) >= 0 && name is not ("" or "_")
        : name.Length > 0;

    private string Known() =>
        _text.Match is not null ? $"its groups are {string.Join(", ", _pattern?.Groups ?? [])}, written (?<name>…)"
        : _text.Obis is not null ? "parts are codes such as 1-0:1.8.0, with [1] for what stands in the second brackets"
        : _text.Values ? "each value is called ."
        : $"its parts are {string.Join(", ", _text.Parts.Select(part => part.Value).Where(part => part is not ("" or "_")))}";

    private int Place(string name) => _text.Parts.ToList().FindIndex(part => part.Value == name);

    /// <summary>1-0:1.8.1[2] is the third pair of brackets behind 1-0:1.8.1.</summary>
    private static (byte[] Code, int Place) Obis(string name)
    {
        int open = name.IndexOf('[', StringComparison.Ordinal);
        int place = 0;
        bool isRead = open < 0 || (name.EndsWith(']') && int.TryParse(name[(open + 1)..^1], out place) && place is >= 0 and < 64);
        string code = open < 0 ? name : name[..open];
        isRead &= code.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or ':' or '-' or '*');
        return (isRead ? Encoding.UTF8.GetBytes(code) : [], place);
    }
}
