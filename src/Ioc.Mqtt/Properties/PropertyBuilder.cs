using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Ioc.Mqtt.Framing;

namespace Ioc.Mqtt.Properties;

/// <summary>Puts properties together for a packet to be written. Not for hot paths; not thread-safe.</summary>
public sealed class PropertyBuilder
{
    private readonly ArrayBufferWriter<byte> _raw = new(64);

    /// <summary>The properties so far: a view over this builder, dead when more are added.</summary>
    public PropertyList List => new(new ReadOnlySequence<byte>(_raw.WrittenMemory));

    /// <summary>Adds a numeric property in the width the standard gives it.</summary>
    /// <exception cref="ArgumentException">The property is not a number, or the number does not fit its width.</exception>
    public PropertyBuilder Add(PropertyId id, uint number)
    {
        Span<byte> span = _raw.GetSpan(5);
        span[0] = (byte)id;
        int width;
        switch (PropertyRules.ShapeOf(id))
        {
            case PropertyShape.Byte when number <= byte.MaxValue:
                span[1] = (byte)number;
                width = 1;
                break;
            case PropertyShape.UInt16 when number <= ushort.MaxValue:
                BinaryPrimitives.WriteUInt16BigEndian(span[1..], (ushort)number);
                width = 2;
                break;
            case PropertyShape.UInt32:
                BinaryPrimitives.WriteUInt32BigEndian(span[1..], number);
                width = 4;
                break;
            case PropertyShape.Variable when number <= VariableByteInteger.MaxValue:
                width = VariableByteInteger.Write(span[1..], (int)number);
                break;
            default:
                throw new ArgumentException($"{id} does not take the number {number}.", nameof(number));
        }

        _raw.Advance(1 + width);
        return this;
    }

    /// <summary>Adds a string property.</summary>
    /// <exception cref="ArgumentException">The property is not a string, or the text is longer than 65,535 bytes.</exception>
    public PropertyBuilder Add(PropertyId id, string text) => Add(id, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds a string property given as UTF-8, or a binary one.</summary>
    /// <exception cref="ArgumentException">The property is neither, or longer than 65,535 bytes.</exception>
    public PropertyBuilder Add(PropertyId id, ReadOnlySpan<byte> bytes)
    {
        if (PropertyRules.ShapeOf(id) is not (PropertyShape.Text or PropertyShape.Binary))
            throw new ArgumentException($"{id} does not take a string or bytes.", nameof(id));

        _raw.Write([(byte)id]);
        AddField(bytes);
        return this;
    }

    /// <summary>Adds a property as another packet has it.</summary>
    public PropertyBuilder Add(in Property property)
    {
        switch (PropertyRules.ShapeOf(property.Id))
        {
            case PropertyShape.Text or PropertyShape.Binary:
                return Add(property.Id, property.Bytes.ToArray());
            case PropertyShape.Pair:
                _raw.Write([(byte)property.Id]);
                AddField(property.Name.ToArray());
                AddField(property.Bytes.ToArray());
                return this;
            default:
                return Add(property.Id, property.Number);
        }
    }

    /// <summary>Adds a user property; the same name may come again.</summary>
    public PropertyBuilder AddUser(string name, string value)
    {
        _raw.Write([(byte)PropertyId.UserProperty]);
        AddField(Encoding.UTF8.GetBytes(name));
        AddField(Encoding.UTF8.GetBytes(value));
        return this;
    }

    private void AddField(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > ushort.MaxValue)
            throw new ArgumentException($"A field of {bytes.Length} bytes is longer than MQTT's 65,535.", nameof(bytes));

        BinaryPrimitives.WriteUInt16BigEndian(_raw.GetSpan(2), (ushort)bytes.Length);
        _raw.Advance(2);
        _raw.Write(bytes);
    }
}
