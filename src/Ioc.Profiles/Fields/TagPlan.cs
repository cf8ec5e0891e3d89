namespace Ioc.Profiles.Fields;

/// <summary>The bytes that announce a part of a tag stream, and how many follow.</summary>
/// <param name="Bytes">The tag.</param>
/// <param name="IsAny">Bytes of it that may be anything: a channel number.</param>
/// <param name="Length">Bytes after the tag; −1 when the frame says it.</param>
/// <param name="LengthAt">Where, after the tag, an u8 says how many bytes follow it.</param>
/// <param name="TooShort">What quarantine says when the frame ends inside.</param>
internal sealed record TagPlan(byte[] Bytes, bool[] IsAny, int Length, int LengthAt, string TooShort)
{
    public bool Begins(ReadOnlySpan<byte> rest)
    {
        if (rest.Length < Bytes.Length)
            return false;

        for (int i = 0; i < Bytes.Length; i++)
        {
            if (!IsAny[i] && rest[i] != Bytes[i])
                return false;
        }

        return true;
    }

    /// <summary>The bytes after the tag that belong to it.</summary>
    public bool TryMeasure(ReadOnlySpan<byte> value, out int length)
    {
        length = Length;
        if (length < 0)
            length = LengthAt < value.Length ? LengthAt + 1 + value[LengthAt] : int.MaxValue;
        return length <= value.Length;
    }
}
