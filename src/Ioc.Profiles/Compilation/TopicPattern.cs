namespace Ioc.Profiles.Compilation;

/// <summary>A topic pattern: levels, each literal, {captured} or +; the last may be # or {rest#}. A leading slash does not count.</summary>
internal sealed class TopicPattern
{
    /// <summary>Most captures of one pattern.</summary>
    public const int MaxCaptures = 8;

    private readonly List<LevelPattern> _levels = [];

    private TopicPattern()
    {
    }

    /// <summary>Names of the captures, left to right; unnamed ones are empty.</summary>
    public List<string> Captures { get; } = [];

    /// <summary>The last capture takes all remaining levels.</summary>
    public bool HasRest { get; private set; }

    /// <summary>The pattern with the names left out.</summary>
    public string Shape => string.Join('/', _levels.Select(level => level.Shape)) + (HasRest ? "/#" : "");

    /// <summary>Sorts before every pattern that is less particular, level by level from the left.</summary>
    public string Order => string.Concat(_levels.Select(level => (char)('0' + level.Rank))) + (HasRest ? "9" : "");

    public LevelPattern? First => _levels.Count > 0 ? _levels[0] : null;

    public static bool TryParse(string text, out TopicPattern pattern, out string problem)
    {
        pattern = new TopicPattern();
        problem = text.Length == 0 ? "it is empty" : "";
        string[] levels = text.TrimStart('/').Split('/');
        for (int i = 0; i < levels.Length && problem.Length == 0; i++)
        {
            string level = levels[i];
            bool isLast = i == levels.Length - 1;
            if (level == "#" || level.EndsWith("#}", StringComparison.Ordinal))
            {
                if (!isLast)
                    problem = "# stands only at the end";
                pattern.HasRest = true;
                pattern.Captures.Add(level == "#" ? "" : level[1..^2]);
                continue;
            }

            if (level == "+")
                level = "{_}";
            if (!LevelPattern.TryParse(level, out LevelPattern parsed, out problem))
                return false;

            pattern._levels.Add(parsed);
            pattern.Captures.AddRange(parsed.Captures.Select(name => name == "_" ? "" : name));
        }

        if (pattern.Captures.Count > MaxCaptures)
            problem = $"it has more than {MaxCaptures} captures";
        if (pattern.Captures.Where(name => name.Length > 0).GroupBy(name => name).Any(group => group.Count() > 1))
            problem = "a capture's name stands twice";
        return problem.Length == 0;
    }

    /// <summary>Matches a topic without its leading slash; captures point into it.</summary>
    public bool TryMatch(ReadOnlySpan<byte> topic, Span<TextRange> captures)
    {
        int at = 0;
        int next = 0;
        foreach (LevelPattern level in _levels)
        {
            if (at > topic.Length)
                return false;

            int length = topic[at..].IndexOf((byte)'/');
            if (length < 0)
                length = topic.Length - at;
            if (!level.TryMatch(topic, at, length, captures, ref next))
                return false;

            at += length + 1;
        }

        if (!HasRest)
            return at == topic.Length + 1;
        if (at >= topic.Length)
            return false;

        captures[next] = new TextRange(at, topic.Length - at);
        return true;
    }
}
