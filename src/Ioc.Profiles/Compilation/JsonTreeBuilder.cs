using System.Text;
using Ioc.Profiles.Fields;

namespace Ioc.Profiles.Compilation;

/// <summary>Hands out slot numbers, over all trees of one topic: the document's and those of its iterated elements.</summary>
internal sealed class SlotCounter
{
    public int Count { get; private set; }

    public int Take() => Count++;
}

/// <summary>Collects the paths that all profiles of a topic want, so that one pass serves them all.</summary>
internal sealed class JsonTreeBuilder(SlotCounter slots)
{
    private readonly Branch _root = new();

    public bool IsEmpty => !_root.IsWanted;

    /// <summary>Slots that a walk by this tree fills.</summary>
    public List<int> Taken { get; } = [];

    /// <summary>The slot of a path; the same path gets the same slot.</summary>
    public int SlotOf(JsonPath path)
    {
        Branch branch = BranchOf(path);
        if (branch.Slot >= 0)
            return branch.Slot;

        branch.Slot = slots.Take();
        Taken.Add(branch.Slot);
        return branch.Slot;
    }

    /// <summary>One slot for several paths: it shows the first in the document that is there.</summary>
    public int SlotOfFirst(IReadOnlyList<JsonPath> paths)
    {
        Branch[] branches = [.. paths.Select(BranchOf)];
        int known = branches.Length == 0 ? -1 : branches[0].Also.FindIndex(taken => branches.All(branch => branch.Also.Contains(taken)));
        if (known >= 0)
            return branches[0].Also[known];

        int slot = slots.Take();
        Taken.Add(slot);
        foreach (Branch branch in branches)
            branch.Also.Add(slot);
        return slot;
    }

    public JsonNode Build() => _root.Build();

    private Branch BranchOf(JsonPath path)
    {
        Branch branch = _root;
        foreach (PathStep step in path.Steps)
            branch = branch.Child(step);
        return branch;
    }

    private sealed class Branch
    {
        private readonly Dictionary<string, Branch> _members = new(StringComparer.Ordinal);
        private readonly SortedDictionary<int, Branch> _elements = [];
        private readonly Dictionary<string, Dictionary<string, Branch>> _selectors = new(StringComparer.Ordinal);

        public int Slot { get; set; } = -1;

        /// <summary>Slots that this path shares with others.</summary>
        public List<int> Also { get; } = [];

        public bool IsWanted => Slot >= 0 || Also.Count > 0 || _members.Count + _elements.Count + _selectors.Count > 0;

        public Branch Child(PathStep step)
        {
            if (step.Member is { } member)
                return GetOrAdd(_members, member);
            if (step.WhereMember is not { } where)
                return GetOrAdd(_elements, step.Index);

            return GetOrAdd(GetOrAdd(_selectors, where), step.WhereValue!);
        }

        public JsonNode Build()
        {
            var elements = new JsonNode?[_elements.Count == 0 ? 0 : _elements.Keys.Max() + 1];
            foreach ((int index, Branch branch) in _elements)
                elements[index] = branch.Build();

            return new JsonNode
            {
                Slot = Slot,
                Also = [.. Also],
                Members = _members.Count == 0 ? null : new NameTable<JsonNode>([.. _members.Select(member => (Utf8(member.Key), member.Value.Build()))]),
                Elements = elements,
                Selectors =
                [
                    .. _selectors.Select(selector => new ElementSelector(
                        Utf8(selector.Key), [.. selector.Value.Select(value => (Utf8(value.Key), value.Value.Build()))])),
                ],
            };
        }

        private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

        private static TValue GetOrAdd<TKey, TValue>(IDictionary<TKey, TValue> map, TKey key)
            where TValue : new()
        {
            if (!map.TryGetValue(key, out TValue? value))
                map[key] = value = new TValue();
            return value;
        }
    }
}
