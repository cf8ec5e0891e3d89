namespace Ioc.Profiles.Sparkplug;

/// <summary>An edge node whose messages cannot be followed any more: it should be asked to publish its births again.</summary>
/// <param name="Source">Whose key space its devices belong to, as UTF-8.</param>
/// <param name="Group">Its group id, as UTF-8.</param>
/// <param name="Node">Its own id, as UTF-8.</param>
public sealed record RebirthWish(ReadOnlyMemory<byte> Source, ReadOnlyMemory<byte> Group, ReadOnlyMemory<byte> Node)
{
    /// <summary>The topic on which the node takes commands, as UTF-8.</summary>
    public byte[] CommandTopic => [.. SparkplugTopic.Namespace, .. Group.Span, .. "/NCMD/"u8, .. Node.Span];

    /// <summary>The command: the metric <c>Node Control/Rebirth</c>, true.</summary>
    /// <param name="nowMs">When it is given, Unix milliseconds.</param>
    public static byte[] Command(long nowMs)
    {
        List<byte> metric = [0x0A, (byte)Rebirth.Length, .. Rebirth];
        Field(metric, 0x18, (ulong)nowMs);
        Field(metric, 0x20, (ulong)DataType.Boolean);
        Field(metric, 0x70, 1);
        List<byte> payload = [];
        Field(payload, 0x08, (ulong)nowMs);
        payload.Add(0x12);
        payload.Add((byte)metric.Count);
        return [.. payload, .. metric];
    }

    private static ReadOnlySpan<byte> Rebirth => "Node Control/Rebirth"u8;

    private static void Field(List<byte> message, byte tag, ulong value)
    {
        message.Add(tag);
        for (; value >= 0x80; value >>= 7)
            message.Add((byte)(value | 0x80));
        message.Add((byte)value);
    }
}

/// <summary>Wishes of a decoder that reads live messages; whoever drives it acts on them. Touched by one thread.</summary>
public sealed class RebirthWishes
{
    /// <summary>Most wishes that wait. Further ones are dropped: the node's next message wishes again.</summary>
    public const int Most = 256;

    private readonly List<RebirthWish> _wishes = [];

    /// <summary>What was wished for since <see cref="Clear"/>, each node once.</summary>
    public IReadOnlyList<RebirthWish> All => _wishes;

    /// <summary>Forgets them.</summary>
    public void Clear() => _wishes.Clear();

    internal void Add(ReadOnlySpan<byte> source, in SparkplugTopic topic)
    {
        foreach (RebirthWish known in _wishes)
        {
            if (topic.Node.SequenceEqual(known.Node.Span) && topic.Group.SequenceEqual(known.Group.Span) && source.SequenceEqual(known.Source.Span))
                return;
        }

        if (_wishes.Count < Most)
            _wishes.Add(new RebirthWish(source.ToArray(), topic.Group.ToArray(), topic.Node.ToArray()));
    }
}
