using Ioc.Devices.Counters;
using Ioc.Devices.Readings;
using Ioc.Profiles.Modbus;
using Ioc.Profiles.Sparkplug;
using Ioc.Profiles.Tracing;

namespace Ioc.Profiles.Fields;

/// <summary>Where a field's raw value comes from.</summary>
internal enum FieldSource
{
    Member,
    Text,
    Capture,
    Binary,

    /// <summary>A register of a Modbus answer.</summary>
    Register,
    Expression,
    Count,
}

/// <summary>One compiled field.</summary>
internal sealed class FieldPlan
{
    public required FieldSource Source { get; init; }

    /// <summary>Slots of its paths, in order of preference.</summary>
    public int[] Slots { get; init; } = [];
    public int Capture { get; init; }
    public BinaryNumber Binary { get; init; }

    /// <summary>Address of the register where <see cref="Binary"/> begins.</summary>
    public int Register { get; init; }

    /// <summary>It begins where the field before it ended.</summary>
    public bool Next { get; init; }
    public ExpressionPlan? Expression { get; init; }
    public required ValuePlan Value { get; init; }

    /// <summary>How it was written, for a trace.</summary>
    public required FieldOrigin Origin { get; init; }

    /// <summary>Which elements are counted; null when all are.</summary>
    public CountPlan? Counted { get; init; }

    /// <summary>Units that the message or the registry names; null when the profile does.</summary>
    public UnitPlan? Units { get; init; }

    /// <summary>Zero when the value is not stored.</summary>
    public MetricId Metric { get; init; }
    public double Min { get; init; }
    public double Max { get; init; }
    public bool DropOutside { get; init; }
    public ChannelPlan? Channel { get; init; }
    public ConditionPlan[] When { get; init; } = [];

    /// <summary>Place among the named values; −1 when no expression may use it.</summary>
    public int Name { get; init; } = -1;
    public Quality Marks { get; init; }
    public TimePlan? Time { get; init; }

    /// <summary>Members beside the value that say how far to trust it; null where the codec has none.</summary>
    public MetricCompanions? Companions { get; init; }
    public bool Optional { get; init; }

    /// <summary>How its values follow one another; null for the metric's own way.</summary>
    public SeriesRule? Rule { get; init; }

    /// <summary>Slot of the member that says since when the register counts; −1 when there is none.</summary>
    public int ResetSlot { get; init; } = -1;

    /// <summary>What quarantine says when it cannot be read; ready-made, and never any of the payload.</summary>
    public required string TooShort { get; init; }
    public required string Malformed { get; init; }
    public required string Limit { get; init; }

    public ReadStatus Read(scoped ref Frame frame, out double raw)
    {
        ReadStatus status = ReadRaw(ref frame, out raw);
        if (status != ReadStatus.Value || Units is null || Units.After is not null)
            return status;

        // What cannot be told in the metric's unit is no value.
        return Units.TryApply(ref frame, ref raw) ? ReadStatus.Value : ReadStatus.Absent;
    }

    private ReadStatus ReadRaw(scoped ref Frame frame, out double raw)
    {
        raw = 0;
        switch (Source)
        {
            case FieldSource.Member:
                return ReadMember(ref frame, out raw);
            case FieldSource.Text:
                return ReadText(ref frame, frame.Body, out raw);
            case FieldSource.Capture:
                return ReadText(ref frame, frame.Captures[Capture].Of(frame.Topic), out raw);
            case FieldSource.Binary:
                if (!Binary.TryRead(Next ? frame.Body[frame.Cursor..] : frame.Body, out double number, out int used))
                    return Optional ? ReadStatus.Absent : ReadStatus.TooShort;
                if (Next)
                    frame.Cursor += used;
                return Value.Read(number, out raw);
            case FieldSource.Register:
                // One profile lists all registers of a meter, and each answer holds some of them.
                return Binary.TryRead(ModbusPlan.From(Register, in frame), out double register) ? Value.Read(register, out raw) : ReadStatus.Absent;
            case FieldSource.Expression:
                return Value.Read(Expression!.Evaluate(ref frame), out raw);
            default:
                JsonSlot container = frame.Slots[Slots[0]];
                return container.Kind < SlotKind.Object
                    ? ReadStatus.Absent
                    : Value.Read(Counted?.Count(ref frame, container) ?? JsonElements.Count(container.Of(frame.Payload)), out raw);
        }
    }

    private ReadStatus ReadText(scoped ref Frame frame, ReadOnlySpan<byte> text, out double raw)
    {
        if (Units?.After is null)
            return Value.Read(text, out raw);

        Units.Split(text, out ReadOnlySpan<byte> number, out ReadOnlySpan<byte> unit);
        ReadStatus status = Value.Read(number, out raw);
        if (status != ReadStatus.Value)
            return status;
        return (unit.IsEmpty ? Units.TryApply(ref frame, ref raw) : Units.TryApply(unit, ref raw)) ? status : ReadStatus.Absent;
    }

    private ReadStatus ReadMember(scoped ref Frame frame, out double raw)
    {
        raw = 0;
        foreach (int place in Slots)
        {
            JsonSlot slot = frame.Slots[place];
            ReadStatus status = slot.Kind switch
            {
                SlotKind.Number => ReadNumber(ref frame, slot.Of(frame.Payload), out raw),
                SlotKind.String => ReadText(ref frame, slot.Of(frame.Payload), out raw),
                SlotKind.True => Value.Read("true"u8, out raw),
                SlotKind.False => Value.Read("false"u8, out raw),
                _ => ReadStatus.Absent,
            };

            // One odd member among many is that member's loss, not the message's.
            if (status == ReadStatus.Value)
                return status;
        }

        return ReadStatus.Absent;
    }

    private ReadStatus ReadNumber(scoped ref Frame frame, ReadOnlySpan<byte> text, out double raw)
    {
        raw = 0;
        if (!NumberText.TryParse(text, out double number))
            return ReadStatus.Absent;

        // A plain number where number and unit were to be one text: the default unit has to do.
        ReadStatus status = Value.Read(number, out raw);
        return status != ReadStatus.Value || Units?.After is null || Units.TryApply(ref frame, ref raw) ? status : ReadStatus.Absent;
    }
}
