using Ioc.Profiles.Fields;
using Ioc.Profiles.Modbus;

namespace Ioc.Profiles.Tracing;

/// <summary>Says why a field that was read has no value. The decoder has judged already; this puts the judgement into a word.</summary>
internal static class AbsentReasons
{
    public static AbsentReason Of(FieldPlan field, scoped ref Frame frame, int cursor)
    {
        switch (field.Source)
        {
            case FieldSource.Member:
                foreach (int place in field.Slots)
                {
                    JsonSlot slot = frame.Slots[place];
                    if (slot.Kind == SlotKind.Null)
                        return AbsentReason.Null;
                    if (slot.Kind != SlotKind.Absent)
                        return slot.Kind < SlotKind.Object ? Of(field.Value, slot.Of(frame.Payload)) : AbsentReason.Unreadable;
                }

                return AbsentReason.Missing;
            case FieldSource.Text:
                return Of(field.Value, frame.Body);
            case FieldSource.Capture:
                return Of(field.Value, frame.Captures[field.Capture].Of(frame.Topic));
            case FieldSource.Binary:
                ReadOnlySpan<byte> body = field.Next ? frame.Body[Math.Min(cursor, frame.Body.Length)..] : frame.Body;
                return field.Binary.TryRead(body, out double number) ? Of(field.Value, number) : AbsentReason.Missing;
            case FieldSource.Register:
                return field.Binary.TryRead(ModbusPlan.From(field.Register, in frame), out double register) ? Of(field.Value, register) : AbsentReason.Missing;
            default:
                return AbsentReason.Missing;
        }
    }

    private static AbsentReason Of(ValuePlan value, ReadOnlySpan<byte> text)
    {
        text = NumberText.Trim(text);
        foreach (byte[] sentinel in value.SentinelTexts)
        {
            if (text.SequenceEqual(sentinel))
                return AbsentReason.Sentinel;
        }

        if (text.IsEmpty)
            return AbsentReason.Missing;
        if (NumberText.TryParse(text, out double number))
            return Of(value, number);
        if (text.SequenceEqual("nan"u8) || text.SequenceEqual("NaN"u8))
            return AbsentReason.Nan;

        return ValuePlan.MeansNothing(text) ? AbsentReason.Null : AbsentReason.Unreadable;
    }

    private static AbsentReason Of(ValuePlan value, double number) =>
        !double.IsFinite(number) ? AbsentReason.Nan
        : number < value.SentinelBelow || number > value.SentinelAbove || Array.IndexOf(value.Sentinels, number) >= 0 ? AbsentReason.Sentinel
        : AbsentReason.Unreadable;
}
