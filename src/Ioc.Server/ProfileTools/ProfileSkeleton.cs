using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ioc.Devices.Metrics;

namespace Ioc.Server.ProfileTools;

/// <summary>Writes a profile to start from out of one captured JSON message. What only a person knows is left out, so that <c>check</c> asks for it.</summary>
internal static partial class ProfileSkeleton
{
    private const int MaxFields = 200;
    private const int MaxDepth = 8;

    private static readonly string[] TimeNames = ["time", "timestamp", "ts", "date", "datetime", "measured_at", "measuredat", "sampled_at", "utc", "epoch"];

    /// <summary>Writes the profile.</summary>
    /// <param name="text">The profile; or why there is none.</param>
    public static bool TryWrite(string topic, byte[] payload, MetricCatalogue metrics, out string text)
    {
        text = "The payload is not a JSON object. Start from a profile like it: shelly-3em (one value as text), parametric-pcr2 (binary).";
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(payload.AsMemory(payload.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0), new JsonDocumentOptions { MaxDepth = 64 });
        }
        catch (JsonException)
        {
            return false;
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return false;

            var found = new Members();
            Walk(document.RootElement, "", 0, found);
            text = Write(topic, found, metrics);
            return true;
        }
    }

    private static void Walk(JsonElement element, string path, int depth, Members found)
    {
        if (depth > MaxDepth || found.Values.Count + found.Texts.Count + found.Nulls.Count >= MaxFields)
            return;

        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    // A quote inside a name has no way into a path.
                    if (member.Name.Length > 0 && !member.Name.Contains('"', StringComparison.Ordinal))
                        Walk(member.Value, $"{path}{(path.Length == 0 ? "" : ".")}{Quoted(member.Name)}", depth + 1, found);
                }

                break;
            case JsonValueKind.Array:
                int index = 0;
                foreach (JsonElement item in element.EnumerateArray().Take(8))
                    Walk(item, $"{path}[{index++}]", depth + 1, found);
                break;
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                if (!found.TryTime(path, element))
                    found.Values.Add(path);
                break;
            case JsonValueKind.String:
                if (!found.TryTime(path, element))
                    found.Texts.Add(path);
                break;
            case JsonValueKind.Null:
                found.Nulls.Add(path);
                break;
        }
    }

    private static string Write(string topic, Members found, MetricCatalogue metrics)
    {
        string head = $"""
            # yaml-language-server: $schema=../profile.schema.json
            schema: 1
            name: {NameOf(topic)}
            family: other
            vendor: Unknown
            model: Unknown
            firmware: Unknown

            match:
              topics: [{Yaml(Pattern(topic))}]

            """;
        var yaml = new StringBuilder(head);
        if (found.Time is { } time)
            yaml.Append("time: {path: ").Append(Yaml(time.Path)).Append(time.Form is null ? "" : $", form: {time.Form}").Append("}\n");
        yaml.Append("fields:\n");
        foreach (string path in found.Values)
            yaml.Append("  - {metric: ").Append(MetricOf(path, metrics)).Append(", path: ").Append(Yaml(path)).Append("}\n");
        if (found.Values.Count == 0)
            yaml.Append("  []\n");
        if (found.Texts.Count > 0)
            yaml.Append("# Texts, not read: ").AppendJoin(", ", found.Texts.Select(Yaml)).Append('\n');
        if (found.Nulls.Count > 0)
            yaml.Append("# Null in this message: ").AppendJoin(", ", found.Nulls.Select(Yaml)).Append('\n');
        return yaml.ToString();
    }

    // The level that looks most like a device: with a digit in it, else the last but one, else the only one.
    private static string Pattern(string topic)
    {
        string[] levels = topic.TrimStart('/').Split('/');
        int device = Array.FindIndex(levels, level => level.Any(char.IsAsciiDigit));
        device = device >= 0 ? device : Math.Max(0, levels.Length - 2);
        return string.Join('/', levels.Select((level, i) => i == device ? "{device}" : level));
    }

    private static string NameOf(string topic)
    {
        string name = NotPlain().Replace(string.Join('-', Pattern(topic).Split('/').Where(level => level != "{device}")).ToLowerInvariant(), "-").Trim('-');
        return name.Length == 0 ? "new-device" : name;
    }

    private static string MetricOf(string path, MetricCatalogue metrics)
    {
        string last = BracketsAtEnd().Replace(path, "");
        last = last[(last.LastIndexOf('.') + 1)..].Trim('"');
        string snake = NotPlain().Replace(JsonNamingPolicy.SnakeCaseLower.ConvertName(last), "_").Trim('_');
        if (metrics.TryFind(snake, out _))
            return snake;

        // Only a word that one single metric ends in or begins with is a guess worth making.
        List<string> like = snake.Length < 3 ? [] :
            [.. metrics.All.Select(metric => metric.Name).Where(name => name.EndsWith("_" + snake, StringComparison.Ordinal) || name.StartsWith(snake + "_", StringComparison.Ordinal))];
        return like.Count == 1 ? like[0] : snake.Length == 0 ? "value" : snake;
    }

    private static string Quoted(string name) => PlainName().IsMatch(name) ? name : $"\"{name}\"";

    // JSON is YAML: control characters and quotes of a hostile name stay inside the text.
    private static string Yaml(string text) => PlainPath().IsMatch(text) ? text : JsonSerializer.Serialize(text);

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotPlain();

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{N}_-]*$")]
    private static partial Regex PlainName();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_.-]*$")]
    private static partial Regex PlainPath();

    [GeneratedRegex(@"(\[\d+\])+$")]
    private static partial Regex BracketsAtEnd();

    private sealed class Members
    {
        public List<string> Values { get; } = [];
        public List<string> Texts { get; } = [];
        public List<string> Nulls { get; } = [];
        public (string Path, string? Form)? Time { get; private set; }

        /// <summary>Takes the first member that is named like a time and written like one.</summary>
        public bool TryTime(string path, JsonElement element)
        {
            string name = path[(path.LastIndexOf('.') + 1)..].Trim('"').ToLowerInvariant();
            if (Time is not null || !TimeNames.Contains(name))
                return false;
            if (!TryForm(element, out string? form))
                return false;

            Time = (path, form);
            return true;
        }

        // Seconds and milliseconds of this century do not overlap.
        private static bool TryForm(JsonElement element, [MaybeNull] out string form)
        {
            form = null;
            if (element.ValueKind == JsonValueKind.String)
                return element.TryGetDateTime(out _);
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetDouble(out double number))
                return false;

            form = number is > 9.4e8 and < 4.2e9 ? "epoch-s" : number is > 9.4e11 and < 4.2e12 ? "epoch-ms" : null;
            return form is not null;
        }
    }
}
