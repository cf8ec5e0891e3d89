using System.Text.Json;

namespace Ioc.Server.Replay;

/// <summary><c>ioc replay …</c>: has the running server decode kept messages again, compare, and commit what was seen.</summary>
internal static class ReplayVerb
{
    public const string Help = """
        Usage: ioc replay (--device ID | --group ID | --from TIME | --to TIME)…
               ioc replay --commit TOKEN
               ioc replay --status | --discard

          Decodes the messages of a device, of a group of 'ioc quarantine', or of a time range again, with the profiles as the server has them now,
          and prints what would change and a token. Nothing is changed before --commit, and then exactly what was printed.

          --from, --to   arrival, such as 2026-11-22T03:00:00Z; alone or with --device or --group
          --by NAME      who you are, for the audit (default: the user of this machine)
          --server URL   the running server (default: the first of Urls, or http://127.0.0.1:8080)
          --json         the answer as the server gives it

        Ends with 0; 1 when the server refuses or the replay fails; 2 when a word is not understood.
        """;

    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(250);

    public static async Task<int> RunAsync(string[] args)
    {
        VerbArguments parsed = VerbArguments.Parse(args, ["--server", "--device", "--group", "--from", "--to", "--by", "--commit"], ["--json", "--status", "--discard"]);
        bool isSelection = parsed["--device"] is not null || parsed["--group"] is not null || parsed["--from"] is not null || parsed["--to"] is not null;
        int orders = (isSelection ? 1 : 0) + (parsed["--commit"] is null ? 0 : 1) + (parsed.Has("--status") ? 1 : 0) + (parsed.Has("--discard") ? 1 : 0);
        if (parsed.Fault is not null || orders != 1 || parsed.Words.Count > 0)
        {
            await Console.Error.WriteLineAsync($"ioc replay: {parsed.Fault ?? "Say which messages, or --commit, --status or --discard."}\n\n{Help}");
            return 2;
        }

        try
        {
            using var server = new ServerCall(parsed["--server"]);
            string by = parsed["--by"] ?? Environment.UserName;
            JsonElement status =
                parsed["--commit"] is { } token ? await server.PostAsync("/api/replay/commit", new { token, by })
                : parsed.Has("--discard") ? await server.DeleteAsync("/api/replay")
                : parsed.Has("--status") ? await server.GetAsync("/api/replay")
                : await server.PostAsync("/api/replay", new { device = parsed["--device"], group = parsed["--group"], from = parsed["--from"], to = parsed["--to"], by });

            if (!parsed.Has("--status"))
                status = await SettledAsync(server, status);
            if (parsed.Has("--json"))
                Console.WriteLine(status);
            else
                Print(status);
            return State(status) == "failed" ? 1 : 0;
        }
        catch (ServerCallException e)
        {
            await Console.Error.WriteLineAsync($"ioc replay: {e.Message}");
            return 1;
        }
    }

    private static async Task<JsonElement> SettledAsync(ServerCall server, JsonElement status)
    {
        while (State(status) is "comparing" or "committing")
        {
            await Task.Delay(AskAgain);
            status = await server.GetAsync("/api/replay");
        }

        return status;
    }

    private static string? State(JsonElement status) => status.GetProperty("state").GetString();

    private static void Print(JsonElement status)
    {
        Console.WriteLine($"{State(status)}{(Text(status, "failure") is { } failure ? $": {failure}" : "")}");
        if (status.GetProperty("difference") is not { ValueKind: JsonValueKind.Object } found)
            return;

        Console.WriteLine($"messages  {Text(found, "messages")} decoded, {Text(found, "changedMessages")} change{(Text(found, "unknown") is "0" ? "" : $", {Text(found, "unknown")} left alone: what became of them is not known")}");
        Console.WriteLine($"readings  {Text(found, "added")} added, {Text(found, "changed")} changed, {Text(found, "removed")} removed, {Text(found, "unchanged")} unchanged, {Text(found, "duplicate")} duplicate");
        foreach (JsonElement change in found.GetProperty("outcomes").EnumerateArray())
            Console.WriteLine($"outcome   {Text(change, "from")} → {Text(change, "to")}: {Text(change, "count")}, such as offset {Text(change, "exampleOffset")}");
        foreach (JsonElement series in found.GetProperty("series").EnumerateArray())
            Console.WriteLine($"series    {Text(series, "device")} {Text(series, "metric")}: +{Text(series, "added")} ~{Text(series, "changed")} -{Text(series, "removed")}");
        foreach (JsonElement one in found.GetProperty("examples").EnumerateArray())
            Console.WriteLine($"{Text(one, "kind"),-9} {Text(one, "device")} {Text(one, "metric")}{(Text(one, "channel") is { } channel ? $"/{channel}" : "")} {Text(one, "at")}: {Text(one, "old") ?? "-"} → {Text(one, "new") ?? "-"} {Text(one, "unit")} (offset {Text(one, "offset")})");
        if (Text(found, "newDeviceCount") is not "0")
            Console.WriteLine($"devices   {Text(found, "newDeviceCount")} appear: {string.Join(", ", found.GetProperty("newDevices").EnumerateArray().Select(key => key.GetString()))}");
        if (State(status) == "ready")
            Console.WriteLine($"token     {Text(status, "token")}  (ioc replay --commit {Text(status, "token")})");
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : null;
}
