using System.Globalization;
using System.Text.Json;

namespace Ioc.Server.Replay;

/// <summary><c>ioc quarantine …</c>: asks the running server what was set aside.</summary>
internal static class QuarantineVerb
{
    public const string Help = """
        Usage: ioc quarantine [groups]
               ioc quarantine list [--group ID] [--limit N]
               ioc quarantine show OFFSET

          groups  messages set aside, by reason, profile, firmware and detail, each with an example (the default)
          list    single messages, newest first
          show    one message; being refused one with personal data is written down

          --server URL   the running server (default: the first of Urls, or http://127.0.0.1:8080)
          --json         the answer as the server gives it
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        VerbArguments parsed = VerbArguments.Parse(args, ["--server", "--group", "--limit"], ["--json"]);
        if (parsed.Fault is { } fault)
            return await RefuseAsync($"{fault}\n\n{Help}");

        try
        {
            using var server = new ServerCall(parsed["--server"]);
            switch (parsed.Words)
            {
                case [] or ["groups"]:
                    await GroupsAsync(server, parsed.Has("--json"));
                    return 0;
                case ["list"]:
                    string query = $"limit={Uri.EscapeDataString(parsed["--limit"] ?? "100")}{(parsed["--group"] is { } group ? $"&group={Uri.EscapeDataString(group)}" : "")}";
                    await ListAsync(server, query, parsed.Has("--json"));
                    return 0;
                case ["show", var offset] when long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out long number):
                    await ShowAsync(server, number, parsed.Has("--json"));
                    return 0;
                default:
                    return await RefuseAsync($"Say groups, list or show OFFSET.\n\n{Help}");
            }
        }
        catch (ServerCallException e)
        {
            return await RefuseAsync(e.Message);
        }
    }

    private static async Task GroupsAsync(ServerCall server, bool isJson)
    {
        JsonElement answer = await server.GetAsync("/api/quarantine/groups?limit=1000");
        if (isJson)
        {
            Console.WriteLine(answer);
            return;
        }

        foreach (JsonElement group in answer.GetProperty("items").EnumerateArray())
        {
            Console.WriteLine($"{Text(group, "id")}  {Text(group, "count"),7}  {Text(group, "reason")}  {Text(group, "profile") ?? "-"}  {Text(group, "firmware") ?? "-"}  devices {Text(group, "devices")}");
            Console.WriteLine($"              {Text(group, "detail")}");
            Console.WriteLine($"              {Text(group, "firstSeen")} … {Text(group, "lastSeen")}");
            if (group.GetProperty("example") is { ValueKind: JsonValueKind.Object } example)
                PrintMessage(example, "              ");
        }
    }

    private static async Task ListAsync(ServerCall server, string query, bool isJson)
    {
        JsonElement answer = await server.GetAsync($"/api/quarantine?{query}");
        if (isJson)
        {
            Console.WriteLine(answer);
            return;
        }

        foreach (JsonElement message in answer.GetProperty("items").EnumerateArray())
            Console.WriteLine($"{Text(message, "offset"),10}  {Text(message, "receivedAt")}  {Text(message, "reason")}  {Text(message, "device") ?? "-"}  {Text(message, "topic") ?? "-"}  {Text(message, "detail")}");
    }

    private static async Task ShowAsync(ServerCall server, long offset, bool isJson)
    {
        JsonElement message = await server.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/api/messages/{offset}"));
        if (isJson)
            Console.WriteLine(message);
        else
            PrintMessage(message, "");
    }

    private static void PrintMessage(JsonElement message, string indent)
    {
        Console.WriteLine($"{indent}offset {Text(message, "offset")}  {Text(message, "receivedAt")}  {Text(message, "topic")}  {Text(message, "bytes")} bytes");
        if (message.GetProperty("withheld").GetBoolean())
        {
            Console.WriteLine($"{indent}refused for personal data: its payload is not shown");
            return;
        }

        Console.WriteLine($"{indent}hex   {Text(message, "hex")}");
        if (Text(message, "text") is { } text)
            Console.WriteLine($"{indent}text  {text}");
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : null;

    private static async Task<int> RefuseAsync(string words)
    {
        await Console.Error.WriteLineAsync($"ioc quarantine: {words}");
        return 2;
    }
}
