using System.Text;
using System.Text.Json;
using Ioc.Profiles.Compilation;
using Ioc.Profiles.Fields;
using Ioc.Profiles.Model;

namespace Ioc.Profiles.Preview;

/// <summary>Tells which members of a JSON message no profile of its topic reads: what a vendor has added. For people; it allocates, the decoder does not.</summary>
/// <remarks>Inside an envelope the members are the network's, not the device's: such topics have none. A value is never told, only where it stands.</remarks>
public static class UnreadMembers
{
    private const int MaxMembers = 64;
    private const int MaxPathLength = 120;

    /// <summary>Paths such as <c>ENERGY.Export</c> or <c>data[].rssi</c>, each once, in the order of the message.</summary>
    /// <param name="set">The profiles.</param>
    /// <param name="topic">The topic name, as UTF-8.</param>
    /// <param name="payload">The payload; may be anything.</param>
    public static IReadOnlyList<string> Find(ProfileSet set, ReadOnlySpan<byte> topic, ReadOnlyMemory<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(set);
        topic = topic.StartsWith("/"u8) ? topic[1..] : topic;
        if (set.Topics.Find(topic, new TextRange[TopicPattern.MaxCaptures]) is not { Tree: { } tree } group || Array.Exists(group.Plans, plan => plan.Envelope is not null))
            return [];

        var walk = new Walk([.. group.Plans.SelectMany(plan => Below(plan.Root)).Where(part => part is { Container: >= 0, Element: not null })]);
        try
        {
            using JsonDocument document = JsonDocument.Parse(payload.Span.StartsWith("\uFEFF"u8) ? payload[3..] : payload);
            walk.Value(document.RootElement, [tree], "");
        }
        catch (JsonException)
        {
            return [];
        }

        return walk.Found;
    }

    private static IEnumerable<GroupPlan> Below(GroupPlan group) => group.Groups.Concat(group.Stream).SelectMany(Below).Prepend(group);

    private sealed class Walk(GroupPlan[] iterations)
    {
        public List<string> Found { get; } = [];

        // Several places may want the same value: a path, and an iteration over what holds it.
        public void Value(JsonElement value, List<JsonNode> wanted, string path)
        {
            GroupPlan[] over = [.. iterations.Where(group => wanted.Exists(node => node.Slot == group.Container))];
            if (value.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty member in value.EnumerateObject())
                    Member(member.Value, wanted, over, path, member.Name);
            }
            else if (value.ValueKind == JsonValueKind.Array)
            {
                int index = 0;
                foreach (JsonElement element in value.EnumerateArray())
                    Element(element, wanted, over, $"{path}[]", index++);
            }
        }

        // A key that only an iteration wants names a device or a channel: it stands as *, so that a fleet does not fill the list.
        private void Member(JsonElement value, List<JsonNode> wanted, GroupPlan[] over, string path, string name)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(name);
            List<JsonNode> named = [.. wanted.Select(node => node.Members?.Find(utf8)).OfType<JsonNode>()];
            List<JsonNode> walked = [.. over.Where(group => Takes(group, value, utf8)).Select(group => group.Element!)];
            string step = named.Count == 0 && walked.Count > 0 ? "*" : name;
            Enter(value, [.. named, .. walked], wanted, path.Length == 0 ? step : $"{path}.{step}");
        }

        private static bool Takes(GroupPlan group, JsonElement value, byte[] key)
        {
            int next = 0;
            return TakesKind(group, value)
                && !Array.Exists(group.Except, except => except.AsSpan().SequenceEqual(key))
                && (group.Keys is null || group.Keys.TryMatch(key, 0, key.Length, new TextRange[GroupPlan.MaxKeyCaptures], ref next));
        }

        private static bool TakesKind(GroupPlan group, JsonElement value) => group.Only switch
        {
            ElementKind.Objects => value.ValueKind == JsonValueKind.Object,
            ElementKind.Arrays => value.ValueKind == JsonValueKind.Array,
            ElementKind.Values => value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array),
            _ => true,
        };

        private void Element(JsonElement value, List<JsonNode> wanted, GroupPlan[] over, string path, int index)
        {
            List<JsonNode> inner =
            [
                .. wanted.Select(node => index < node.Elements.Length ? node.Elements[index] : null).OfType<JsonNode>(),
                .. wanted.SelectMany(node => node.Selectors).SelectMany(selector => Selected(value, selector)),
                .. over.Where(group => TakesKind(group, value)).Select(group => group.Element!),
            ];
            Enter(value, inner, wanted, path);
        }

        private void Enter(JsonElement value, List<JsonNode> inner, List<JsonNode> wanted, string path)
        {
            // What is wanted as a whole is read, whatever is in it.
            if (inner.Count == 0 && !wanted.Exists(node => node.IsLeaf && !Array.Exists(iterations, group => group.Container == node.Slot)))
                Report(path);
            else if (inner.Count > 0)
                Value(value, inner, path);
        }

        private static IEnumerable<JsonNode> Selected(JsonElement element, ElementSelector selector)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(selector.Member, out JsonElement member))
                return [];

            string text = member.ValueKind == JsonValueKind.String ? member.GetString()! : member.GetRawText();
            return selector.Values.Where(value => Encoding.UTF8.GetString(value.Value) == text).Select(value => value.Node);
        }

        private void Report(string path)
        {
            if (Found.Count < MaxMembers && path.Length <= MaxPathLength && !path.Any(char.IsControl) && !Found.Contains(path))
                Found.Add(path);
        }
    }
}
