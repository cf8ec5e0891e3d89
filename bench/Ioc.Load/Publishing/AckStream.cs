using System.Buffers.Binary;
using Ioc.Mqtt.Packets;

namespace Ioc.Load.Publishing;

/// <summary>What one connection's broker answers: PUBACKs in the order of the PUBLISHes, as [MQTT-4.6.0-2] demands, and PINGRESP. Anything else is an exception.</summary>
internal sealed class AckStream
{
    private const byte Puback = 0x40, Pingresp = 0xD0;

    private long _acknowledged;
    private int _kept;

    /// <summary>Messages acknowledged, each exactly once and in order.</summary>
    public long Acknowledged => _acknowledged;

    public bool HasPong { get; private set; }

    /// <summary>The packet id of a connection's message; ids go round in 1 to 65,535.</summary>
    public static ushort PacketIdOf(long message) => (ushort)(message % ushort.MaxValue + 1);

    /// <summary>Where the next bytes go: behind what was left of an incomplete answer.</summary>
    public Span<byte> Free(Span<byte> buffer) => buffer[_kept..];

    /// <summary>Takes what came; what is incomplete stays at the buffer's front.</summary>
    /// <param name="buffer">The same each time; one per connection.</param>
    /// <param name="received">Bytes put behind what was left.</param>
    /// <param name="sent">Messages sent so far: an answer to more is none.</param>
    public void Take(Span<byte> buffer, int received, long sent)
    {
        int end = _kept + received;
        int at = 0;
        while (end - at >= 2)
        {
            int length = 2 + buffer[at + 1];
            if (end - at < length)
                break;
            One(buffer.Slice(at, length), sent);
            at += length;
        }

        buffer[at..end].CopyTo(buffer);
        _kept = end - at;
    }

    private void One(ReadOnlySpan<byte> packet, long sent)
    {
        if (packet[0] == Puback && packet.Length >= 4)
        {
            ushort id = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
            if (packet.Length > 4 && packet[4] >= (byte)ReasonCode.UnspecifiedError)
                throw new InvalidDataException($"PUBACK {id} refuses with 0x{packet[4]:X2}");
            if (_acknowledged >= sent || id != PacketIdOf(_acknowledged))
                throw new InvalidDataException($"PUBACK {id} came, {(_acknowledged >= sent ? "none" : PacketIdOf(_acknowledged))} was due");
            _acknowledged++;
        }
        else if (packet[0] == Pingresp)
        {
            HasPong = true;
        }
        else
        {
            throw new InvalidDataException($"the broker sent 0x{packet[0]:X2} of {packet.Length} bytes");
        }
    }
}
