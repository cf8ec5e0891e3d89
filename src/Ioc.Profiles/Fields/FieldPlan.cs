using Ioc.Profiles.Tracing;
using Ioc.Devices.Counters;
using Ioc.Devices.Readings;

namespace Ioc.Profiles.Fields;

/// <summary>Where a field's raw value comes from.</summary>
internal enum FieldSource
{
    Member,
    Text,
    Capture,
    Binary,
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

    /// <summary>It begins where the field before it ended.</summary>
    public bool Next { get; init; }
    public ExpressionPlan? Expression { get; init; }
    public required ValuePlan Value { get; init; }

    /// <summary>How it was written, for a trace.</summary>
    public required FieldOrigin Origin { get; init; }

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
        raw = 0;
        switch (Source)
        {
            case FieldSource.Member:
                return ReadMember(ref frame, out raw);
            case FieldSource.Text:
                return Value.Read(frame.Body, out raw);
            case FieldSource.Capture:
                return Value.Read(frame.Captures[Capture].Of(frame.Topic), out raw);
            case FieldSource.Binary:
                if (!Binary.TryRead(Next ? frame.Body[frame.Cursor..] : frame.Body, out double number))
                    return Optional ? ReadStatus.Absent : ReadStatus.TooShort;
                if (Next)
                    frame.Cursor += Binary.Width;
                return Value.Read(number, out raw);
            case FieldSource.Expression:
                return Value.Read(Expression!.Evaluate(ref frame), out raw);
            default:
                JsonSlot container = frame.Slots[Slots[0]];
                return container.Kind < SlotKind.Object ? ReadStatus.Absent : Value.Read(JsonElements.Count(container.Of(frame.Payload)), out raw);
        }
    }

    private ReadStatus ReadMember(scoped ref Frame frame, out double raw)
    {
        raw = 0;
        foreach (int place in Slots)
        {
            JsonSlot slot = frame.Slots[place];
            ReadStatus status = slot.Kind switch
            {
                SlotKind.Number => NumberText.TryParse(slot.Of(frame.Payload), out double number) ? Value.Read(number, out raw) : ReadStatus.Absent,
                SlotKind.String => Value.Read(slot.Of(frame.Payload), out raw),
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
}
