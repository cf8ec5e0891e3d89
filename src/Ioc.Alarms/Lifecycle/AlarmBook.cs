using Ioc.Alarms.Conditions;
using Ioc.Devices.Readings;
using NodaTime;

namespace Ioc.Alarms.Lifecycle;

/// <summary>The open alarms as the engine works on them, and their changes that wait to be saved. Touched only inside the engine's gate.</summary>
internal sealed class AlarmBook(int maxOpen, ChannelTable channels)
{
    private readonly Dictionary<long, AlarmCase> _open = [];
    private readonly Dictionary<long, Alarm> _unsaved = [];
    private long _lastId;

    /// <summary>Alarms not raised because as many as may be were open.</summary>
    public long RefusedCount { get; private set; }

    public bool HasUnsaved => _unsaved.Count > 0;

    public IReadOnlyCollection<AlarmCase> Open => _open.Values;

    public void Restore(Alarm alarm, Condition? condition)
    {
        var open = new AlarmCase(alarm, condition);
        _open[alarm.Id] = open;
        if (condition is not null)
            condition.Case = open;
    }

    /// <summary>Ids go on after this one.</summary>
    public void ContinueAfter(long lastId) => _lastId = Math.Max(_lastId, lastId);

    public AlarmCase? Find(long id) => _open.GetValueOrDefault(id);

    /// <summary>The condition rose: a new alarm, or the one that is still unacknowledged once more.</summary>
    /// <returns>False when there is no room for a new one.</returns>
    public bool Rise(Condition condition, BoundRule rule, Instant at)
    {
        if (condition.Case is null && _open.Count >= maxOpen)
        {
            RefusedCount++;
            return false;
        }

        string channel = channels.NameOf(condition.Channel);
        Sample last = condition.Last;
        bool hasValue = rule.Rule.Metric is not null;
        Alarm alarm = condition.Case?.Alarm ?? new Alarm
        {
            Id = ++_lastId,
            RuleId = rule.Rule.Id,
            Device = rule.Device.ApiId,
            Metric = rule.Rule.Metric?.Name,
            Channel = channel,
            Priority = rule.Rule.Priority,
            State = AlarmState.ActiveUnacknowledged,
            RaisedAt = at,
            RaisedValue = hasValue ? last.Value : null,
            ValueAt = last.MeasuredAt,
            Condition = rule.Rule.ConditionWord,
            MessageVi = "",
            MessageEn = "",
            Count = 0,
            Version = 0,
            Offset = last.Offset,
        };

        Change(condition, alarm with
        {
            State = AlarmState.ActiveUnacknowledged,
            Priority = rule.Rule.Priority,
            ReturnedAt = null,
            Value = hasValue ? last.Value : null,
            ValueAt = last.MeasuredAt,
            Limit = hasValue ? rule.Limit : null,
            MessageVi = rule.Rule.Message.InVietnamese(rule.Device, channel, rule.Rule.Metric, last.Value, rule.Limit),
            MessageEn = rule.Rule.Message.InEnglish(rule.Device, channel, rule.Rule.Metric, last.Value, rule.Limit),
            Count = alarm.Count + 1,
            Offset = last.Offset,
        });
        return true;
    }

    /// <summary>The condition is over.</summary>
    public void Return(AlarmCase open, Instant at)
    {
        Alarm alarm = open.Alarm;
        Condition? condition = open.Condition;
        bool seen = alarm.State == AlarmState.ActiveAcknowledged;
        Change(open, alarm with
        {
            State = seen ? AlarmState.Normal : AlarmState.ReturnedUnacknowledged,
            ReturnedAt = at,
            Value = alarm.Metric is not null && condition is not null && !double.IsNaN(condition.Last.Value) ? condition.Last.Value : alarm.Value,
            ValueAt = condition is null ? alarm.ValueAt : Instant.Max(alarm.ValueAt, condition.Last.MeasuredAt),
            Offset = condition is null ? alarm.Offset : condition.Last.Offset,
        });
    }

    /// <summary>A part of the product is at fault, or at fault no more. Such an alarm rises though many others are open.</summary>
    /// <param name="part">Stands in the place of the rule.</param>
    /// <param name="fault">Null when it is over.</param>
    /// <param name="at">Now.</param>
    public void Tell(string part, PlatformFault? fault, Instant at)
    {
        AlarmCase? open = _open.Values.FirstOrDefault(candidate => candidate.Alarm.Device == PlatformFault.Source && candidate.Alarm.RuleId == part);
        bool holds = open?.Alarm.State is AlarmState.ActiveUnacknowledged or AlarmState.ActiveAcknowledged;
        if (fault is null)
        {
            if (holds)
                Return(open!, at);
            return;
        }

        if (holds && open!.Alarm.Condition == fault.Condition)
            return;

        Alarm alarm = open?.Alarm ?? new Alarm
        {
            Id = ++_lastId,
            RuleId = part,
            Device = PlatformFault.Source,
            Priority = PlatformFault.Priority,
            State = AlarmState.ActiveUnacknowledged,
            RaisedAt = at,
            ValueAt = at,
            Condition = fault.Condition,
            MessageVi = "",
            MessageEn = "",
            Count = 0,
            Version = 0,
            Offset = -1,
        };
        Change(open ?? new AlarmCase(alarm, condition: null), alarm with
        {
            State = AlarmState.ActiveUnacknowledged,
            ReturnedAt = null,
            ValueAt = at,
            Condition = fault.Condition,
            MessageVi = fault.MessageVi,
            MessageEn = fault.MessageEn,
            Count = alarm.Count + 1,
        });
    }

    /// <summary>Somebody took note.</summary>
    public void Acknowledge(AlarmCase open, Instant at, string by, string? comment) =>
        Change(open, open.Alarm with
        {
            State = open.Alarm.State == AlarmState.ReturnedUnacknowledged ? AlarmState.Normal : AlarmState.ActiveAcknowledged,
            AcknowledgedAt = at,
            AcknowledgedBy = by,
            Comment = comment,
        });

    /// <summary>Undoes the last change of an alarm whose saving failed.</summary>
    public void Undo(AlarmCase open, Alarm before)
    {
        open.Alarm = before;
        _open[before.Id] = open;
        _unsaved.Remove(before.Id);
        if (open.Condition is not null)
            open.Condition.Case = open;
    }

    /// <summary>The newest version of every alarm that changed since the last save, by id.</summary>
    public Alarm[] Unsaved() => [.. _unsaved.Values.OrderBy(alarm => alarm.Id)];

    public void Saved() => _unsaved.Clear();

    private void Change(Condition condition, Alarm alarm)
    {
        condition.Case ??= new AlarmCase(alarm, condition);
        Change(condition.Case, alarm);
    }

    private void Change(AlarmCase open, Alarm alarm)
    {
        open.Alarm = alarm with { Version = alarm.Version + 1 };
        _unsaved[alarm.Id] = open.Alarm;
        if (open.Alarm.IsOpen)
        {
            _open[alarm.Id] = open;
            return;
        }

        _open.Remove(alarm.Id);
        if (open.Condition is not null)
            open.Condition.Case = null;
    }
}
