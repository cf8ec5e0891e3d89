using System.Buffers.Text;
using Ioc.Devices.Attributes;
using Ioc.Devices.Readings;

namespace Ioc.Profiles.Fields;

/// <summary>A compiled fact about the device.</summary>
internal sealed class AttributePlan
{
    /// <summary>Longest text looked at: escapes in JSON take six bytes for one.</summary>
    public const int ScratchBytes = DeviceAttribute.MaxValueBytes * 6;

    public required string Name { get; init; }

    /// <summary>The whole text; null when the field below is its source.</summary>
    public TemplatePlan? Text { get; init; }

    /// <summary>Where the value comes from; null with <see cref="Text"/>.</summary>
    public FieldPlan? Field { get; init; }
    public ConditionPlan[] When { get; init; } = [];

    /// <summary>Reads it.</summary>
    /// <param name="frame">The message.</param>
    /// <param name="buffer">At least <see cref="ScratchBytes"/>.</param>
    /// <param name="kind">What the text stands for.</param>
    /// <param name="text">The text; in the message or in the buffer.</param>
    /// <returns>Absent when there is none, or none worth keeping.</returns>
    public ReadStatus TryRead(scoped ref Frame frame, Span<byte> buffer, out AttributeKind kind, out ReadOnlySpan<byte> text)
    {
        kind = AttributeKind.Text;
        text = default;
        if (!ConditionPlan.AllHold(When, ref frame))
            return ReadStatus.Absent;
        if (Text is not null)
            return Text.TryRender(ref frame, buffer, out text) ? Judge(ref text) : ReadStatus.Absent;

        switch (Field!.Source)
        {
            case FieldSource.Member:
                return ReadMember(ref frame, buffer, out kind, out text);
            case FieldSource.Text:
                text = frame.Body;
                return Judge(ref text);
            case FieldSource.Capture:
                text = frame.Captures[Field.Capture].Of(frame.Topic);
                return Judge(ref text);
            default:
                return ReadNumber(ref frame, buffer, out kind, out text);
        }
    }

    private ReadStatus ReadMember(scoped ref Frame frame, Span<byte> buffer, out AttributeKind kind, out ReadOnlySpan<byte> text)
    {
        kind = AttributeKind.Text;
        text = default;
        foreach (int place in Field!.Slots)
        {
            JsonSlot slot = frame.Slots[place];
            text = slot.Of(frame.Payload);
            switch (slot.Kind)
            {
                case SlotKind.Number:
                    return ReadNumber(ref frame, buffer, out kind, out text);
                case SlotKind.True or SlotKind.False:
                    kind = AttributeKind.Boolean;
                    return ReadStatus.Value;
                case SlotKind.EscapedString when JsonText.TryUnescape(text, buffer, out int length):
                    text = buffer[..length];
                    break;
                case SlotKind.String:
                    break;
                default:
                    continue;
            }

            if (Judge(ref text) == ReadStatus.Value)
                return ReadStatus.Value;
        }

        return ReadStatus.Absent;
    }

    private ReadStatus ReadNumber(scoped ref Frame frame, Span<byte> buffer, out AttributeKind kind, out ReadOnlySpan<byte> text)
    {
        kind = AttributeKind.Number;
        text = default;
        ReadStatus status = Field!.Read(ref frame, out double raw);
        if (status != ReadStatus.Value)
            return status;

        double value = Field.Value.Scale.Apply(raw);
        if (!double.IsFinite(value) || !Utf8Formatter.TryFormat(value, buffer, out int length))
            return ReadStatus.Absent;

        text = buffer[..length];
        return ReadStatus.Value;
    }

    private ReadStatus Judge(ref ReadOnlySpan<byte> text)
    {
        text = NumberText.Trim(text);
        if (text.Length > DeviceAttribute.MaxValueBytes || ValuePlan.MeansNothing(text) || !System.Text.Unicode.Utf8.IsValid(text))
            return ReadStatus.Absent;

        foreach (byte[] sentinel in Field?.Value.SentinelTexts ?? [])
        {
            if (text.SequenceEqual(sentinel))
                return ReadStatus.Absent;
        }

        return ReadStatus.Value;
    }
}
