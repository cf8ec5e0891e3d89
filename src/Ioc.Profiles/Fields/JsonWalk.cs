using System.Text.Json;
using Ioc.Profiles.Documents;

namespace Ioc.Profiles.Fields;

/// <summary>One forward pass over a JSON text that notes where the wanted places are. Allocates nothing on well-formed input.</summary>
internal static class JsonWalk
{
    /// <summary>Deepest nesting accepted, in the payload.</summary>
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    /// <summary>Walks a whole document, from a place to the end of the text.</summary>
    /// <param name="text">Slots hold offsets into it.</param>
    /// <param name="start">Where the document begins.</param>
    /// <param name="root">What is wanted.</param>
    /// <param name="slots">Filled in; the caller has cleared them.</param>
    /// <param name="scratch">Is told of escaped strings among the wanted.</param>
    /// <returns>False when the text is not JSON.</returns>
    public static bool TryWalk(ReadOnlySpan<byte> text, int start, JsonNode root, Span<JsonSlot> slots, JsonScratch scratch)
    {
        // Utf8JsonReader has no way but an exception to say that a text is not JSON: the one catch of the decoder, at its edge.
        try
        {
            var reader = new Utf8JsonReader(text[start..], Options);
            if (!reader.Read())
                return false;

            Value(ref reader, start, root, slots, scratch);
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Notes a value and walks into it as far as something is wanted there. Leaves the reader on its last token.</summary>
    public static void Value(ref Utf8JsonReader reader, int origin, JsonNode node, Span<JsonSlot> slots, JsonScratch scratch)
    {
        int start = (int)reader.TokenStartIndex;
        JsonTokenType token = reader.TokenType;
        if (token is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            if (node.Slot >= 0)
            {
                slots[node.Slot] = Scalar(ref reader, origin);
                scratch.HasEscapes |= slots[node.Slot].Kind == SlotKind.EscapedString;
            }

            foreach (int shared in node.Also)
            {
                if (!slots[shared].HasValue)
                    slots[shared] = Scalar(ref reader, origin);
                scratch.HasEscapes |= slots[shared].Kind == SlotKind.EscapedString;
            }

            return;
        }

        bool isObject = token == JsonTokenType.StartObject;
        if (isObject && node.Members is { } members)
            Members(ref reader, origin, members, slots, scratch);
        else if (!isObject && (node.Elements.Length > 0 || node.Selectors.Length > 0))
            Elements(ref reader, origin, node, slots, scratch);
        else
            reader.Skip();

        if (node.Slot >= 0)
        {
            slots[node.Slot] = new JsonSlot
            {
                Start = origin + start,
                Length = (int)reader.BytesConsumed - start,
                Kind = isObject ? SlotKind.Object : SlotKind.Array,
            };
        }
    }

    /// <summary>The slot of the scalar or key the reader stands on.</summary>
    public static JsonSlot Scalar(ref Utf8JsonReader reader, int origin)
    {
        int start = origin + (int)reader.TokenStartIndex;
        int length = reader.ValueSpan.Length;
        return reader.TokenType switch
        {
            JsonTokenType.String or JsonTokenType.PropertyName => new JsonSlot
            {
                Start = start + 1,
                Length = length,
                Kind = reader.ValueIsEscaped ? SlotKind.EscapedString : SlotKind.String,
            },
            JsonTokenType.Number => new JsonSlot { Start = start, Length = length, Kind = SlotKind.Number },
            JsonTokenType.True => new JsonSlot { Start = start, Length = length, Kind = SlotKind.True },
            JsonTokenType.False => new JsonSlot { Start = start, Length = length, Kind = SlotKind.False },
            _ => new JsonSlot { Start = start, Length = length, Kind = SlotKind.Null },
        };
    }

    private static void Members(ref Utf8JsonReader reader, int origin, NameTable<JsonNode> members, Span<JsonSlot> slots, JsonScratch scratch)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            JsonNode? child = reader.ValueIsEscaped ? FindEscaped(ref reader, members) : members.Find(reader.ValueSpan);
            if (!reader.Read())
                return;

            if (child is null)
                reader.Skip();
            else
                Value(ref reader, origin, child, slots, scratch);
        }
    }

    private static JsonNode? FindEscaped(ref Utf8JsonReader reader, NameTable<JsonNode> members)
    {
        Span<byte> name = stackalloc byte[256];
        return JsonText.TryUnescape(reader.ValueSpan, name, out int length) ? members.Find(name[..length]) : null;
    }

    private static void Elements(ref Utf8JsonReader reader, int origin, JsonNode node, Span<JsonSlot> slots, JsonScratch scratch)
    {
        for (int index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            JsonNode? child = index < node.Elements.Length ? node.Elements[index] : null;
            child ??= Select(reader, node);
            if (child is null)
                reader.Skip();
            else
                Value(ref reader, origin, child, slots, scratch);
        }
    }

    /// <summary>Looks ahead in an element for the member that tells what it is; the reader is a copy.</summary>
    private static JsonNode? Select(Utf8JsonReader ahead, JsonNode node)
    {
        if (ahead.TokenType != JsonTokenType.StartObject || node.Selectors.Length == 0)
            return null;

        while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
        {
            ElementSelector? selector = null;
            foreach (ElementSelector candidate in node.Selectors)
            {
                if (ahead.ValueSpan.SequenceEqual(candidate.Member))
                    selector = candidate;
            }

            if (!ahead.Read())
                return null;
            if (selector is not null)
            {
                foreach ((byte[] value, JsonNode target) in selector.Values)
                {
                    if (ahead.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray) && ahead.ValueSpan.SequenceEqual(value))
                        return target;
                }
            }

            ahead.Skip();
        }

        return null;
    }
}
