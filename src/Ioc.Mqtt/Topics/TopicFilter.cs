namespace Ioc.Mqtt.Topics;

/// <summary>Rules for the filter of a subscription, as UTF-8.</summary>
public static class TopicFilter
{
    private const byte Separator = (byte)'/';
    private const byte SingleLevel = (byte)'+';
    private const byte MultiLevel = (byte)'#';

    private static ReadOnlySpan<byte> SharePrefix => "$share/"u8;

    /// <summary>Wildcards alone in their level, <c>#</c> only as the last one; the bytes are known to be valid UTF-8.</summary>
    public static bool IsValid(ReadOnlySpan<byte> filter)
    {
        if (filter.IsEmpty)
            return false; // [MQTT-4.7.3-1]

        foreach (Range range in filter.Split(Separator))
        {
            ReadOnlySpan<byte> level = filter[range];
            if (level.Contains(SingleLevel) && level.Length > 1)
                return false; // [MQTT-4.7.1-2]
            if (level.Contains(MultiLevel) && (level.Length > 1 || range.End.GetOffset(filter.Length) != filter.Length))
                return false; // [MQTT-4.7.1-1]
        }

        return true;
    }

    /// <summary>Whether <c>$share/group/filter</c> is asked for, in form at least.</summary>
    public static bool IsShared(ReadOnlySpan<byte> filter) => filter.StartsWith(SharePrefix);

    /// <summary>Takes a shared subscription's filter apart; false when it is none or its group or filter is not one.</summary>
    /// <param name="filter">As it stands in SUBSCRIBE.</param>
    /// <param name="group">Who share the messages.</param>
    /// <param name="inner">The filter that messages are matched with.</param>
    public static bool TrySplitShared(ReadOnlySpan<byte> filter, out ReadOnlySpan<byte> group, out ReadOnlySpan<byte> inner)
    {
        group = default;
        inner = default;
        if (!IsShared(filter))
            return false;

        ReadOnlySpan<byte> rest = filter[SharePrefix.Length..];
        group = TakeLevel(ref rest, out bool noFilter);
        inner = rest;
        return !group.IsEmpty && !HasWildcard(group) && !noFilter && IsValid(inner); // [MQTT-4.8.2-1], [MQTT-4.8.2-2]
    }

    /// <summary>Whether any level is a wildcard.</summary>
    public static bool HasWildcard(ReadOnlySpan<byte> filter) => filter.ContainsAny(SingleLevel, MultiLevel);

    /// <summary>Whether a valid filter takes a valid topic name.</summary>
    public static bool Matches(ReadOnlySpan<byte> filter, ReadOnlySpan<byte> topic)
    {
        // [MQTT-4.7.2-1] a wildcard at the front does not reach the server's own topics.
        if (TopicName.IsSystem(topic) && filter[0] is (SingleLevel or MultiLevel))
            return false;

        while (true)
        {
            ReadOnlySpan<byte> wanted = TakeLevel(ref filter, out bool lastWanted);
            if (wanted is [MultiLevel])
                return true;

            ReadOnlySpan<byte> given = TakeLevel(ref topic, out bool lastGiven);
            if (wanted is not [SingleLevel] && !wanted.SequenceEqual(given))
                return false;

            if (lastGiven)
                return lastWanted || filter is [MultiLevel]; // "a/#" takes "a" too
            if (lastWanted)
                return false;
        }
    }

    /// <summary>Cuts the first level off a topic or filter.</summary>
    /// <param name="rest">Moves behind the separator; empty after the last level.</param>
    /// <param name="last">No separator was left. An empty rest does not say it: "a/" has two levels.</param>
    public static ReadOnlySpan<byte> TakeLevel(scoped ref ReadOnlySpan<byte> rest, out bool last)
    {
        int separator = rest.IndexOf(Separator);
        last = separator < 0;
        ReadOnlySpan<byte> level = last ? rest : rest[..separator];
        rest = last ? default : rest[(separator + 1)..];
        return level;
    }
}
