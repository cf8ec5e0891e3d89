using System.Buffers.Text;
using System.Text;

namespace Ioc.Profiles.Fields;

/// <summary>Takes the backslashes out of JSON text without an exception for what JSON allows and UTF-8 does not (half a surrogate pair).</summary>
internal static class JsonText
{
    /// <summary>Bytes by which the buffer must be longer than the text: room for the longest character is looked for ahead.</summary>
    public const int Slack = 4;

    /// <summary>Unescapes into a buffer.</summary>
    /// <returns>False when the buffer is too small or an escape stands for no character.</returns>
    public static bool TryUnescape(ReadOnlySpan<byte> text, Span<byte> buffer, out int length)
    {
        length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (length + Slack > buffer.Length)
                return false;
            if (text[i] != '\\')
            {
                buffer[length++] = text[i];
                continue;
            }

            if (++i >= text.Length)
                return false;
            if (text[i] != 'u')
            {
                buffer[length++] = text[i] switch
                {
                    (byte)'n' => (byte)'\n',
                    (byte)'r' => (byte)'\r',
                    (byte)'t' => (byte)'\t',
                    (byte)'b' => (byte)'\b',
                    (byte)'f' => (byte)'\f',
                    byte other => other,
                };
                continue;
            }

            if (!TryCodePoint(text, ref i, out Rune rune))
                return false;
            length += rune.EncodeToUtf8(buffer[length..]);
        }

        return true;
    }

    private static bool TryCodePoint(ReadOnlySpan<byte> text, ref int i, out Rune rune)
    {
        rune = default;
        if (!TryHex(text, i + 1, out char first))
            return false;

        i += 4;
        if (!char.IsSurrogate(first))
            return Rune.TryCreate(first, out rune);
        if (i + 2 >= text.Length || text[i + 1] != '\\' || text[i + 2] != 'u' || !TryHex(text, i + 3, out char second))
            return false;

        i += 6;
        return Rune.TryCreate(first, second, out rune);
    }

    private static bool TryHex(ReadOnlySpan<byte> text, int at, out char unit)
    {
        unit = default;
        if (at + 4 > text.Length || !Utf8Parser.TryParse(text.Slice(at, 4), out ushort value, out int used, 'x') || used != 4)
            return false;

        unit = (char)value;
        return true;
    }
}
