using System.Buffers;
using System.Buffers.Binary;
using System.Text.Unicode;

namespace Ioc.Mqtt.Framing;

/// <summary>Reads MQTT's data types one after another from a packet's body. Every method returns false when the body ends too soon or the bytes are not of the type; the packet is malformed then.</summary>
internal ref struct FieldReader
{
    private readonly ReadOnlySequence<byte> _body;
    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;

    /// <param name="body">Brought together first if it lies in pieces: no packet whose fields are read this way is on a hot path.</param>
    public FieldReader(scoped in ReadOnlySequence<byte> body)
    {
        _body = body.IsSingleSegment ? body : new ReadOnlySequence<byte>(body.ToArray());
        _bytes = _body.FirstSpan;
    }

    public readonly bool AtEnd => _at == _bytes.Length;

    public readonly ReadOnlySequence<byte> Rest => _body.Slice(_at);

    public bool TryReadByte(out byte value)
    {
        bool read = _at < _bytes.Length;
        value = read ? _bytes[_at++] : (byte)0;
        return read;
    }

    public bool TryReadUInt16(out ushort value)
    {
        bool read = BinaryPrimitives.TryReadUInt16BigEndian(_bytes[_at..], out value);
        _at += read ? sizeof(ushort) : 0;
        return read;
    }

    public bool TryReadVariable(out int value)
    {
        bool read = VariableByteInteger.TryRead(_bytes[_at..], out value, out int used) == ReadStatus.Complete;
        _at += read ? used : 0;
        return read;
    }

    public bool TryReadBytes(int count, out ReadOnlySequence<byte> bytes)
    {
        bytes = default;
        if (count > _bytes.Length - _at)
            return false;

        bytes = _body.Slice(_at, count);
        _at += count;
        return true;
    }

    public bool TryReadBinary(out ReadOnlySequence<byte> bytes)
    {
        bytes = default;
        return TryReadUInt16(out ushort length) && TryReadBytes(length, out bytes);
    }

    public bool TryReadText(out ReadOnlySequence<byte> text) => TryReadBinary(out text) && Utf8Text.IsValid(text.FirstSpan);
}

/// <summary>What MQTT allows inside a string.</summary>
internal static class Utf8Text
{
    // [MQTT-1.5.4-1] no ill-formed UTF-8, surrogates included; [MQTT-1.5.4-2] no U+0000. Other control characters are let through.
    public static bool IsValid(ReadOnlySpan<byte> text) => Utf8.IsValid(text) && !text.Contains((byte)0);
}
