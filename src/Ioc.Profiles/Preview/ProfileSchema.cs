using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ioc.Devices.Metrics;
using Ioc.Profiles.Model;

namespace Ioc.Profiles.Preview;

/// <summary>The profile language as a JSON Schema (2020-12), so that editors complete and check while a profile is written.</summary>
/// <remarks>
/// It is taken from what the loader's own readers ask for while they read a folder, so it knows every key of every construct that some
/// file of the folder uses. What a schema cannot say (fields that overlap, units that do not convert) only the loader tells.
/// </remarks>
public static class ProfileSchema
{
    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>Writes the schema of profiles (<c>*.profile.yaml</c>).</summary>
    /// <param name="folder">A folder that uses the language's constructs.</param>
    /// <param name="metrics">Their names are completed too.</param>
    public static string OfProfiles(string folder, MetricCatalogue metrics) => Write(folder, metrics, "a profile", "Ioc firmware profile");

    /// <summary>Writes the schema of envelopes (<c>*.envelope.yaml</c>).</summary>
    /// <param name="folder">A folder that uses the language's constructs.</param>
    /// <param name="metrics">Their names are completed too.</param>
    public static string OfEnvelopes(string folder, MetricCatalogue metrics) => Write(folder, metrics, "an envelope", "Ioc envelope of firmware profiles");

    private static string Write(string folder, MetricCatalogue metrics, string root, string title)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(metrics);
        LanguageShape language = Read(folder);
        var definitions = new JsonObject();
        foreach (string construct in language.Constructs.Keys.Where(construct => construct != root && IsReached(language, root, construct)))
            definitions[NameOf(construct)] = Construct(language.Constructs[construct], metrics);

        JsonObject schema = Construct(language.Constructs[root], metrics);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", title);
        schema["$defs"] = definitions;
        return schema.ToJsonString(Written) + "\n";
    }

    private static LanguageShape Read(string folder)
    {
        var language = new LanguageShape();
        var reader = new ConfigReader(new ProfileErrors { Shapes = language });
        foreach (string path in Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (path.EndsWith(".profile.yaml", StringComparison.Ordinal) && reader.Open(path, path) is { } profile)
                reader.ReadProfile(profile);
            else if (path.EndsWith(".envelope.yaml", StringComparison.Ordinal) && reader.Open(path, path) is { } envelope)
                reader.ReadEnvelope(envelope);
        }

        return language;
    }

    private static bool IsReached(LanguageShape language, string from, string construct)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var left = new Stack<string>([from]);
        while (left.TryPop(out string? next))
        {
            if (!seen.Add(next))
                continue;
            foreach (string inner in language.Constructs[next].Values.SelectMany(key => ConstructsIn(key.Maps)))
                left.Push(inner);
        }

        return seen.Contains(construct);
    }

    // Mappings whose keys are the author's own names have no construct of their own; what matters is behind those keys.
    private static IEnumerable<string> ConstructsIn(IEnumerable<MapShape> maps) =>
        maps.SelectMany(map => map.What is { } what ? [what] : map.Keys.Values.SelectMany(key => ConstructsIn(key.Maps))).Distinct();

    private static JsonObject Construct(SortedDictionary<string, KeyShape> keys, MetricCatalogue metrics)
    {
        var properties = new JsonObject();
        foreach ((string name, KeyShape shape) in keys)
            properties[name] = name == "metric" ? Enumeration(metrics.All.Select(metric => metric.Name).Order(StringComparer.Ordinal)) : Value(shape);

        var construct = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
        string[] required = [.. keys.Where(key => key.Value.IsRequired).Select(key => key.Key)];
        if (required.Length > 0)
            construct["required"] = new JsonArray([.. required.Select(name => JsonValue.Create(name))]);
        return construct;
    }

    private static JsonNode Value(KeyShape shape)
    {
        if (shape.Words.Count > 0)
            return Enumeration(shape.Words);

        var choices = new List<JsonNode>();
        if (shape.Types.Overlaps([ValueKind.Text, ValueKind.Texts]))
            choices.Add(new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") });
        if (shape.Types.Contains(ValueKind.Number))
            choices.Add(new JsonObject { ["type"] = new JsonArray("number", "string") });
        if (shape.Types.Contains(ValueKind.Flag))
            choices.Add(new JsonObject { ["type"] = "boolean" });
        List<JsonNode> maps = [.. Maps(shape)];
        if (!shape.Types.Contains(ValueKind.List) || shape.Types.Contains(ValueKind.Map))
            choices.AddRange(maps.Select(map => map.DeepClone()));
        if (shape.Types.Contains(ValueKind.List))
            choices.Add(new JsonObject { ["type"] = "array", ["items"] = Any([.. maps, .. Items(shape)]) });
        return Any(choices);
    }

    private static IEnumerable<JsonNode> Items(KeyShape shape) =>
        shape.Types.Contains(ValueKind.Texts) || !shape.Maps.Any(map => map.What is not null) ? [new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") }] : [];

    private static IEnumerable<JsonNode> Maps(KeyShape shape)
    {
        foreach (string construct in shape.Maps.Select(map => map.What).OfType<string>().Distinct().Order(StringComparer.Ordinal))
            yield return new JsonObject { ["$ref"] = $"#/$defs/{NameOf(construct)}" };

        MapShape[] free = [.. shape.Maps.Where(map => map.What is null)];
        if (free.Length == 0)
            yield break;

        string[] inner = [.. ConstructsIn(free).Order(StringComparer.Ordinal)];
        yield return new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = inner.Length == 0
                ? new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") }
                : Any([.. inner.Select(construct => new JsonObject { ["$ref"] = $"#/$defs/{NameOf(construct)}" })]),
        };
    }

    private static JsonNode Any(IReadOnlyList<JsonNode> choices) =>
        choices switch
        {
            [] => true,
            [var only] => only,
            _ => new JsonObject { ["anyOf"] = new JsonArray([.. choices]) },
        };

    private static JsonObject Enumeration(IEnumerable<string> words) =>
        new() { ["enum"] = new JsonArray([.. words.Select(word => JsonValue.Create(word))]) };

    // "a group of fields" → groupOfFields
    private static string NameOf(string construct)
    {
        string[] words = [.. construct.Split(' ').Where(word => word is not ("a" or "an"))];
        return words[0] + string.Concat(words[1..].Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }
}
