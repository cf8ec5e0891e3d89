using Ioc.Profiles.Fields;

namespace Ioc.Profiles.Texts;

/// <summary>Takes a text apart at a separator: by place, or by the names of a header line; as one record, line by line, or value by value.</summary>
/// <param name="separator">What stands between the parts.</param>
/// <param name="quote">What stands around a part that may hold separators; 0 for nothing.</param>
/// <param name="columns">Place of each wanted part; empty where the header says it.</param>
/// <param name="names">Name of each wanted part, for the header.</param>
internal sealed class SplitPlan(byte[] separator, byte quote, int[] columns, byte[][] names) : TextPlan
{
    public bool HasHeader { get; init; }

    /// <summary>Every part is a turn; there is one wanted part at most.</summary>
    public bool Values { get; init; }

    protected override bool TryBegin(scoped ref Frame frame, ref TextCursor cursor)
    {
        for (int i = 0; i < columns.Length; i++)
            cursor.Columns[i] = columns[i];
        if (!HasHeader)
            return true;

        for (int i = columns.Length; i < names.Length; i++)
            cursor.Columns[i] = -1;
        int at = cursor.At;
        for (int column = 0; TryPart(ref frame, ref at, cursor.End, out JsonSlot part, out bool isLast); column++)
        {
            for (int i = columns.Length; i < names.Length; i++)
            {
                if (part.Of(frame.Payload).SequenceEqual(names[i]))
                    cursor.Columns[i] = column;
            }

            if (isLast)
                break;
        }

        cursor.At = at;
        return cursor.At < cursor.End;
    }

    protected override bool TryTurn(scoped ref Frame frame, ref TextCursor cursor, int start, ref int end)
    {
        int at = start;
        bool isEmpty = true;
        for (int column = 0; TryPart(ref frame, ref at, end, out JsonSlot part, out bool isLast); column++)
        {
            isEmpty &= part.Length == 0;
            for (int i = 0; i < Slots.Length; i++)
            {
                if (Values || cursor.Columns[i] == column)
                    frame.Slots[Slots[i]] = part;
            }

            if (isLast || Values)
                break;
        }

        end = at;
        return !isEmpty || Values;
    }

    /// <summary>The part that begins at a place; moves behind its separator or line end.</summary>
    private bool TryPart(scoped ref Frame frame, ref int at, int end, out JsonSlot part, out bool isLast)
    {
        ReadOnlySpan<byte> rest = frame.Payload[at..end];
        int blanks = rest.Length - rest.TrimStart(" \t"u8).Length;
        int open = quote != 0 && blanks < rest.Length && rest[blanks] == quote ? blanks : -1;
        bool isDoubled = false;
        int from = open < 0 ? 0 : CloseOf(rest, open, out isDoubled);
        int separatorAt = rest[from..].IndexOf(separator);
        int lineEnd = Lines ? rest[from..].IndexOf((byte)'\n') : -1;
        isLast = separatorAt < 0 || (lineEnd >= 0 && lineEnd < separatorAt);
        int length = isLast ? (lineEnd < 0 ? rest.Length : from + lineEnd) : from + separatorAt;
        int next = isLast ? Math.Min(length + 1, rest.Length) : length + separator.Length;

        ReadOnlySpan<byte> text = open < 0 ? NumberText.Trim(rest[..length]) : rest[(open + 1)..Math.Max(from - 1, open + 1)];
        rest.Overlaps(text, out int start);
        part = new JsonSlot { Start = at + Math.Max(start, 0), Length = text.Length, Kind = SlotKind.String };
        if (isDoubled)
            part = Undouble(ref frame, text);

        bool isThere = at < end;
        at += next;
        return isThere;
    }

    /// <summary>Where a quoted part ends: behind the closing quote, or at the end of the text when there is none.</summary>
    private int CloseOf(ReadOnlySpan<byte> rest, int open, out bool isDoubled)
    {
        isDoubled = false;
        for (int i = open + 1; i < rest.Length; i++)
        {
            if (rest[i] != quote)
                continue;
            if (i + 1 >= rest.Length || rest[i + 1] != quote)
                return i + 1;

            isDoubled = true;
            i++;
        }

        return rest.Length;
    }

    /// <summary>A quote inside quotes is written twice.</summary>
    private JsonSlot Undouble(scoped ref Frame frame, ReadOnlySpan<byte> text)
    {
        Span<byte> plain = stackalloc byte[256];
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (length == plain.Length)
                return default;
            plain[length++] = text[i];
            if (text[i] == quote)
                i++;
        }

        return frame.Append(plain[..length]);
    }
}
