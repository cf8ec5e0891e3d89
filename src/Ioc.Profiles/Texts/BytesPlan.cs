using System.Buffers;
using System.Buffers.Text;
using Ioc.Devices.Readings;
using Ioc.Profiles.Fields;
using Ioc.Profiles.Model;

namespace Ioc.Profiles.Texts;

/// <summary>A text that stands for bytes: the group's fields read those as their body.</summary>
/// <param name="form">How it stands for them.</param>
internal sealed class BytesPlan(TextBytes form) : TextPlan
{
    protected override bool TryTurn(scoped ref Frame frame, ref TextCursor cursor, int start, ref int end)
    {
        ReadOnlySpan<byte> text = NumberText.Trim(frame.Payload[start..end]);
        if (form == TextBytes.Hex && text.StartsWith("0x"u8))
            text = text[2..];

        frame.Scratch.Open(frame.Payload);
        Span<byte> room = frame.Scratch.Room(text.Length);
        int written = 0;
        bool decoded = room.Length == text.Length && text.Length > 0 && (form == TextBytes.Hex
            ? Convert.FromHexString(text, room, out _, out written) == OperationStatus.Done
            : Base64.DecodeFromUtf8(text, room, out _, out written) == OperationStatus.Done);
        if (!decoded)
            return Source < 0 && frame.Fail(QuarantineReason.Malformed, Malformed);

        frame.Scratch.Advance(written);
        frame.Payload = frame.Scratch.Written;
        frame.Body = room[..written];
        frame.Cursor = 0;
        return true;
    }
}
