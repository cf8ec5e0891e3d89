using Ioc.Devices.Readings;

namespace Ioc.Alarms.Conditions;

/// <summary>All watched series. Bounded: a full table takes no new one. One caller at a time.</summary>
internal sealed class ConditionTable(int maxCount)
{
    private readonly Dictionary<Key, Condition> _all = [];

    /// <summary>Series that were not watched because the table was full, counted once per reading.</summary>
    public long RefusedCount { get; private set; }

    /// <summary>The condition of a series; null when it is new and the table is full.</summary>
    public Condition? GetOrAdd(int rule, DeviceId device, MetricId metric, ChannelId channel)
    {
        var key = new Key(rule, device.Value, channel.Value);
        if (_all.TryGetValue(key, out Condition? condition))
            return condition;

        if (_all.Count >= maxCount)
        {
            RefusedCount++;
            return null;
        }

        return _all[key] = new Condition(rule, device, metric, channel);
    }

    private readonly record struct Key(int Rule, int Device, short Channel);
}
