using System.Text.Json;

namespace Ioc.Profiles.Fields;

/// <summary>One forward pass over a JSON text that notes where the wanted places are. Allocates nothing on well-formed input.</summary>
internal static class JsonWalk
{
    /// <summary>Deepest nesting accepted, in the payload.</summary>
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    /// <summary>Walks a whole document, or a part of one that was already found to be well formed.</summary>
    /// <param name="payload">The whole payload: slots hold offsets into it.</param>
    /// <param name="start">Where the value begins.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="root">What is wanted.</param>
    /// <param name="slots">Filled in; the caller has cleared them.</param>
    /// <returns>False when the text is not JSON.</returns>
    public static bool TryWalk(ReadOnlySpan<byte> payload, int start, int length, JsonNode root, Span<JsonSlot> slots)
    {
        // Utf8JsonReader has no way but an exception to say that a text is not JSON: the one catch of the decoder, at its edge.
        try
        {
            var reader = new Utf8JsonReader(payload.Slice(start, length), Options);
            if (!reader.Read())
                return false;

            Value(ref reader, payload, start, root, slots);
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Notes a value and walks into it as far as something is wanted there. Leaves the reader on its last token.</summary>
    public static void Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> payload, int origin, JsonNode node, Span<JsonSlot> slots)
    {
        int start = (int)reader.TokenStartIndex;
        JsonTokenType token = reader.TokenType;
        if (token is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            if (node.Slot >= 0)
                slots[node.Slot] = Scalar(ref reader, origin);
            return;
        }

        bool isObject = token == JsonTokenType.StartObject;
        if (isObject && node.Members is { } members)
            Members(ref reader, payload, origin, members, slots);
        else if (!isObject && (node.Elements.Length > 0 || node.Selectors.Length > 0))
            Elements(ref reader, payload, origin, node, slots);
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

    private static void Members(ref Utf8JsonReader reader, ReadOnlySpan<byte> payload, int origin, NameTable<JsonNode> members, Span<JsonSlot> slots)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            JsonNode? child = reader.ValueIsEscaped ? FindEscaped(ref reader, members) : members.Find(reader.ValueSpan);
            if (!reader.Read())
                return;

            if (child is null)
                reader.Skip();
            else
                Value(ref reader, payload, origin, child, slots);
        }
    }

    private static JsonNode? FindEscaped(ref Utf8JsonReader reader, NameTable<JsonNode> members)
    {
        Span<byte> name = stackalloc byte[256];
        return JsonText.TryUnescape(reader.ValueSpan, name, out int length) ? members.Find(name[..length]) : null;
    }

    private static void Elements(ref Utf8JsonReader reader, ReadOnlySpan<byte> payload, int origin, JsonNode node, Span<JsonSlot> slots)
    {
        for (int index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            JsonNode? child = index < node.Elements.Length ? node.Elements[index] : null;
            child ??= Select(reader, node);
            if (child is null)
                reader.Skip();
            else
                Value(ref reader, payload, origin, child, slots);
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
