using Ioc.Alarms.Rules;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;

namespace Ioc.Alarms.Conditions;

/// <summary>Which rules watch which metric of which device. Bound at a device's first reading, and again when its registry record changes. One caller at a time.</summary>
internal sealed class RuleBindings
{
    private readonly DeviceRegistry _registry;
    private readonly ChannelTable _channels;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    // Slot n has the rules of metric n; slot 0 those over the device's state.
    private readonly AlarmRule[]?[] _rules;
    private readonly Binding?[]?[] _bindings;

    public RuleBindings(AlarmRules rules, DeviceRegistry registry, MetricCatalogue metrics, ChannelTable channels)
    {
        _registry = registry;
        _channels = channels;
        _rules = new AlarmRule[]?[metrics.All.Count + 1];
        _bindings = new Binding?[]?[metrics.All.Count + 1];
        foreach (IGrouping<int, AlarmRule> group in rules.All.GroupBy(rule => (int)(rule.Metric?.Id.Value ?? 0)))
        {
            _rules[group.Key] = [.. group];
            _bindings[group.Key] = new Binding?[1024];
        }

        foreach (AlarmRule rule in rules.All)
            _numbers.TryAdd(rule.Id, _numbers.Count);
    }

    /// <summary>The number that all versions of a rule share; false when there is no such rule any more.</summary>
    public bool TryNumber(string ruleId, out int number) => _numbers.TryGetValue(ruleId, out number);

    /// <summary>Whether any rule watches a metric: the cheap question that nearly every reading ends with.</summary>
    public bool Watches(MetricId metric) => metric.Value < _rules.Length && _rules[metric.Value] is not null;

    /// <summary>The rules that watch a metric of a device, past and future versions too.</summary>
    public BoundRule[] Find(MetricId metric, DeviceId device)
    {
        if (!Watches(metric))
            return [];

        Binding?[] bindings = _bindings[metric.Value]!;
        if (device.Value >= bindings.Length)
        {
            Array.Resize(ref bindings, Math.Max(device.Value + 1, bindings.Length * 2));
            _bindings[metric.Value] = bindings;
        }

        Device record = _registry[device];
        Binding? binding = bindings[device.Value];
        if (binding is null || !ReferenceEquals(binding.Device, record))
            bindings[device.Value] = binding = Bind(_rules[metric.Value]!, record);

        return binding.Rules;
    }

    private Binding Bind(AlarmRule[] rules, Device device)
    {
        var bound = new List<BoundRule>();
        foreach (AlarmRule rule in rules)
        {
            // Without rules the open alarms of a device that has left the service end, and none rises.
            if (device.IsLive && rule.Selector.Selects(device) && rule.LimitFor(device) is { } limit)
                bound.Add(new BoundRule(rule, _numbers[rule.Id], limit, device, [.. rule.Channels.Select(_channels.GetOrAdd)]));
        }

        return new Binding(device, [.. bound]);
    }

    private sealed record Binding(Device Device, BoundRule[] Rules);
}
