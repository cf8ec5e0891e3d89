using Ioc.Profiles.Fields;

namespace Ioc.Profiles.Compilation;

/// <summary>Finds the profiles that listen to a topic. The most particular pattern that matches wins.</summary>
internal sealed class TopicIndex
{
    private readonly NameTable<TopicGroup[]> _byFirstLevel;
    private readonly TopicGroup[] _anyFirstLevel;

    public TopicIndex(IReadOnlyList<TopicGroup> groups)
    {
        TopicGroup[] ordered = [.. groups.OrderBy(group => group.Pattern.Order, StringComparer.Ordinal).ThenBy(group => group.Pattern.Shape, StringComparer.Ordinal)];
        _anyFirstLevel = [.. ordered.Where(group => group.Pattern.First is not { IsLiteral: true })];
        _byFirstLevel = new NameTable<TopicGroup[]>(
        [
            .. ordered.Where(group => group.Pattern.First is { IsLiteral: true })
                .GroupBy(group => group.Pattern.First!.Shape)
                .Select(named => (named.First().Pattern.First!.Literal, named.ToArray())),
        ]);
        MaxSlots = groups.Count == 0 ? 0 : groups.Max(group => group.SlotCount);
        MaxDocuments = groups.Count == 0 ? 0 : groups.Max(group => group.Documents.Length);
    }

    /// <summary>Most slots that any topic needs.</summary>
    public int MaxSlots { get; }

    /// <summary>Most documents that any topic reads.</summary>
    public int MaxDocuments { get; }

    public TopicGroup? Find(ReadOnlySpan<byte> topic, Span<TextRange> captures)
    {
        int slash = topic.IndexOf((byte)'/');
        TopicGroup[] named = _byFirstLevel.Find(slash < 0 ? topic : topic[..slash]) ?? [];
        foreach (TopicGroup group in named)
        {
            if (group.Pattern.TryMatch(topic, captures))
                return group;
        }

        foreach (TopicGroup group in _anyFirstLevel)
        {
            if (group.Pattern.TryMatch(topic, captures))
                return group;
        }

        return null;
    }
}
