using System.Buffers.Binary;
using Ioc.Load.Messages;
using Ioc.Load.Wire;

namespace Ioc.Load.Receiving;

/// <summary>One connection that takes everything, acknowledges in batches and knows what is missing, twice or out of order.</summary>
internal sealed class Subscriber
{
    private const int MostPerRead = 256 * 1024;
    private const int MostPassedOver = 1_000_000;
    private const byte Publish = 0x30, Puback = 0x40;

    private readonly WireSocket _socket;
    private readonly MeterMessage _message;
    private readonly bool _hasProperties;
    private readonly long[] _nextRound;
    private readonly HashSet<(int Meter, long Round)> _passedOver = [];
    private readonly byte[] _buffer = new byte[MostPerRead];
    private readonly byte[] _acks = new byte[MostPerRead];
    private int _kept, _ackAt, _ackEnd;

    public Subscriber(WireSocket socket, MeterMessage message, int meters, bool hasProperties)
    {
        (_socket, _message, _hasProperties) = (socket, message, hasProperties);
        _nextRound = new long[meters];
    }

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

    public long Reads { get; private set; }

    public bool OwesAcks => _ackAt < _ackEnd;

    /// <summary>Takes what is there and acknowledges it. While acknowledgements cannot be sent nothing is read.</summary>
    public void Read()
    {
        if (OwesAcks && !SendAcks())
            return;

        int received = _socket.Receive(_buffer.AsSpan(_kept));
        if (received == 0)
            return;
        Reads++;
        int end = _kept + received;
        int taken = Take(_buffer.AsSpan(0, end));
        _buffer.AsSpan(taken, end - taken).CopyTo(_buffer);
        _kept = end - taken;
        SendAcks();
    }

    public void Leave() => _socket.Leave();

    /// <summary>Takes whole packets off the front.</summary>
    /// <returns>Bytes taken.</returns>
    internal int Take(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (TryLength(bytes[at..], out int header, out int length) && bytes.Length - at >= length)
        {
            One(bytes[at], bytes.Slice(at + header, length - header));
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

    private void One(byte first, ReadOnlySpan<byte> body)
    {
        if ((first & 0xF0) != Publish)
            throw new InvalidDataException($"the broker sent the subscriber 0x{first:X2}");

        int topicBytes = BinaryPrimitives.ReadUInt16BigEndian(body);
        ReadOnlySpan<byte> topic = body.Slice(2, topicBytes);
        int at = 2 + topicBytes;
        if ((first & 0x06) != 0)
        {
            (_acks[_ackEnd], _acks[_ackEnd + 1], _acks[_ackEnd + 2], _acks[_ackEnd + 3]) = (Puback, 2, body[at], body[at + 1]);
            _ackEnd += 4;
            at += 2;
        }

        if (_hasProperties)
            at += 1 + body[at]; // fewer than 128 bytes: nothing was put into these messages
        Count(topic, body[at..]);
    }

    private void Count(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload)
    {
        if (!_message.TryRecognise(topic, payload, out int meter, out long round))
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

    private bool SendAcks()
    {
        if (OwesAcks)
            _ackAt += _socket.Send(_acks.AsSpan(_ackAt, _ackEnd - _ackAt));
        if (OwesAcks)
            return false;
        (_ackAt, _ackEnd) = (0, 0);
        return true;
    }
}
