namespace Ioc.Server.Onboarding;

/// <summary>The words behind <c>ioc device</c>.</summary>
/// <param name="File">The table; - is standard input.</param>
/// <param name="DryRun">Only say what would happen.</param>
/// <param name="Json">The report as one JSON object.</param>
/// <param name="Settings">Where data, seeds and profiles are, as for the server.</param>
/// <param name="Fault">What is not understood; null when everything is.</param>
internal sealed record DeviceArguments(string File, bool DryRun, bool Json, string[] Settings, string? Fault)
{
    private static readonly string[] Known = ["--Data:Path", "--Seeds:Path", "--Profiles:Path"];

    public static DeviceArguments Parse(string[] args)
    {
        if (args is not ["import", var file, .. var rest] || (file.StartsWith('-') && file != "-"))
            return new DeviceArguments("", false, false, [], "Say import and a file.");

        bool dryRun = false;
        bool json = false;
        var settings = new List<string>();
        string? fault = null;
        for (int i = 0; i < rest.Length; i++)
        {
            string name = rest[i].Split('=', 2)[0];
            if (rest[i] == "--dry-run")
                dryRun = true;
            else if (rest[i] == "--json")
                json = true;
            else if (Known.Contains(name) && name.Length < rest[i].Length)
                settings.Add(rest[i]);
            else if (Known.Contains(name) && i + 1 < rest.Length)
                settings.AddRange([name, rest[++i]]);
            else
                fault ??= $"'{rest[i]}' is not understood.";
        }

        return new DeviceArguments(file, dryRun, json, [.. settings], fault);
    }
}
