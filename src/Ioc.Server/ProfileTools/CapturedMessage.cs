using System.Text;
using NodaTime;

namespace Ioc.Server.ProfileTools;

/// <summary>A message that a person holds in the hand: from a file, a request or a sample.</summary>
/// <param name="Topic">Its topic name.</param>
/// <param name="Payload">Its bytes.</param>
/// <param name="ReceivedAt">When it arrived.</param>
/// <param name="Retained">Its RETAIN flag.</param>
internal sealed record CapturedMessage(string Topic, byte[] Payload, Instant ReceivedAt, bool Retained = false)
{
    /// <summary>Longest payload taken by the tools; as much as a request to the server may hold.</summary>
    public const int MaxPayloadBytes = 1024 * 1024;

    /// <summary>Longest topic; what MQTT can carry.</summary>
    public const int MaxTopicBytes = 65_535;

    /// <summary>Reads what people write for bytes: <c>01 0e:10</c>, <c>0x010E10</c>.</summary>
    public static bool TryHex(string text, out byte[] bytes)
    {
        string digits = string.Concat(text.Where(letter => !char.IsWhiteSpace(letter) && letter is not (':' or '-')));
        digits = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? digits[2..] : digits;
        bytes = [];
        if (digits.Length % 2 != 0 || !digits.All(char.IsAsciiHexDigit))
            return false;

        bytes = Convert.FromHexString(digits);
        return true;
    }

    /// <summary>Reads a payload in one of the encodings of samples and requests.</summary>
    /// <returns>False when the text is not what the encoding says, or the encoding is not known.</returns>
    public static bool TryPayload(string text, string encoding, out byte[] bytes)
    {
        switch (encoding)
        {
            case "utf8":
                bytes = Encoding.UTF8.GetBytes(text);
                return true;
            case "hex":
                return TryHex(text, out bytes);
            case "base64":
                bytes = new byte[text.Length];
                bool decoded = Convert.TryFromBase64String(text, bytes, out int length);
                bytes = bytes[..(decoded ? length : 0)];
                return decoded;
            default:
                bytes = [];
                return false;
        }
    }
}
