using Ioc.Profiles.Fields;

namespace Ioc.Profiles.Model;

/// <summary>A test on the message; exactly one of the subjects is set.</summary>
internal sealed record ConditionConfig(SourceMark Mark)
{
    public MarkedText? Exists { get; init; }
    public MarkedText? Missing { get; init; }
    public MarkedText? Path { get; init; }
    public MarkedText? Topic { get; init; }
    public bool Port { get; init; }
    public bool Length { get; init; }

    /// <summary>A field named with 'as'.</summary>
    public MarkedText? Value { get; init; }

    /// <summary>The bit of <see cref="Value"/> that has to be set.</summary>
    public int? Bit { get; init; }
    public MarkedText? Bytes { get; init; }
    public int At { get; init; }

    /// <summary>A formula that is not zero.</summary>
    public MarkedText? Expression { get; init; }

    /// <summary>Tests of which one has to hold.</summary>
    public IReadOnlyList<ConditionConfig>? Any { get; init; }

    /// <summary>A regular expression, for a path or topic capture, or else for the body.</summary>
    public MarkedText? Matches { get; init; }

    /// <summary>What stands at the path.</summary>
    public MemberKind? Is { get; init; }

    /// <summary>Accepted values; for numbers also what lies between <see cref="Min"/> and <see cref="Max"/>.</summary>
    public IReadOnlyList<MarkedText> In { get; init; } = [];
    public double? Min { get; init; }
    public double? Max { get; init; }
    public bool Negate { get; init; }
}
