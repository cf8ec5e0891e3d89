namespace Ioc.Profiles.Fields;

/// <summary>What a condition looks at.</summary>
internal enum ConditionSubject
{
    Exists,
    Missing,
    Member,
    Capture,
    Port,
    Length,
    Named,
    Bytes,
}

/// <summary>A compiled test on the message.</summary>
internal sealed class ConditionPlan
{
    public required ConditionSubject Subject { get; init; }

    /// <summary>The bit of a named value that has to be set; −1 when the value itself is judged.</summary>
    public int Bit { get; init; } = -1;

    /// <summary>Slot, capture, named value or byte offset.</summary>
    public int Number { get; init; }
    public byte[][] Texts { get; init; } = [];
    public double[] Numbers { get; init; } = [];
    public double Min { get; init; } = double.NegativeInfinity;
    public double Max { get; init; } = double.PositiveInfinity;
    public bool Negate { get; init; }

    public static bool AllHold(ConditionPlan[] conditions, scoped ref Frame frame)
    {
        foreach (ConditionPlan condition in conditions)
        {
            if (!condition.Holds(ref frame))
                return false;
        }

        return true;
    }

    private bool Holds(scoped ref Frame frame)
    {
        switch (Subject)
        {
            case ConditionSubject.Exists:
                return frame.Slots[Number].Kind != SlotKind.Absent;
            case ConditionSubject.Missing:
                return frame.Slots[Number].Kind == SlotKind.Absent;
            case ConditionSubject.Member:
                JsonSlot slot = frame.Slots[Number];
                return slot.HasValue && IsListed(slot.Of(frame.Payload)) != Negate;
            case ConditionSubject.Capture:
                return IsListed(frame.Captures[Number].Of(frame.Topic)) != Negate;
            case ConditionSubject.Port:
                return frame.Port >= 0 && IsIn(frame.Port) != Negate;
            case ConditionSubject.Length:
                return IsIn(frame.Body.Length) != Negate;
            case ConditionSubject.Named:
                double value = frame.Named[Number];
                return !double.IsNaN(value) && (Bit >= 0 ? ExpressionPlan.BitOf(value, Bit) == 1 : IsIn(value) != Negate);
            default:
                return Number + Texts[0].Length <= frame.Body.Length && frame.Body[Number..].StartsWith(Texts[0]);
        }
    }

    private bool IsListed(ReadOnlySpan<byte> text)
    {
        foreach (byte[] candidate in Texts)
        {
            if (text.SequenceEqual(candidate))
                return true;
        }

        return false;
    }

    private bool IsIn(double value) => Numbers.Length > 0 ? Array.IndexOf(Numbers, value) >= 0 : value >= Min && value <= Max;
}
