using Ioc.Devices.Readings;
using Ioc.Profiles.Fields;
using Ioc.Profiles.Model;

namespace Ioc.Profiles.Texts;

/// <summary>Takes lines such as <c>1-0:1.8.1(000123.456*kWh)</c> apart: parts are called by code, and [n] is the n-th pair of brackets.</summary>
/// <param name="form">What the lines stand in.</param>
/// <param name="wanted">Code and bracket of each wanted part.</param>
internal sealed class ObisPlan(ObisForm form, (byte[] Code, int Place)[] wanted) : TextPlan
{
    public required string Checksum { get; init; }

    protected override bool TryBegin(scoped ref Frame frame, ref TextCursor cursor)
    {
        if (form != ObisForm.Telegram)
            return true;

        TelegramStatus status = ObisTelegram.TryCut(frame.Payload[cursor.At..cursor.End], out int start, out int length);
        cursor.At += start;
        cursor.End = cursor.At + length;
        return status switch
        {
            TelegramStatus.Whole => true,
            TelegramStatus.WrongChecksum => frame.Fail(QuarantineReason.Checksum, Checksum),
            _ => frame.Fail(QuarantineReason.Malformed, Malformed),
        };
    }

    protected override bool TryTurn(scoped ref Frame frame, ref TextCursor cursor, int start, ref int end)
    {
        var values = new ObisValues(frame.Payload[start..end]);
        bool found = false;
        while (values.MoveNext())
        {
            for (int i = 0; i < wanted.Length; i++)
            {
                if (wanted[i].Place != values.Place || !values.Code.SequenceEqual(wanted[i].Code))
                    continue;

                found = true;
                frame.Slots[Slots[i]] = new JsonSlot { Start = start + values.Start, Length = values.Length, Kind = SlotKind.String };
            }
        }

        return found;
    }
}
