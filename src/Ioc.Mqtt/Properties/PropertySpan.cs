using System.Buffers.Binary;
using Ioc.Mqtt.Framing;

namespace Ioc.Mqtt.Properties;

/// <summary>Looks into encoded properties that lie in one piece and were checked when they came, without copying them.</summary>
public static class PropertySpan
{
    /// <summary>Finds a property of two or four bytes.</summary>
    /// <param name="raw">As encoded, without their length.</param>
    /// <param name="id">One whose value is a number of fixed width.</param>
    /// <param name="at">Where its identifier stands.</param>
    /// <param name="number">Its value.</param>
    public static bool TryFind(ReadOnlySpan<byte> raw, PropertyId id, out int at, out uint number)
    {
        number = 0;
        for (at = 0; at < raw.Length; at += 1 + ValueBytes((PropertyId)raw[at], raw[(at + 1)..]))
        {
            if (raw[at] != (byte)id)
                continue;

            ReadOnlySpan<byte> value = raw[(at + 1)..];
            number = PropertyRules.ShapeOf(id) == PropertyShape.UInt16 ? BinaryPrimitives.ReadUInt16BigEndian(value) : BinaryPrimitives.ReadUInt32BigEndian(value);
            return true;
        }

        return false;
    }

    private static int ValueBytes(PropertyId id, ReadOnlySpan<byte> value)
    {
        switch (PropertyRules.ShapeOf(id))
        {
            case PropertyShape.Byte:
                return 1;
            case PropertyShape.UInt16:
                return 2;
            case PropertyShape.UInt32:
                return 4;
            case PropertyShape.Variable:
                VariableByteInteger.TryRead(value, out _, out int length);
                return length;
            case PropertyShape.Text or PropertyShape.Binary:
                return FieldBytes(value);
            case PropertyShape.Pair:
                int name = FieldBytes(value);
                return name + FieldBytes(value[name..]);
            default:
                throw new ArgumentException($"Property {id} was not checked.", nameof(id));
        }
    }

    private static int FieldBytes(ReadOnlySpan<byte> value) => 2 + BinaryPrimitives.ReadUInt16BigEndian(value);
}
