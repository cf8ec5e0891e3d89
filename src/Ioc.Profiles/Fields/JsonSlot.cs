namespace Ioc.Profiles.Fields;

/// <summary>What stands at one compiled path of the document being decoded.</summary>
internal enum SlotKind : byte
{
    /// <summary>The path is not in the document.</summary>
    Absent,
    Null,
    False,
    True,
    Number,
    String,

    /// <summary>A string or key that holds backslash escapes.</summary>
    EscapedString,
    Object,
    Array,
}

/// <summary>A place in the payload: offset and length, without quotes for strings. Filled by the walk, read by the fields.</summary>
internal struct JsonSlot
{
    public int Start;
    public int Length;
    public SlotKind Kind;

    public readonly bool HasValue => Kind > SlotKind.Null;

    public readonly ReadOnlySpan<byte> Of(ReadOnlySpan<byte> payload) => payload.Slice(Start, Length);
}
