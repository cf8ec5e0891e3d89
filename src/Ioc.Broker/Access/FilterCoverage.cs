using Ioc.Mqtt.Topics;

namespace Ioc.Broker.Access;

/// <summary>Whether one filter takes everything that another can take.</summary>
internal static class FilterCoverage
{
    /// <summary>True when every topic that <paramref name="filter"/> matches is matched by <paramref name="pattern"/> too; both are valid filters.</summary>
    public static bool Covers(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> filter)
    {
        // [MQTT-4.7.2-1] a wildcard at the front does not reach the server's own topics, which a filter that names them does.
        if (TopicName.IsSystem(filter) && !TopicName.IsSystem(pattern))
            return false;

        // "+/#" takes all that "#" takes: every topic has a first level. Nowhere else does the one stand for the other.
        if (filter is [(byte)'#'] && pattern.SequenceEqual("+/#"u8))
            return true;

        while (true)
        {
            ReadOnlySpan<byte> allowed = TopicFilter.TakeLevel(ref pattern, out bool lastAllowed);
            if (allowed is [(byte)'#'])
                return true;

            ReadOnlySpan<byte> wanted = TopicFilter.TakeLevel(ref filter, out bool lastWanted);
            if (wanted is [(byte)'#'])
                return false;
            if (allowed is not [(byte)'+'] && !allowed.SequenceEqual(wanted))
                return false;

            if (lastWanted)
                return lastAllowed || pattern is [(byte)'#']; // "a/#" takes "a" too
            if (lastAllowed)
                return false;
        }
    }
}
