using System.Buffers;
using System.Buffers.Binary;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Properties;
using Ioc.Mqtt.Topics;

namespace Ioc.Mqtt.Packets;

/// <summary>Where the parts of a PUBLISH lie in its body. The only place that judges one; views are cut by it.</summary>
internal struct PublishFront
{
    private const int LengthBytes = 2;

    // Bytes that need no second look in a topic: ASCII but U+0000 and the wildcards.
    private static readonly SearchValues<byte> PlainTopicBytes =
        SearchValues.Create([.. Enumerable.Range(1, 0x7F).Select(b => (byte)b).Except("+#"u8.ToArray())]);

    public int TopicBytes { get; private set; }

    public ushort PacketId { get; private set; }

    public int PropertiesStart { get; private set; }

    public int PropertiesBytes { get; private set; }

    public ulong PropertiesSeen { get; private set; }

    public int PayloadStart { get; private set; }

    public static int TopicStart => LengthBytes;

    /// <summary>Judges a PUBLISH by a piece of its body that reaches to the payload at least.</summary>
    /// <returns><see cref="ReadStatus.NeedMore"/> when <paramref name="bytes"/> end before the payload.</returns>
    public static ReadStatus TryRead(int flags, ReadOnlySpan<byte> bytes, ProtocolVersion version, out PublishFront front)
    {
        front = default;
        if (!BinaryPrimitives.TryReadUInt16BigEndian(bytes, out ushort topicBytes) || bytes.Length < LengthBytes + topicBytes)
            return ReadStatus.NeedMore;

        ReadOnlySpan<byte> topic = bytes.Slice(LengthBytes, topicBytes);
        bool plain = !topic.ContainsAnyExcept(PlainTopicBytes);
        if (!plain && !Utf8Text.IsValid(topic))
            return ReadStatus.Malformed;

        int at = LengthBytes + topicBytes;
        front.TopicBytes = topicBytes;
        if ((flags & 0b110) != 0)
        {
            if (!BinaryPrimitives.TryReadUInt16BigEndian(bytes[at..], out ushort packetId))
                return ReadStatus.NeedMore;
            if (packetId == 0)
                return ReadStatus.ProtocolError; // [MQTT-2.2.1-3]

            front.PacketId = packetId;
            at += sizeof(ushort);
        }

        if (version == ProtocolVersion.V5)
        {
            ReadStatus status = front.TryReadProperties(bytes, ref at);
            if (status != ReadStatus.Complete)
                return status;
        }

        front.PayloadStart = at;
        if (plain && topicBytes > 0)
            return ReadStatus.Complete;

        return topicBytes == 0 ? front.JudgeNoTopic(version) : TopicName.IsValid(topic) ? ReadStatus.Complete : ReadStatus.InvalidTopic; // [MQTT-3.3.2-2]
    }

    /// <summary>Judges a PUBLISH whose body lies in pieces.</summary>
    /// <param name="bytes">The body up to the payload at least, in one piece.</param>
    public static ReadStatus TryRead(in Frame frame, ProtocolVersion version, out ReadOnlySpan<byte> bytes, out PublishFront front)
    {
        bytes = frame.Span;
        ReadStatus status;
        if (frame.IsContiguous)
        {
            status = TryRead(frame.Flags, bytes, version, out front);
        }
        else
        {
            ReadOnlySequence<byte> body = frame.Body;
            bytes = body.FirstSpan;
            status = TryRead(frame.Flags, bytes, version, out front);
            if (status == ReadStatus.NeedMore)
            {
                // What stands before the payload is cut itself: a long topic, or much in properties.
                bytes = body.Slice(0, BytesBeforePayload(body, frame.Flags, version)).ToArray();
                status = TryRead(frame.Flags, bytes, version, out front);
            }
        }

        return status == ReadStatus.NeedMore ? ReadStatus.Malformed : status;
    }

    private ReadStatus TryReadProperties(ReadOnlySpan<byte> bytes, ref int at)
    {
        ReadStatus status = VariableByteInteger.TryRead(bytes[at..], out int length, out int lengthBytes);
        if (status != ReadStatus.Complete)
            return status;

        at += lengthBytes;
        if (length > bytes.Length - at)
            return ReadStatus.NeedMore;
        if (length == 0)
            return ReadStatus.Complete;

        PropertiesStart = at;
        PropertiesBytes = length;
        at += length;
        status = PropertyRules.Check(bytes.Slice(PropertiesStart, length), PropertyRules.In(PacketType.Publish), out ulong seen);
        PropertiesSeen = seen;
        return status;
    }

    private readonly ReadStatus JudgeNoTopic(ProtocolVersion version)
    {
        if (version != ProtocolVersion.V5)
            return ReadStatus.InvalidTopic; // [MQTT-4.7.3-1]

        return (PropertiesSeen & (1UL << (int)PropertyId.TopicAlias)) != 0 ? ReadStatus.Complete : ReadStatus.ProtocolError;
    }

    // As the lengths say, which may be more than there is.
    private static long BytesBeforePayload(in ReadOnlySequence<byte> body, int flags, ProtocolVersion version)
    {
        var reader = new SequenceReader<byte>(body);
        if (!reader.TryReadBigEndian(out short topicBytes))
            return body.Length;

        long front = LengthBytes + (ushort)topicBytes + ((flags & 0b110) != 0 ? sizeof(ushort) : 0);
        if (version != ProtocolVersion.V5 || front >= body.Length)
            return Math.Min(front, body.Length);

        Span<byte> length = stackalloc byte[VariableByteInteger.MaxBytes];
        ReadOnlySequence<byte> field = body.Slice(front, Math.Min(VariableByteInteger.MaxBytes, body.Length - front));
        field.CopyTo(length);
        VariableByteInteger.TryRead(length[..(int)field.Length], out int propertyBytes, out int lengthBytes);
        return Math.Min(front + lengthBytes + propertyBytes, body.Length);
    }
}
