namespace Ioc.Tests.Profiles.Manual;

/// <summary>Files of a profile folder as the manual shows them, with the messages that stand beside them.</summary>
/// <param name="Source">The block that shows them.</param>
/// <param name="Messages">Messages and what comes of them, in order.</param>
/// <param name="Samples">Samples in the form of a file, to be run against the example.</param>
/// <param name="Mistakes">What the checker says; null when the example is sound.</param>
internal sealed record ManualExample(
    MarkdownFence Source, IReadOnlyList<(MarkdownFence Message, MarkdownFence Result)> Messages, IReadOnlyList<MarkdownFence> Samples, MarkdownFence? Mistakes)
{
    private const string MetricBlock = "metric";
    private const string CodecIs = "body: {codec: ";

    private static readonly string[] Blocks = ["yaml", "message", "result", "json", "mistakes"];

    /// <summary>Kinds of blocks that are no examples of the language.</summary>
    private static readonly string[] Others = ["console", "text"];

    /// <summary>The block shows lines of <c>metrics.yaml</c>.</summary>
    public bool IsMetric => Source.Words.Contains(MetricBlock);

    /// <summary>The examples of a document.</summary>
    /// <exception cref="InvalidDataException">A block stands where it says nothing.</exception>
    public static IReadOnlyList<ManualExample> Of(string document)
    {
        var examples = new List<ManualExample>();
        MarkdownFence[] fences = [.. MarkdownFence.Of(document).Where(fence => !Others.Contains(fence.Kind))];
        for (int i = 0; i < fences.Length;)
        {
            MarkdownFence source = fences[i++];
            if (source.Kind != "yaml")
                throw new InvalidDataException($"{source.Where}: '{source.Kind}' is not one of {string.Join(", ", Blocks.Concat(Others))}, or follows no yaml");

            var messages = new List<(MarkdownFence, MarkdownFence)>();
            var samples = new List<MarkdownFence>();
            MarkdownFence? mistakes = null;
            for (; i < fences.Length && fences[i].Kind is "message" or "json" or "mistakes"; i++)
            {
                if (fences[i].Kind == "json")
                    samples.Add(fences[i]);
                else if (fences[i].Kind == "mistakes")
                    mistakes = fences[i];
                else if (i + 1 < fences.Length && fences[i + 1].Kind == "result")
                    messages.Add((fences[i], fences[++i]));
                else
                    throw new InvalidDataException($"{fences[i].Where}: a message without a result");
            }

            examples.Add(new ManualExample(source, messages, samples, mistakes));
        }

        return examples;
    }

    /// <summary>Writes the example's files into a folder, with whatever a fragment leaves out.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="envelopes">Envelopes of the manual, for profiles that have none beside them.</param>
    public void WriteTo(string folder, IReadOnlyList<string> envelopes)
    {
        string[] files = Source.Text.Split("\n---\n");
        bool isWrapped = files.Any(file => Has(file, "envelope") && !Has(file, "carries"));
        string[] others = isWrapped && !files.Any(file => Has(file, "carries")) ? [.. envelopes] : [];
        string[] bodies = files.All(file => Has(file, "carries")) ? [Whole("envelope: lorawan\nbody: {codec: json}")] : [];
        int number = 0;
        foreach (string file in files.Concat(others).Concat(bodies))
        {
            string text = Has(file, "schema") ? file : Whole(file);
            File.WriteAllText(Path.Combine(folder, $"{number++}.{(Has(text, "carries") ? "envelope" : "profile")}.yaml"), text);
        }
    }

    /// <summary>Whole envelopes that a document shows.</summary>
    public static IReadOnlyList<string> EnvelopesOf(IEnumerable<ManualExample> examples) =>
        [.. examples.Where(example => !example.IsMetric).SelectMany(example => example.Source.Text.Split("\n---\n")).Where(file => Has(file, "carries"))];

    /// <summary>What is known of a message beside its payload: the words of a first line that begins with &gt;.</summary>
    public static (string[] Words, string Payload) Known(string text)
    {
        if (!text.StartsWith("> ", StringComparison.Ordinal))
            return ([], text);

        string[] lines = text.Split('\n', 2);
        return (lines[0][2..].Split(' ', StringSplitOptions.RemoveEmptyEntries), lines.Length > 1 ? lines[1] : "");
    }

    private static string Whole(string fragment)
    {
        bool isList = fragment.Split('\n').First(line => line.Length > 0 && line[0] != '#').StartsWith("- ", StringComparison.Ordinal);
        string? codec = fragment.Split('\n').Select(line => line.TrimStart('#', ' ')).FirstOrDefault(line => line.StartsWith(CodecIs, StringComparison.Ordinal))?[CodecIs.Length..].TrimEnd('}');
        var lines = new List<string> { "schema: 1" };
        if (isList)
            fragment = "fields:\n" + string.Join('\n', fragment.Split('\n').Select(line => "  " + line));
        Add("name", "manual");
        Add("family", "other");
        if (codec is not null)
            Add("body", $"{{codec: {codec}}}");
        if (!Has(fragment, "envelope"))
            Add("match", "{topics: [\"lab/{device}\"]}");
        if (!Has(fragment, "attributes"))
            Add("fields", codec == "binary" ? "[{metric: raw_byte, at: 0, type: u8}]" : codec == "text" ? "[{metric: value}]" : "[{metric: value, path: value}]");
        lines.Add(fragment);
        return string.Join('\n', lines);

        void Add(string key, string value)
        {
            if (!Has(fragment, key))
                lines.Add($"{key}: {value}");
        }
    }

    private static bool Has(string file, string key) => file.Split('\n').Any(line => line.StartsWith(key + ":", StringComparison.Ordinal));
}
