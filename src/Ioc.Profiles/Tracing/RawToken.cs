using System.Text;
using Ioc.Profiles.Fields;
using Ioc.Profiles.Modbus;

namespace Ioc.Profiles.Tracing;

/// <summary>What stands in the message where a field looks.</summary>
internal static class RawToken
{
    public static string? Of(FieldPlan field, scoped ref Frame frame, int cursor)
    {
        switch (field.Source)
        {
            case FieldSource.Member:
                foreach (int place in field.Slots)
                {
                    JsonSlot slot = frame.Slots[place];
                    if (slot.Kind == SlotKind.Null)
                        return "null";
                    if (slot.Kind is SlotKind.True or SlotKind.False)
                        return slot.Kind == SlotKind.True ? "true" : "false";
                    if (slot.HasValue)
                        return Text(slot.Of(frame.Payload));
                }

                return null;
            case FieldSource.Text:
                return Text(frame.Body);
            case FieldSource.Capture:
                return Text(frame.Captures[field.Capture].Of(frame.Topic));
            case FieldSource.Binary:
                return Bytes(field, ref frame, cursor);
            case FieldSource.Register:
                ReadOnlySpan<byte> registers = ModbusPlan.From(field.Register, in frame);
                return registers.Length < field.Binary.Width ? null : $"0x{Convert.ToHexStringLower(registers[..field.Binary.Width])}";
            default:
                return null;
        }
    }

    private static string? Bytes(FieldPlan field, scoped ref Frame frame, int cursor)
    {
        int at = field.Next ? cursor : field.Binary.At < 0 ? frame.Body.Length + field.Binary.At : field.Binary.At;
        return at >= 0 && at + field.Binary.Width <= frame.Body.Length ? $"0x{Convert.ToHexStringLower(frame.Body.Slice(at, field.Binary.Width))}" : null;
    }

    private static string Text(ReadOnlySpan<byte> token)
    {
        bool isCut = token.Length > FieldStep.MaxRawChars;
        string text = Encoding.UTF8.GetString(isCut ? token[..FieldStep.MaxRawChars] : token);
        return isCut ? text + "…" : text;
    }
}
