namespace Ioc.Profiles.Sparkplug;

/// <summary>An edge node whose messages cannot be followed any more: it should be asked to publish its births again.</summary>
/// <param name="Source">Whose key space its devices belong to, as UTF-8.</param>
/// <param name="Group">Its group id, as UTF-8.</param>
/// <param name="Node">Its own id, as UTF-8.</param>
public sealed record RebirthWish(ReadOnlyMemory<byte> Source, ReadOnlyMemory<byte> Group, ReadOnlyMemory<byte> Node);

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
