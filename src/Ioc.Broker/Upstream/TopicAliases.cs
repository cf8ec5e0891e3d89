using System.Buffers;

namespace Ioc.Broker.Upstream;

/// <summary>Topics that the other broker has given numbers on this connection. Touched only by the read loop.</summary>
/// <remarks>Bounded by <see cref="Maximum"/>, which it is told: 4 MiB at most, were every topic as long as can be.</remarks>
internal sealed class TopicAliases
{
    public const int Maximum = 64;

    private readonly byte[]?[] _topics = new byte[]?[Maximum];

    /// <summary>Remembers a topic; false for a number beyond the maximum.</summary>
    public bool TrySet(uint alias, in ReadOnlySequence<byte> topic)
    {
        if (alias is 0 or > Maximum)
            return false;

        // The same again costs nothing: some brokers send topic and alias together each time.
        byte[]? known = _topics[alias - 1];
        if (known is null || !topic.IsSingleSegment || !topic.FirstSpan.SequenceEqual(known))
            _topics[alias - 1] = topic.ToArray();
        return true;
    }

    /// <summary>The topic a number stands for; false when it was never given.</summary>
    public bool TryGet(uint alias, out ReadOnlySpan<byte> topic)
    {
        topic = alias is 0 or > Maximum ? null : _topics[alias - 1];
        return !topic.IsEmpty;
    }
}
