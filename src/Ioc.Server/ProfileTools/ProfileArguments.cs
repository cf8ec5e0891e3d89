using NodaTime;
using NodaTime.Text;

namespace Ioc.Server.ProfileTools;

/// <summary>The words behind <c>ioc profile</c>.</summary>
internal sealed record ProfileArguments
{
    private static readonly string[] Actions = ["check", "decode", "new", "schema"];

    /// <summary>check, decode, new or schema.</summary>
    public string Action { get; init; } = "";

    /// <summary>The profile folder; null: the one that the settings name, or the shipped one.</summary>
    public string? Folder { get; private set; }
    public string? Topic { get; private set; }

    /// <summary>File of the payload; "-" is standard input.</summary>
    public string PayloadFile { get; private set; } = "-";
    public bool IsHex { get; private set; }
    public Instant? ReceivedAt { get; private set; }
    public bool IsRetained { get; private set; }
    public Dictionary<string, string> Parameters { get; } = new(StringComparer.Ordinal);
    public DateTimeZone? Zone { get; private set; }

    /// <summary>The profile that the registry assigns to the device; null when none.</summary>
    public string? Profile { get; private set; }
    public string? Samples { get; private set; }
    public bool IsJson { get; private set; }

    /// <summary>Of envelopes rather than of profiles.</summary>
    public bool IsEnvelope { get; private set; }

    /// <summary>Each field's way is told.</summary>
    public bool WithSteps { get; private set; }

    /// <summary>What is not understood; null when everything is.</summary>
    public string? Fault { get; private set; }

    public static ProfileArguments Parse(string[] args)
    {
        if (args.Length == 0 || !Actions.Contains(args[0]))
            return new ProfileArguments { Fault = "Say check, decode, new or schema." };

        var parsed = new ProfileArguments { Action = args[0] };
        for (int at = 1; parsed.Fault is null && at < args.Length; at++)
        {
            if (parsed.TryFlag(args[at]))
                continue;
            if (at + 1 < args.Length && parsed.TrySet(args[at], args[at + 1]))
                at++;
            else if (parsed is { Action: "check", Folder: null } && !args[at].StartsWith("--", StringComparison.Ordinal))
                parsed.Folder = args[at];
            else
                parsed.Fault ??= $"'{args[at]}' is not understood.";
        }

        bool needsTopic = parsed.Action == "new" || (parsed.Action == "decode" && parsed.Samples is null);
        if (parsed.Fault is null && needsTopic && string.IsNullOrEmpty(parsed.Topic))
            parsed.Fault = $"{parsed.Action} needs --topic.";
        if (parsed.Topic is { Length: > CapturedMessage.MaxTopicBytes })
            parsed.Fault = "The topic is longer than MQTT allows.";
        return parsed;
    }

    private bool TryFlag(string flag)
    {
        switch (flag)
        {
            case "--hex" when Action is "decode" or "new": IsHex = true; return true;
            case "--retain" when Action == "decode": IsRetained = true; return true;
            case "--steps" when Action == "decode": WithSteps = true; return true;
            case "--json" when Action == "decode": IsJson = true; return true;
            case "--envelope" when Action == "schema": IsEnvelope = true; return true;
            default: return false;
        }
    }

    private bool TrySet(string option, string value)
    {
        switch (option)
        {
            case "--profiles": Folder = value; return true;
            case "--topic" when Action is "decode" or "new": Topic = value; return true;
            case "--payload" when Action is "decode" or "new": PayloadFile = value; return true;
            case "--samples" when Action == "decode": Samples = value; return true;
            case "--profile" when Action == "decode": Profile = value; return true;
            case "--param" when Action == "decode": return TryParameter(value);
            case "--received-at" when Action == "decode": return TryReceivedAt(value);
            case "--zone" when Action == "decode": return TryZone(value);
            default: return false;
        }
    }

    private bool TryParameter(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0)
            Parameters[text[..equals]] = text[(equals + 1)..];
        else
            Fault = $"--param takes name=value, not '{text}'.";
        return true;
    }

    private bool TryReceivedAt(string text)
    {
        ParseResult<OffsetDateTime> parsed = OffsetDateTimePattern.ExtendedIso.Parse(text);
        if (parsed.Success)
            ReceivedAt = parsed.Value.ToInstant();
        else
            Fault = $"'{text}' is not an ISO 8601 time with an offset or Z, such as 2026-11-22T03:00:00Z.";
        return true;
    }

    private bool TryZone(string text)
    {
        Zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(text);
        if (Zone is null)
            Fault = $"'{text}' is not a time zone of the IANA list, such as Asia/Ho_Chi_Minh.";
        return true;
    }
}
