using System.Text.Json;
using Ioc.Devices.Registry;
using NodaTime;
using NodaTime.Text;

namespace Ioc.Server.ProfileTools;

/// <summary>A file of samples cannot be read.</summary>
internal sealed class SampleFileException(string message) : Exception(message);

/// <summary>One sample: messages, what the registry says, and what has to come out.</summary>
/// <param name="Expect">As written.</param>
internal sealed record Sample(
    string Id, string Kind, bool IsOptional, CapturedMessage Message, IReadOnlyList<CapturedMessage> Prelude, Dictionary<string, string> Parameters, DateTimeZone Zone, JsonElement Expect);

/// <summary>Reads <c>*.samples.json</c>: a list of samples, or an object whose <c>samples</c> is that list.</summary>
internal static class SampleFile
{
    // A file of a few hundred captured messages; anything larger is something else.
    private const long MaxFileBytes = 64 * 1024 * 1024;

    /// <exception cref="SampleFileException">It is not such a file; says which sample and why.</exception>
    public static IReadOnlyList<Sample> Read(string path)
    {
        if (new FileInfo(path) is { Exists: true, Length: > MaxFileBytes })
            throw new SampleFileException($"{path} is longer than {MaxFileBytes} bytes.");

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement root = document.RootElement;
            JsonElement list = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("samples", out JsonElement inner) ? inner : root;
            if (list.ValueKind != JsonValueKind.Array)
                throw new SampleFileException($"{path} holds no list of samples.");

            return [.. list.EnumerateArray().Select((sample, i) => ReadOne(sample, $"{path}, sample {i + 1}"))];
        }
        catch (JsonException broken)
        {
            throw new SampleFileException($"{path}:{broken.LineNumber + 1}: not JSON.");
        }
    }

    // Arrival rises strictly from message to message in the journal; what came before and does not say when came a millisecond before.
    private static Sample ReadOne(JsonElement sample, string where)
    {
        Instant receivedAt = InstantOf(Text(sample, "received_at", where), where);
        return new Sample(
            Text(sample, "id", where),
            Text(sample, "kind", where),
            Optional(sample, "tier") == "optional",
            Message(Member(sample, "message", where), receivedAt, where),
            sample.TryGetProperty("prelude", out JsonElement prelude) && prelude.ValueKind == JsonValueKind.Array
                ? [.. prelude.EnumerateArray().Select((before, i) => Message(before, receivedAt - Duration.FromMilliseconds(prelude.GetArrayLength() - i), where))]
                : [],
            sample.TryGetProperty("profile_parameters", out JsonElement parameters) && parameters.ValueKind == JsonValueKind.Object
                ? parameters.EnumerateObject().ToDictionary(parameter => parameter.Name, parameter => parameter.Value.ToString(), StringComparer.Ordinal)
                : [],
            Optional(sample, "site_timezone") is { } zone
                ? DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) ?? throw new SampleFileException($"{where}: '{zone}' is not a time zone.")
                : VietnamTime.Zone,
            Expectation(Member(sample, "expect", where), where).Clone());
    }

    private static CapturedMessage Message(JsonElement message, Instant receivedAt, string where)
    {
        JsonElement payload = Member(message, "payload", where);
        string encoding = Text(payload, "encoding", where);
        if (!CapturedMessage.TryPayload(Text(payload, "data", where), encoding, out byte[] bytes))
            throw new SampleFileException($"{where}: the payload is not {encoding}.");

        Instant own = Optional(message, "received_at") is { } text ? InstantOf(text, where) : receivedAt;
        return new CapturedMessage(Text(message, "topic", where), bytes, own, message.TryGetProperty("retain", out JsonElement retain) && retain.ValueKind == JsonValueKind.True);
    }

    private static JsonElement Expectation(JsonElement expect, string where)
    {
        Text(expect, "outcome", where);
        foreach (string list in (string[])["readings", "absent"])
        {
            if (!expect.TryGetProperty(list, out JsonElement entries) || entries.ValueKind == JsonValueKind.Null)
                continue;
            if (entries.ValueKind != JsonValueKind.Array)
                throw new SampleFileException($"{where}: '{list}' is not a list.");
            foreach (JsonElement entry in entries.EnumerateArray())
            {
                Text(entry, "metric", where);
                if (list == "readings")
                    Member(entry, "value", where);
            }
        }

        return expect;
    }

    internal static string? Optional(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    internal static Instant InstantOf(string text, string where)
    {
        ParseResult<OffsetDateTime> parsed = OffsetDateTimePattern.ExtendedIso.Parse(text);
        return parsed.Success ? parsed.Value.ToInstant() : throw new SampleFileException($"{where}: '{text}' is not a time with an offset.");
    }

    private static string Text(JsonElement owner, string name, string where) =>
        Optional(owner, name) ?? throw new SampleFileException($"{where}: '{name}' is missing or not a text.");

    private static JsonElement Member(JsonElement owner, string name, string where) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement value) ? value : throw new SampleFileException($"{where}: '{name}' is missing.");
}
