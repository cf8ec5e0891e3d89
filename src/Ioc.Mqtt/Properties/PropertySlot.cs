using System.Buffers.Binary;
using Ioc.Mqtt.Framing;

namespace Ioc.Mqtt.Properties;

/// <summary>Where one property's value lies among its packet's encoded properties. The one walk that every view of properties is made with.</summary>
internal struct PropertySlot
{
    public PropertyId Id { get; private set; }

    /// <summary>The value of a numeric property.</summary>
    public uint Number { get; private set; }

    /// <summary>Where the value of any other begins, behind its length.</summary>
    public int BytesStart { get; private set; }

    public int BytesLength { get; private set; }

    /// <summary>Where a user property's name begins, behind its length.</summary>
    public int NameStart { get; private set; }

    public int NameLength { get; private set; }

    /// <summary>Finds the value of the property that begins at <paramref name="at"/> and goes behind it; false when the bytes are none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> raw, ref int at, out PropertySlot slot)
    {
        var id = (PropertyId)raw[at++];
        slot = new PropertySlot { Id = id };
        ReadOnlySpan<byte> rest = raw[at..];
        switch (PropertyRules.ShapeOf(id))
        {
            case PropertyShape.Byte when rest.Length >= 1:
                slot.Number = rest[0];
                at += 1;
                return true;
            case PropertyShape.UInt16 when rest.Length >= 2:
                slot.Number = BinaryPrimitives.ReadUInt16BigEndian(rest);
                at += 2;
                return true;
            case PropertyShape.UInt32 when rest.Length >= 4:
                slot.Number = BinaryPrimitives.ReadUInt32BigEndian(rest);
                at += 4;
                return true;
            case PropertyShape.Variable when VariableByteInteger.TryRead(rest, out int number, out int used) == ReadStatus.Complete:
                slot.Number = (uint)number;
                at += used;
                return true;
            case PropertyShape.Text or PropertyShape.Binary:
                return slot.TryReadBytes(raw, ref at);
            case PropertyShape.Pair when slot.TryReadBytes(raw, ref at):
                (slot.NameStart, slot.NameLength) = (slot.BytesStart, slot.BytesLength);
                return slot.TryReadBytes(raw, ref at);
            default:
                return false;
        }
    }

    private bool TryReadBytes(ReadOnlySpan<byte> raw, ref int at)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(raw[at..], out ushort length) || length > raw.Length - at - sizeof(ushort))
            return false;

        BytesStart = at + sizeof(ushort);
        BytesLength = length;
        at = BytesStart + length;
        return true;
    }
}
