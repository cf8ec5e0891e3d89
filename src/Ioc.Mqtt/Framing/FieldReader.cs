using System.Buffers;
using System.Text.Unicode;

namespace Ioc.Mqtt.Framing;

/// <summary>Reads MQTT's data types one after another from a packet's body. Every method returns false when the body ends too soon or the bytes are not of the type; the packet is malformed then.</summary>
internal ref struct FieldReader(scoped in ReadOnlySequence<byte> body)
{
    private SequenceReader<byte> _reader = new(body);

    public readonly bool AtEnd => _reader.End;

    public readonly ReadOnlySequence<byte> Rest => _reader.UnreadSequence;

    public bool TryReadByte(out byte value) => _reader.TryRead(out value);

    public bool TryReadUInt16(out ushort value)
    {
        bool read = _reader.TryReadBigEndian(out short signed);
        value = (ushort)signed;
        return read;
    }

    public bool TryReadUInt32(out uint value)
    {
        bool read = _reader.TryReadBigEndian(out int signed);
        value = (uint)signed;
        return read;
    }

    public bool TryReadVariable(out int value)
    {
        ReadStatus status;
        int used;
        if (_reader.UnreadSpan.Length >= VariableByteInteger.MaxBytes)
        {
            status = VariableByteInteger.TryRead(_reader.UnreadSpan, out value, out used);
        }
        else
        {
            Span<byte> gathered = stackalloc byte[VariableByteInteger.MaxBytes];
            gathered = gathered[..(int)Math.Min(_reader.Remaining, gathered.Length)];
            _reader.TryCopyTo(gathered);
            status = VariableByteInteger.TryRead(gathered, out value, out used);
        }

        if (status == ReadStatus.Complete)
            _reader.Advance(used);
        return status == ReadStatus.Complete;
    }

    public bool TryReadBytes(int count, out ReadOnlySequence<byte> bytes) => _reader.TryReadExact(count, out bytes);

    public bool TryReadBinary(out ReadOnlySequence<byte> bytes)
    {
        bytes = default;
        return TryReadUInt16(out ushort length) && _reader.TryReadExact(length, out bytes);
    }

    public bool TryReadText(out ReadOnlySequence<byte> text) => TryReadBinary(out text) && Utf8Text.IsValid(text);
}

/// <summary>What MQTT allows inside a string.</summary>
internal static class Utf8Text
{
    public static bool IsValid(in ReadOnlySequence<byte> text)
    {
        if (text.IsSingleSegment)
            return IsValid(text.FirstSpan);

        // Cut by a segment's end: rare, and at most 65,535 bytes.
        byte[] gathered = ArrayPool<byte>.Shared.Rent((int)text.Length);
        text.CopyTo(gathered);
        bool valid = IsValid(gathered.AsSpan(0, (int)text.Length));
        ArrayPool<byte>.Shared.Return(gathered);
        return valid;
    }

    // [MQTT-1.5.4-1] no ill-formed UTF-8, surrogates included; [MQTT-1.5.4-2] no U+0000. Other control characters are let through.
    public static bool IsValid(ReadOnlySpan<byte> text) => Utf8.IsValid(text) && !text.Contains((byte)0);
}
