using System.Runtime.CompilerServices;

namespace Ioc.Tests.Profiles.Manual;

/// <summary>A fenced block of a document.</summary>
/// <param name="Where">Document and line of its first line.</param>
/// <param name="Kind">The first word behind the fence.</param>
/// <param name="Words">The other words.</param>
/// <param name="Text">What stands in it, without the last line break.</param>
internal sealed record MarkdownFence(string Where, string Kind, IReadOnlyList<string> Words, string Text)
{
    private const string Mark = "```";

    /// <summary>The fences of a document, from top to bottom.</summary>
    public static IReadOnlyList<MarkdownFence> Of(string document)
    {
        var fences = new List<MarkdownFence>();
        string[] lines = File.ReadAllLines(Path.Combine(Documents(), document));
        for (int i = 0; i < lines.Length; i++)
        {
            string opening = lines[i].TrimStart();
            if (!opening.StartsWith(Mark, StringComparison.Ordinal))
                continue;

            int indent = lines[i].Length - opening.Length;
            int end = Array.FindIndex(lines, i + 1, line => line.Trim() == Mark);
            string[] words = opening[Mark.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string text = string.Join('\n', lines[(i + 1)..end].Select(line => line.Length >= indent ? line[indent..] : line));
            fences.Add(new MarkdownFence($"{document}:{i + 1}", words.FirstOrDefault() ?? "", words[Math.Min(1, words.Length)..], text));
            i = end;
        }

        return fences;
    }

    /// <summary>The text of a document.</summary>
    public static string Read(string document) => File.ReadAllText(Path.Combine(Documents(), document));

    /// <summary>A document without its fences, on one line.</summary>
    public static string ProseOf(string document)
    {
        string[] parts = Read(document).Split($"{Mark}");
        return string.Join(' ', parts.Where((_, i) => i % 2 == 0)).ReplaceLineEndings(" ");
    }

    private static string Documents([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../../docs"));
}
