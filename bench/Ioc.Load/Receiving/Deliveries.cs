using System.Buffers.Binary;
using Ioc.Load.Messages;

namespace Ioc.Load.Receiving;

/// <summary>Reads what a broker delivers, and knows what is missing, came twice or was overtaken.</summary>
/// <param name="message">Knows the messages of this run.</param>
/// <param name="meters">How many meters send.</param>
/// <param name="hasProperties">5.0 puts a property list into every delivery.</param>
internal sealed class Deliveries(MeterMessage message, int meters, bool hasProperties)
{
    private const int MostPassedOver = 1_000_000;
    private const byte Publish = 0x30, Puback = 0x40;

    private readonly long[] _nextRound = new long[meters];
    private readonly HashSet<(int Meter, long Round)> _passedOver = [];

    /// <summary>Different messages of this run.</summary>
    public long Received { get; private set; }

    /// <summary>Messages that came again.</summary>
    public long Repeated { get; private set; }

    /// <summary>Messages that came after a later one of the same meter, which [MQTT-4.6.0-6] forbids.</summary>
    public long Overtaken { get; private set; }

    /// <summary>Messages not here though a later one of the same meter is.</summary>
    public long Missing => _passedOver.Count;

    /// <summary>Messages of somebody else.</summary>
    public long Foreign { get; private set; }

    /// <summary>Takes whole packets off the front and writes their acknowledgements.</summary>
    /// <param name="bytes">What came; an incomplete packet at the end is left.</param>
    /// <param name="acks">Room for four bytes per packet.</param>
    /// <param name="ackBytes">Bytes written there.</param>
    /// <returns>Bytes taken.</returns>
    public int Take(ReadOnlySpan<byte> bytes, Span<byte> acks, out int ackBytes)
    {
        int at = 0;
        ackBytes = 0;
        while (TryLength(bytes[at..], out int header, out int length) && bytes.Length - at >= length)
        {
            One(bytes[at], bytes.Slice(at + header, length - header), acks, ref ackBytes);
            at += length;
        }

        return at;
    }

    private static bool TryLength(ReadOnlySpan<byte> bytes, out int header, out int length)
    {
        (header, length) = (1, 0);
        for (int shift = 0; shift < 28 && header < bytes.Length; shift += 7)
        {
            byte digit = bytes[header++];
            length |= (digit & 0x7F) << shift;
            if (digit < 0x80)
            {
                length += header;
                return true;
            }
        }

        return false;
    }

    private void One(byte first, ReadOnlySpan<byte> body, Span<byte> acks, ref int ackBytes)
    {
        if ((first & 0xF0) != Publish)
            throw new InvalidDataException($"the broker sent the subscriber 0x{first:X2}");

        int topicBytes = BinaryPrimitives.ReadUInt16BigEndian(body);
        ReadOnlySpan<byte> topic = body.Slice(2, topicBytes);
        int at = 2 + topicBytes;
        if ((first & 0x06) != 0)
        {
            (acks[ackBytes], acks[ackBytes + 1], acks[ackBytes + 2], acks[ackBytes + 3]) = (Puback, 2, body[at], body[at + 1]);
            ackBytes += 4;
            at += 2;
        }

        if (hasProperties)
            at += 1 + body[at]; // fewer than 128 bytes: nothing was put into these messages
        Count(topic, body[at..]);
    }

    private void Count(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload)
    {
        if (!message.TryRecognise(topic, payload, out int meter, out long round))
        {
            Foreign++;
            return;
        }

        long expected = _nextRound[meter];
        if (round < expected)
        {
            if (_passedOver.Remove((meter, round)))
            {
                Overtaken++;
                Received++;
            }
            else
            {
                Repeated++;
            }

            return;
        }

        for (long missing = expected; missing < round && _passedOver.Count < MostPassedOver; missing++)
            _passedOver.Add((meter, missing));
        Received++;
        _nextRound[meter] = round + 1;
    }
}
