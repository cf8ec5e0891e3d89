namespace Ioc.Server.Replay;

/// <summary>The words behind a verb that asks the server: options with a value, flags, and words that stand alone.</summary>
internal sealed class VerbArguments
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _flags = new(StringComparer.Ordinal);

    private VerbArguments()
    {
    }

    /// <summary>What stands alone, in order.</summary>
    public List<string> Words { get; } = [];

    /// <summary>What is not understood; null when everything is.</summary>
    public string? Fault { get; private set; }

    /// <summary>An option's value; null when it is not given.</summary>
    public string? this[string option] => _values.GetValueOrDefault(option);

    public static VerbArguments Parse(string[] args, string[] options, string[] flags)
    {
        var parsed = new VerbArguments();
        for (int i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
                parsed.Words.Add(args[i]);
            else if (flags.Contains(args[i]))
                parsed._flags.Add(args[i]);
            else if (options.Contains(args[i]) && i + 1 < args.Length)
                parsed._values[args[i]] = args[++i];
            else
                parsed.Fault ??= options.Contains(args[i]) ? $"{args[i]} needs a value." : $"'{args[i]}' is not understood.";
        }

        return parsed;
    }

    public bool Has(string flag) => _flags.Contains(flag);
}
