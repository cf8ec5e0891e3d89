using System.Buffers;
using System.Buffers.Binary;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Properties;

namespace Ioc.Mqtt.Framing;

/// <summary>Writes MQTT's data types one after another into a span that is large enough; the caller has counted.</summary>
internal ref struct FieldWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    public int Written { get; private set; }

    /// <summary>Bytes of a packet with this body, fixed header included.</summary>
    public static int PacketBytes(int bodyBytes) => 1 + VariableByteInteger.SizeOf(bodyBytes) + bodyBytes;

    /// <summary>Bytes of a string or binary field, its length included.</summary>
    /// <exception cref="ArgumentException">The field is longer than two length bytes can say.</exception>
    public static int FieldBytes(in ReadOnlySequence<byte> field)
    {
        if (field.Length > ushort.MaxValue)
            throw new ArgumentException($"A field of {field.Length} bytes is longer than MQTT's 65,535.", nameof(field));

        return 2 + (int)field.Length;
    }

    public void FixedHeader(PacketType type, int flags, int bodyBytes)
    {
        Byte((byte)(((int)type << 4) | flags));
        Variable(bodyBytes);
    }

    public void Byte(byte value) => _destination[Written++] = value;

    public void UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_destination[Written..], value);
        Written += 2;
    }

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_destination[Written..], value);
        Written += 4;
    }

    public void Variable(int value) => Written += VariableByteInteger.Write(_destination[Written..], value);

    public void Field(in ReadOnlySequence<byte> field)
    {
        UInt16((ushort)field.Length);
        Bytes(field);
    }

    public void Field(ReadOnlySpan<byte> field)
    {
        UInt16(checked((ushort)field.Length));
        Bytes(field);
    }

    /// <summary>Copies bytes and gives the copy, to be corrected.</summary>
    public Span<byte> Bytes(ReadOnlySpan<byte> bytes)
    {
        Span<byte> copy = _destination.Slice(Written, bytes.Length);
        bytes.CopyTo(copy);
        Written += bytes.Length;
        return copy;
    }

    public void Bytes(in ReadOnlySequence<byte> bytes)
    {
        bytes.CopyTo(_destination[Written..]);
        Written += (int)bytes.Length;
    }

    public void Properties(in PropertyList properties)
    {
        Variable(properties.RawBytes);
        Bytes(properties.Raw);
    }
}
