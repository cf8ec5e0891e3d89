using Ioc.Devices.Readings;
using Ioc.Profiles.Compilation;
using Ioc.Profiles.Documents;
using Ioc.Profiles.Tracing;
using NodaTime;

namespace Ioc.Profiles.Fields;

/// <summary>Everything known about the message being decoded. Its memory is the decoder's scratch and the message itself.</summary>
internal ref struct Frame
{
    /// <summary>Topic without leading slash; captures point into it.</summary>
    public ReadOnlySpan<byte> Topic;

    /// <summary>What slots point into: the whole payload without byte order mark and, once something was written, that behind it.</summary>
    public ReadOnlySpan<byte> Payload;

    /// <summary>How much of it is the payload itself.</summary>
    public int PayloadLength;

    /// <summary>Where texts and documents are written; <see cref="Payload"/> shows it as soon as there are any.</summary>
    public JsonScratch Scratch;

    /// <summary>The body's own bytes: the payload, or what the envelope wrapped.</summary>
    public ReadOnlySpan<byte> Body;

    public ReadOnlySpan<byte> Source;
    public Span<TextRange> Captures;
    public Span<JsonSlot> Slots;

    /// <summary>Key of the object member being walked, by depth of iteration.</summary>
    public Span<JsonSlot> Keys;

    /// <summary>Parts of those keys that a pattern names, <see cref="GroupPlan.MaxKeyCaptures"/> per depth.</summary>
    public Span<TextRange> KeyCaptures;

    /// <summary>Place of the element being walked, by depth of iteration.</summary>
    public Span<int> Indexes;

    /// <summary>Values of fields that expressions use; NaN where there is none.</summary>
    public Span<double> Named;

    /// <summary>The device's parameters in the order the profile declares them; NaN where there is none.</summary>
    public ReadOnlySpan<double> Parameters;

    /// <summary>Where the next field of a binary body begins that has no place of its own.</summary>
    public int Cursor;

    /// <summary>Registers of a Modbus answer, two bytes each.</summary>
    public ReadOnlySpan<byte> Registers;

    /// <summary>Address of the first of them.</summary>
    public int FirstRegister;

    /// <summary>The tag whose value the body is at the moment.</summary>
    public ReadOnlySpan<byte> Tag;

    /// <summary>Doubt that a field of this message put on all its readings.</summary>
    public Quality Marks;

    /// <summary>LoRaWAN port; −1 where there is none.</summary>
    public int Port;

    public Instant ReceivedAt;
    public bool RetainedDelivery;

    /// <summary>Readings left out because a retained copy is no new measurement.</summary>
    public int SkippedCount;
    public ReadingBatch Batch;

    /// <summary>Who is told of every step; null in production.</summary>
    public DecodeTrace? Trace;
    public int FirstReading;
    public int FirstAttribute;

    /// <summary>Facts read, those of unknown devices included.</summary>
    public int FactCount;

    /// <summary>Why decoding stopped; <see cref="QuarantineReason.None"/> while it has not.</summary>
    public QuarantineReason Reason;
    public string Detail;

    /// <summary>Writes a text behind the payload for a slot to point at.</summary>
    /// <returns>Absent when the message already asked for more than the product takes.</returns>
    /// <remarks>Inside an iteration it lasts as long as the element.</remarks>
    public JsonSlot Append(scoped ReadOnlySpan<byte> text)
    {
        Scratch.Open(Payload);
        int start = Scratch.Length;
        Scratch.Raw(text);
        return Take(start, SlotKind.String);
    }

    /// <summary>Takes the backslashes out of the strings among some slots; what stands for no character stays escaped.</summary>
    public void Unescape(scoped Span<JsonSlot> slots)
    {
        Scratch.HasEscapes = false;
        foreach (ref JsonSlot slot in slots)
        {
            if (slot.Kind == SlotKind.EscapedString)
                slot = Unescape(slot);
        }
    }

    /// <summary>The same for slots by number.</summary>
    public void Unescape(int[] slots)
    {
        Scratch.HasEscapes = false;
        foreach (int slot in slots)
        {
            if (Slots[slot].Kind == SlotKind.EscapedString)
                Slots[slot] = Unescape(Slots[slot]);
        }
    }

    public JsonSlot Unescape(JsonSlot escaped)
    {
        Scratch.Open(Payload);
        int start = Scratch.Length;
        Span<byte> room = Scratch.Room(escaped.Length + JsonText.Slack);
        if (!JsonText.TryUnescape(escaped.Of(Payload), room, out int length))
            return escaped;

        Scratch.Advance(length);
        return Take(start, SlotKind.String);
    }

    private JsonSlot Take(int start, SlotKind kind)
    {
        Payload = Scratch.Written;
        return Scratch.IsFull ? default : new JsonSlot { Start = start, Length = Scratch.Length - start, Kind = kind };
    }

    public bool Fail(QuarantineReason reason, string detail)
    {
        Reason = reason;
        Detail = detail;
        return false;
    }
}
