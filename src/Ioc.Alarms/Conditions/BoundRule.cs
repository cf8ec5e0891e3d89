using Ioc.Alarms.Rules;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using NodaTime;

namespace Ioc.Alarms.Conditions;

/// <summary>A rule as it holds for one device: its limit looked up, its dates as instants of the device's zone.</summary>
internal sealed class BoundRule
{
    private readonly double _limit;
    private readonly double _back;
    private readonly ChannelId[] _channels;
    private readonly Instant _from;
    private readonly Instant _to;

    public BoundRule(AlarmRule rule, int number, double limit, Device device, ChannelId[] channels)
    {
        Rule = rule;
        Number = number;
        Device = device;
        _limit = limit;
        _back = rule.Comparison == Comparison.Below ? limit + rule.Deadband : limit - rule.Deadband;
        _channels = channels;
        _from = rule.ValidFrom is { } first ? first.AtStartOfDayInZone(device.TimeZone).ToInstant() : Instant.MinValue;
        _to = rule.ValidTo is { } last ? last.PlusDays(1).AtStartOfDayInZone(device.TimeZone).ToInstant() : Instant.MaxValue;
    }

    public AlarmRule Rule { get; }

    /// <summary>The same for all dated versions of one rule id, so that an alarm lives on when its threshold changes.</summary>
    public int Number { get; }

    public Device Device { get; }

    public double Limit => _limit;

    public bool IsInForce(Instant at) => _from <= at && at < _to;

    public bool Watches(ChannelId channel) => _channels.Length == 0 || Array.IndexOf(_channels, channel) >= 0;

    public bool IsMet(double value) => Rule.Comparison switch
    {
        Comparison.Above => value >= _limit,
        Comparison.Below => value <= _limit,
        _ => value == _limit,
    };

    public bool IsBack(double value) => Rule.Comparison switch
    {
        Comparison.Above => value < _back,
        Comparison.Below => value > _back,
        _ => value != _limit,
    };
}
