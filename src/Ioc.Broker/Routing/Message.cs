using System.Buffers;

namespace Ioc.Broker.Routing;

/// <summary>A message kept for subscribers: made once when somebody wants it and shared by all who do. Immutable.</summary>
internal sealed class Message
{
    private readonly byte[] _bytes;
    private readonly int _topicBytes;
    private readonly int _propertyBytes;

    public Message(in PublishHeader header, in ReadOnlySequence<byte> payload)
    {
        _topicBytes = header.Topic.Length;
        _propertyBytes = header.Properties.Length;
        _bytes = GC.AllocateUninitializedArray<byte>(_topicBytes + _propertyBytes + (int)payload.Length);
        header.Topic.CopyTo(_bytes);
        header.Properties.CopyTo(_bytes.AsSpan(_topicBytes));
        payload.CopyTo(_bytes.AsSpan(_topicBytes + _propertyBytes));
        Qos = header.Qos;
        Retain = header.Retain;
    }

    /// <summary>As published, 0 to 2.</summary>
    public int Qos { get; }

    /// <summary>As published.</summary>
    public bool Retain { get; }

    /// <summary>Topic, properties and payload together.</summary>
    public int Bytes => _bytes.Length;

    public ReadOnlySpan<byte> TopicSpan => _bytes.AsSpan(0, _topicBytes);

    public ReadOnlySequence<byte> Topic => new(_bytes, 0, _topicBytes);

    public ReadOnlySequence<byte> Properties => new(_bytes, _topicBytes, _propertyBytes);

    public ReadOnlySequence<byte> Payload => new(_bytes, _topicBytes + _propertyBytes, _bytes.Length - _topicBytes - _propertyBytes);
}
