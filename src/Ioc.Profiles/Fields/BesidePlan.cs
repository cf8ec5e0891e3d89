using System.Text.Json;

namespace Ioc.Profiles.Fields;

/// <summary>An array that is walked in step with the one a group walks: its n-th element belongs to the other's n-th.</summary>
/// <param name="Container">Slot of the array.</param>
/// <param name="Element">What is wanted of each element.</param>
/// <param name="Slots">Slots that each element fills anew.</param>
internal sealed record BesidePlan(int Container, JsonNode Element, int[] Slots)
{
    /// <summary>Most arrays beside one.</summary>
    public const int MaxCount = 4;

    /// <summary>Fills the slots from the next element; leaves them absent when there is none.</summary>
    /// <param name="frame">The message.</param>
    /// <param name="at">How far the array was read: 0 before the first.</param>
    public void Step(scoped ref Frame frame, ref int at)
    {
        foreach (int slot in Slots)
            frame.Slots[slot] = default;

        JsonSlot container = frame.Slots[Container];
        if (container.Kind != SlotKind.Array)
            return;

        // Without its brackets: one value stands behind the other, and each is read as a text of its own.
        ReadOnlySpan<byte> rest = container.Of(frame.Payload)[1..^1][at..];
        int blanks = rest.Length - rest.TrimStart(" \t\r\n,"u8).Length;
        at += blanks;
        rest = rest[blanks..];
        if (rest.IsEmpty)
            return;

        var reader = new Utf8JsonReader(rest);
        reader.Read();
        JsonWalk.Value(ref reader, container.Start + 1 + at, Element, frame.Slots, frame.Scratch);
        at += (int)reader.BytesConsumed;
        if (frame.Scratch.HasEscapes)
            frame.Unescape(Slots);
    }
}
