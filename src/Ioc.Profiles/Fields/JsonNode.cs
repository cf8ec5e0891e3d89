namespace Ioc.Profiles.Fields;

/// <summary>A place in the tree of all paths that the profiles of one topic want. Immutable once compiled.</summary>
internal sealed class JsonNode
{
    /// <summary>Where to note what stands here; −1 when only deeper places matter.</summary>
    public int Slot { get; init; } = -1;

    /// <summary>Slots shared with other places, for the scalar that stands here unless another place has filled them.</summary>
    public int[] Also { get; init; } = [];

    /// <summary>Members wanted, when an object stands here.</summary>
    public NameTable<JsonNode>? Members { get; init; }

    /// <summary>Elements wanted by place, when an array stands here; null where a place is not wanted.</summary>
    public JsonNode?[] Elements { get; init; } = [];

    /// <summary>Elements wanted by what one of their members says.</summary>
    public ElementSelector[] Selectors { get; init; } = [];

    public bool IsLeaf => Members is null && Elements.Length == 0 && Selectors.Length == 0;
}

/// <summary>Chooses array elements by the text or number of one member.</summary>
/// <param name="Member">Name of the member, as UTF-8.</param>
/// <param name="Values">Accepted values and where each leads.</param>
internal sealed record ElementSelector(byte[] Member, IReadOnlyList<(byte[] Value, JsonNode Node)> Values);
