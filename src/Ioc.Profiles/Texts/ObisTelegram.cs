using System.Buffers.Text;
using Ioc.Profiles.Fields;

namespace Ioc.Profiles.Texts;

/// <summary>Whether a telegram is one.</summary>
internal enum TelegramStatus
{
    /// <summary>From / to !, and the check sum is right.</summary>
    Whole,

    /// <summary>It has no beginning, no end, or no check sum.</summary>
    NoTelegram,

    /// <summary>Some byte of it was changed on the way.</summary>
    WrongChecksum,
}

/// <summary>The telegrams that electricity meters push through their customer port (IEC 62056-21 mode D with a CRC16).</summary>
internal static class ObisTelegram
{
    /// <summary>Finds the telegram in a text and judges its check sum.</summary>
    /// <param name="text">May begin with line ends, or with the rest of a telegram before.</param>
    /// <param name="start">Where its lines begin.</param>
    /// <param name="length">How long they are.</param>
    public static TelegramStatus TryCut(ReadOnlySpan<byte> text, out int start, out int length)
    {
        start = text.IndexOf((byte)'/');
        length = 0;
        if (start < 0)
        {
            start = 0;
            return TelegramStatus.NoTelegram;
        }

        // A value may hold a !, its line does not begin with one.
        length = text[start..].IndexOf("\n!"u8) + 1;
        ReadOnlySpan<byte> sum = length == 0 ? default : text[(start + length + 1)..];
        if (sum.Length < 4 || !Utf8Parser.TryParse(sum[..4], out ushort told, out int used, 'x') || used != 4)
        {
            length = 0;
            return TelegramStatus.NoTelegram;
        }

        return Crc16(text.Slice(start, length + 1)) == told ? TelegramStatus.Whole : TelegramStatus.WrongChecksum;
    }

    /// <summary>CRC16 with polynomial 0x8005, reflected, from zero ("ARC").</summary>
    public static ushort Crc16(ReadOnlySpan<byte> bytes)
    {
        int crc = 0;
        foreach (byte one in bytes)
        {
            crc ^= one;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xA001;
        }

        return (ushort)crc;
    }
}

/// <summary>Walks the pairs of brackets of OBIS lines, and the code each belongs to.</summary>
internal ref struct ObisValues(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private int _at;

    /// <summary>The code in front of the brackets; a line that begins with a bracket goes on with the code before it.</summary>
    public ReadOnlySpan<byte> Code { get; private set; }

    /// <summary>Which pair of brackets of the code, from 0.</summary>
    public int Place { get; private set; } = -1;

    /// <summary>Where the value is.</summary>
    public int Start { get; private set; }

    /// <summary>Its length.</summary>
    public int Length { get; private set; }

    public bool MoveNext()
    {
        int open = _text[_at..].IndexOf((byte)'(');
        int close = open < 0 ? -1 : _text[(_at + open)..].IndexOf((byte)')');
        if (close < 0)
            return false;

        ReadOnlySpan<byte> before = _text.Slice(_at, open);
        int line = before.LastIndexOf((byte)'\n');
        ReadOnlySpan<byte> code = NumberText.Trim(line < 0 ? before : before[(line + 1)..]);
        if (code.IsEmpty)
        {
            Place++;
        }
        else
        {
            Code = code;
            Place = 0;
        }

        Start = _at + open + 1;
        Length = close - 1;
        _at += open + close + 1;
        return true;
    }
}
