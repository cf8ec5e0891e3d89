namespace Ioc.Mqtt.Framing;

/// <summary>MQTT's length encoding: seven bits a byte, lowest first, at most four bytes.</summary>
public static class VariableByteInteger
{
    /// <summary>Longest encoding, in bytes.</summary>
    public const int MaxBytes = 4;

    /// <summary>Largest value that four bytes hold.</summary>
    public const int MaxValue = 268_435_455;

    /// <summary>Reads a value from the front of <paramref name="bytes"/>.</summary>
    /// <param name="bytes">Bytes that may end anywhere.</param>
    /// <param name="value">0 to <see cref="MaxValue"/>.</param>
    /// <param name="length">Bytes the encoding took.</param>
    /// <remarks>[MQTT-1.5.5-1] asks for the shortest encoding; a longer one is malformed.</remarks>
    public static ReadStatus TryRead(ReadOnlySpan<byte> bytes, out int value, out int length)
    {
        value = 0;
        for (length = 0; length < bytes.Length && length < MaxBytes;)
        {
            byte b = bytes[length];
            value |= (b & 0x7F) << (7 * length);
            length++;
            if ((b & 0x80) == 0)
                return b == 0 && length > 1 ? ReadStatus.Malformed : ReadStatus.Complete;
        }

        return length == MaxBytes ? ReadStatus.Malformed : ReadStatus.NeedMore;
    }

    /// <summary>Bytes that <paramref name="value"/> takes, 1 to 4.</summary>
    public static int SizeOf(int value) => value switch
    {
        < 1 << 7 => 1,
        < 1 << 14 => 2,
        < 1 << 21 => 3,
        _ => 4,
    };

    /// <summary>Writes the shortest encoding and returns its length.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or above <see cref="MaxValue"/>.</exception>
    public static int Write(Span<byte> destination, int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxValue);

        int length = 0;
        for (; value > 0x7F; value >>= 7)
            destination[length++] = (byte)(value | 0x80);

        destination[length++] = (byte)value;
        return length;
    }
}
