using System.Text;
using Ioc.Devices.Readings;
using Ioc.Profiles.Fields;
using Ioc.Profiles.Model;

namespace Ioc.Profiles.Compilation;

/// <summary>Compiles texts with placeholders, and the channels made of them.</summary>
internal static class TemplateCompiler
{
    public static TemplatePlan? Compile(MarkedText text, CompileScope scope)
    {
        var parts = new List<(TemplatePart, int, byte[])>();
        int from = 0;
        while (from < text.Value.Length)
        {
            int open = text.Value.IndexOf('{', from);
            if (open != from)
            {
                string literal = open < 0 ? text.Value[from..] : text.Value[from..open];
                parts.Add((TemplatePart.Literal, 0, Encoding.UTF8.GetBytes(literal)));
                from += literal.Length;
                continue;
            }

            int close = text.Value.IndexOf('}', open);
            if (close < 0 || Part(text, text.Value[(open + 1)..Math.Max(close, open + 1)], scope) is not { } part)
            {
                if (close < 0)
                    scope.Errors.Add(text.Mark, $"'{text.Value}' has a {{ without }}");
                return null;
            }

            parts.Add((part.Kind, part.Number, []));
            from = close + 1;
        }

        if (parts.Count > 0)
            return new TemplatePlan(parts);

        scope.Errors.Add(text.Mark, "the text is empty");
        return null;
    }

    public static ChannelPlan? Channel(ChannelConfig config, CompileScope scope)
    {
        if (Compile(config.Template, scope) is not { } template)
            return null;

        var map = new List<(byte[], ChannelId)>();
        foreach ((MarkedText key, MarkedText value) in config.Map)
        {
            if (value.Value.Length > ChannelTable.MaxNameBytes)
                scope.Errors.Add(value.Mark, $"channel name '{value.Value}' is longer than {ChannelTable.MaxNameBytes} bytes");
            else
                map.Add((Encoding.UTF8.GetBytes(key.Value), scope.Channels.GetOrAdd(value.Value)));
        }

        return new ChannelPlan(template, map, scope.Channels);
    }

    private static (TemplatePart Kind, int Number)? Part(MarkedText text, string name, CompileScope scope)
    {
        if (name.StartsWith('.') || name.StartsWith("$.", StringComparison.Ordinal))
        {
            int slot = scope.SlotOf(new MarkedText(name == "." || name[0] == '$' ? name : name[1..], text.Mark));
            return slot < 0 ? null : (TemplatePart.Member, slot);
        }

        if (name is "$key" or "$index" or "$place" && scope.Depth >= 0)
            return (name == "$key" ? TemplatePart.Key : name == "$index" ? TemplatePart.Index : TemplatePart.Place, scope.Depth);
        if (name == "$port" && scope.HasPort)
            return (TemplatePart.Port, 0);

        if (scope.Codec == BodyCodec.Binary && (name.StartsWith("$byte", StringComparison.Ordinal) || (scope.InTag && name.StartsWith("$tag", StringComparison.Ordinal)))
            && byte.TryParse(name[(name[1] == 'b' ? 5 : 4)..], System.Globalization.NumberStyles.None, null, out byte at))
        {
            return (name[1] == 'b' ? TemplatePart.Byte : TemplatePart.TagByte, at);
        }

        int key = scope.KeyCaptures.Select(capture => capture.Name).ToList().LastIndexOf(name);
        if (key >= 0)
            return (TemplatePart.KeyCapture, scope.KeyCaptures[key].Place);

        int captured = scope.Captures.ToList().IndexOf(name);
        if (captured >= 0)
            return (TemplatePart.Capture, captured);
        if (scope.Names.TryGetValue(name, out int named))
            return (TemplatePart.Named, named);

        string known = string.Join(", ", scope.Captures.Where(capture => capture.Length > 0).Concat(scope.KeyCaptures.Select(capture => capture.Name)));
        scope.Errors.Add(
            text.Mark,
            $"'{{{name}}}' is not a capture of the topic{(known.Length > 0 ? $" (it has {known})" : "")}; members are written {{.member}}, and {{$key}} {{$index}} {{$place}} stand inside 'each', {{$port}} inside an envelope, {{$byte0}} in a binary body, {{$tag0}} under a tag; a field above it is named with 'as'");
        return null;
    }
}
