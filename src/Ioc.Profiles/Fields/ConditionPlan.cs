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
    Body,
    Expression,
    Any,
}

/// <summary>What stands at a path, for a condition that asks no more.</summary>
internal enum MemberKind
{
    Unasked,
    Object,
    Array,
    Number,
    Text,
    Boolean,
    Null,
}

/// <summary>A compiled test on the message.</summary>
internal sealed class ConditionPlan
{
    public required ConditionSubject Subject { get; init; }

    /// <summary>The bit of a named value that has to be set; −1 when the value itself is judged.</summary>
    public int Bit { get; init; } = -1;

    /// <summary>Slot, capture, named value or byte offset.</summary>
    public int Number { get; init; }

    /// <summary>Accepted texts, and the same as numbers (NaN where they are none).</summary>
    public byte[][] Texts { get; init; } = [];
    public double[] Numbers { get; init; } = [];
    public double Min { get; init; } = double.NegativeInfinity;
    public double Max { get; init; } = double.PositiveInfinity;
    public bool Negate { get; init; }
    public MemberKind Is { get; init; }
    public TextPattern? Pattern { get; init; }
    public ExpressionPlan? Expression { get; init; }

    /// <summary>Of which one has to hold.</summary>
    public ConditionPlan[] Any { get; init; } = [];

    private bool HasLimits => !double.IsInfinity(Min) || !double.IsInfinity(Max);

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
                return MemberHolds(frame.Slots[Number], ref frame);
            case ConditionSubject.Capture:
                return TextHolds(frame.Captures[Number].Of(frame.Topic), true);
            case ConditionSubject.Body:
                return Pattern!.IsMatch(frame.Body) != Negate;
            case ConditionSubject.Port:
                return frame.Port >= 0 && IsIn(frame.Port) != Negate;
            case ConditionSubject.Length:
                return IsIn(frame.Body.Length) != Negate;
            case ConditionSubject.Named:
                double value = frame.Named[Number];
                return !double.IsNaN(value) && (Bit >= 0 ? ExpressionPlan.BitOf(value, Bit) == 1 : IsIn(value) != Negate);
            case ConditionSubject.Expression:
                double result = Expression!.Evaluate(ref frame);
                return result != 0 && !double.IsNaN(result);
            case ConditionSubject.Any:
                return AnyHolds(ref frame);
            default:
                return Number + Texts[0].Length <= frame.Body.Length && frame.Body[Number..].StartsWith(Texts[0]);
        }
    }

    private bool AnyHolds(scoped ref Frame frame)
    {
        foreach (ConditionPlan condition in Any)
        {
            if (condition.Holds(ref frame))
                return true;
        }

        return false;
    }

    private bool MemberHolds(JsonSlot slot, scoped ref Frame frame)
    {
        if (Is != MemberKind.Unasked)
            return KindOf(slot) == Is;
        if (!slot.HasValue)
            return false;

        // A document is not searched by a pattern, nor is it a number.
        bool isScalar = slot.Kind < SlotKind.Object;
        return isScalar ? TextHolds(slot.Of(frame.Payload), slot.Kind == SlotKind.Number) : Texts.Length > 0 && Negate;
    }

    private static MemberKind KindOf(JsonSlot slot) =>
        slot.Kind switch
        {
            SlotKind.Absent => MemberKind.Unasked,
            SlotKind.Null => MemberKind.Null,
            SlotKind.False or SlotKind.True => MemberKind.Boolean,
            SlotKind.Number => MemberKind.Number,
            SlotKind.Object => MemberKind.Object,
            SlotKind.Array => MemberKind.Array,
            _ => MemberKind.Text,
        };

    private bool TextHolds(ReadOnlySpan<byte> text, bool mayBeNumber)
    {
        if (Pattern is not null)
            return Pattern.IsMatch(text) != Negate;
        if (HasLimits)
            return NumberText.TryParse(NumberText.Trim(text), out double number) && number >= Min && number <= Max;
        return IsListed(text, mayBeNumber) != Negate;
    }

    private bool IsListed(ReadOnlySpan<byte> text, bool mayBeNumber)
    {
        foreach (byte[] candidate in Texts)
        {
            if (text.SequenceEqual(candidate))
                return true;
        }

        // 1 and 1.0 are one number written twice.
        return mayBeNumber && Numbers.Length > 0 && NumberText.TryParse(text, out double number) && Array.IndexOf(Numbers, number) >= 0;
    }

    private bool IsIn(double value) => Numbers.Length > 0 ? Array.IndexOf(Numbers, value) >= 0 : value >= Min && value <= Max;
}
