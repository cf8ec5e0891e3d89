using System.Runtime.CompilerServices;
using Ioc.Devices.Readings;
using Ioc.Profiles.Fields;

namespace Ioc.Profiles.Texts;

/// <summary>How a group takes a text apart: each turn fills the slots of the parts that its fields want. Immutable.</summary>
internal abstract class TextPlan
{
    /// <summary>Most parts of one text that fields may want.</summary>
    public const int MaxParts = 32;

    /// <summary>Slot of the member that holds the text; −1 for the body.</summary>
    public int Source { get; init; } = -1;

    /// <summary>Slots of the wanted parts.</summary>
    public int[] Slots { get; init; } = [];

    /// <summary>Each line is a text of its own.</summary>
    public bool Lines { get; init; }

    /// <summary>What quarantine says when the text is not what the profile promises.</summary>
    public required string Malformed { get; init; }

    /// <summary>Finds the text.</summary>
    /// <returns>False when there is none, or when the frame has failed.</returns>
    public bool TryOpen(scoped ref Frame frame, out TextCursor cursor)
    {
        cursor = default;
        JsonSlot slot = Source >= 0 ? frame.Slots[Source] : OfBody(ref frame);
        if (!slot.HasValue || slot.Kind >= SlotKind.Object)
            return false;

        cursor.At = slot.Start;
        cursor.End = slot.Start + slot.Length;
        return TryBegin(ref frame, ref cursor);
    }

    /// <summary>Goes on to the next turn.</summary>
    public bool TryNext(scoped ref Frame frame, ref TextCursor cursor)
    {
        while (cursor.At < cursor.End)
        {
            int start = cursor.At;
            int end = cursor.End;
            foreach (int slot in Slots)
                frame.Slots[slot] = default;

            bool found = TryTurn(ref frame, ref cursor, start, ref end);
            cursor.At = Math.Max(end, start + 1);
            if (frame.Reason != QuarantineReason.None)
                return false;
            if (!found)
                continue;

            cursor.Turn++;
            return true;
        }

        return false;
    }

    /// <summary>Looks at the whole text once, before the first turn.</summary>
    protected virtual bool TryBegin(scoped ref Frame frame, ref TextCursor cursor) => true;

    /// <summary>Reads what begins at a place.</summary>
    /// <param name="frame">The message.</param>
    /// <param name="cursor">The text.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="end">Where the text ends; becomes the place where the next turn begins.</param>
    /// <returns>False when there is nothing to read there.</returns>
    protected abstract bool TryTurn(scoped ref Frame frame, ref TextCursor cursor, int start, ref int end);

    /// <summary>The line that begins at a place, without its end; the text itself where lines do not count.</summary>
    protected ReadOnlySpan<byte> LineAt(scoped ref Frame frame, int start, ref int end)
    {
        ReadOnlySpan<byte> rest = frame.Payload[start..end];
        int length = Lines ? rest.IndexOf((byte)'\n') : -1;
        if (length < 0)
            return rest;

        end = start + length + 1;
        return rest[..length];
    }

    /// <summary>A wrapped body is not where slots point, so it is written there.</summary>
    private static JsonSlot OfBody(scoped ref Frame frame)
    {
        if (frame.Payload.Overlaps(frame.Body, out int start) && start + frame.Body.Length <= frame.Payload.Length)
            return new JsonSlot { Start = start, Length = frame.Body.Length, Kind = SlotKind.String };

        return frame.Append(frame.Body);
    }
}

/// <summary>How far a text was read.</summary>
internal struct TextCursor
{
    /// <summary>Where the next turn begins, and where the text ends.</summary>
    public int At;
    public int End;

    /// <summary>Turns so far.</summary>
    public int Turn;

    /// <summary>Column of each wanted part, where a header line says it; −1 when it names no such part.</summary>
    public PartColumns Columns;
}

/// <summary>A number for each wanted part.</summary>
[InlineArray(TextPlan.MaxParts)]
internal struct PartColumns
{
    private int _first;
}
