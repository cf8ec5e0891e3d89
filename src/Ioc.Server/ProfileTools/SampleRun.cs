using System.Text.Json;
using System.Text.Json.Nodes;
using Ioc.Devices.Registry;
using Ioc.Profiles.Preview;
using Ioc.Server.Api;
using NodaTime;

namespace Ioc.Server.ProfileTools;

/// <summary>How one sample went.</summary>
/// <param name="Verdict">passed, failed or skipped.</param>
/// <param name="Line">The decode with the sample's id, for others to compare by themselves.</param>
/// <param name="Differences">What is not as expected.</param>
internal sealed record SampleResult(string Verdict, JsonObject Line, IReadOnlyList<string> Differences);

/// <summary>Runs a sample and compares: what it expects is a minimum, what it calls absent must not come out.</summary>
internal static class SampleRun
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new InstantJson() } };

    public static SampleResult Run(DecodeBench bench, Sample sample)
    {
        // The kind stands for the registry's assignment. A kind such as ldds75@v1.1.3 is a firmware line of the profile ldds75.
        string[] names = [sample.Kind, sample.Kind.Split('@')[0]];
        string? profile = names.FirstOrDefault(name => bench.Profiles.Profiles.Any(known => known.Name == name));
        DecodeView view = bench.Decode(sample.Message, sample.Prelude, key => new Device
        {
            Key = key,
            Name = key,
            Family = Families.Other,
            Profile = profile,
            Parameters = sample.Parameters,
            TimeZone = sample.Zone,
        });

        List<string> differences = Compare(sample, view);
        string verdict = differences.Count == 0 ? "passed" : sample.IsOptional && profile is null ? "skipped" : "failed";
        JsonObject line = JsonSerializer.SerializeToNode(view, Json)!.AsObject();
        line.Insert(0, "id", sample.Id);
        line.Insert(1, "verdict", verdict);
        line.Insert(2, "differences", new JsonArray([.. differences.Select(text => (JsonNode)text)]));
        return new SampleResult(verdict, line, differences);
    }

    private static List<string> Compare(Sample sample, DecodeView view)
    {
        JsonElement expect = sample.Expect;
        var wrong = new List<string>();
        string outcome = SampleFile.Optional(expect, "outcome")!;
        if (view.Outcome != outcome)
            wrong.Add($"outcome is {view.Outcome}{(view.RejectReason is null ? "" : $" ({view.RejectReason}: {view.RejectDetail})")}, expected {outcome}");
        if (SampleFile.Optional(expect, "device") is { } device && view.Device != device)
            wrong.Add($"device is {view.Device ?? "none"}, expected {device}");
        if (wrong.Count > 0)
            return wrong;

        if (outcome == "state" && expect.TryGetProperty("state", out JsonElement state) && state.TryGetProperty("online", out JsonElement online)
            && view.State?.Online != (online.ValueKind == JsonValueKind.True))
        {
            wrong.Add($"state is online = {view.State?.Online}, expected {online}");
        }

        if (expect.TryGetProperty("attributes", out JsonElement attributes) && attributes.ValueKind == JsonValueKind.Object)
            wrong.AddRange(Attributes(attributes, view));
        foreach (JsonElement reading in List(expect, "readings"))
            CompareReading(reading, sample, view, wrong);
        foreach (JsonElement absent in List(expect, "absent"))
        {
            string metric = SampleFile.Optional(absent, "metric")!;
            string? channel = SampleFile.Optional(absent, "channel");
            string name = $"{metric}{(channel is null ? "" : $"[{channel}]")}";
            if (view.Readings.Any(got => got.Metric == metric && (got.Channel ?? "") == (channel ?? "")))
                wrong.Add($"{name} must be absent");
            else if (SampleFile.Optional(absent, "reason") is { } reason && ReasonOf(view, metric, channel) is var told && told != reason)
                wrong.Add($"{name} is absent because of {told ?? "nothing that is told"}, expected {reason}");
        }

        wrong.AddRange(Leaks(sample, view));
        return wrong;
    }

    // Without a channel the metric as such is meant, whichever channels the profile gives it.
    private static string? ReasonOf(DecodeView view, string metric, string? channel) =>
        view.Absent.Where(one => one.Metric == metric && (channel is null || one.Channel == channel)).MinBy(one => one.Channel is null ? 0 : 1)?.Reason;

    /// <summary>Members that may never be stored: their texts must not come out, as a channel, a device, a word or a fact.</summary>
    private static IEnumerable<string> Leaks(Sample sample, DecodeView view)
    {
        HashSet<string> told =
        [
            .. view.Readings.SelectMany(got => (string?[])[got.Device, got.Channel, got.Value as string]).OfType<string>(),
            .. view.Attributes?.Values.OfType<string>() ?? [],
        ];
        foreach (JsonElement member in List(sample.Expect, "must_not_store"))
        {
            if (member.ValueKind == JsonValueKind.String && TextAt(sample.Message.Payload, member.GetString()!) is { Length: > 0 } text && told.Contains(text))
                yield return $"{member} must not be stored";
        }
    }

    private static string? TextAt(byte[] payload, string path)
    {
        try
        {
            JsonNode? node = JsonNode.Parse(payload);
            foreach (string name in path.Split('.'))
                node = (node as JsonObject)?[name];
            return node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Attributes(JsonElement expected, DecodeView view)
    {
        foreach (JsonProperty attribute in expected.EnumerateObject())
        {
            object? got = view.Attributes?.GetValueOrDefault(attribute.Name) ?? view.Attributes?.GetValueOrDefault(OwnName(attribute.Name));
            if (got is null)
                yield return $"attribute {attribute.Name} is not read";
            else if (!JsonElement.DeepEquals(JsonSerializer.SerializeToElement(got), attribute.Value))
                yield return $"attribute {attribute.Name} is {Words(got)}, expected {attribute.Value}";
        }
    }

    // Names of facts are ours, as those of metrics are: "Properties/OS Version" is kept as os_version.
    private static string OwnName(string theirs) =>
        theirs[(theirs.LastIndexOf('/') + 1)..].ToLowerInvariant().Replace(' ', '_');

    private static void CompareReading(JsonElement expected, Sample sample, DecodeView view, List<string> wrong)
    {
        string metric = SampleFile.Optional(expected, "metric")!;
        string? channel = SampleFile.Optional(expected, "channel");
        string? device = expected.TryGetProperty("tags", out JsonElement tags) ? SampleFile.Optional(tags, "device") : null;
        string name = $"{device}{(device is null ? "" : " ")}{metric}{(string.IsNullOrEmpty(channel) ? "" : $"[{channel}]")}";
        List<DecodedReading> named =
        [
            .. view.Readings.Where(got => got.Metric == metric && (got.Channel ?? "") == (channel ?? "") && (device is null || got.Device == device)),
        ];
        if (named.Count == 0)
        {
            wrong.Add($"{name} is missing; there are {string.Join(", ", view.Readings.Select(got => $"{got.Metric}{(got.Channel is null ? "" : $"[{got.Channel}]")}").Distinct().Take(20))}");
            return;
        }

        // Several of one name differ in time: the nearest one is told of.
        List<string> nearest = named.Select(got => Differences(expected, sample, got)).MinBy(differences => differences.Count)!;
        wrong.AddRange(nearest.Select(difference => $"{name}: {difference}"));
    }

    private static List<string> Differences(JsonElement expected, Sample sample, DecodedReading got)
    {
        var wrong = new List<string>();
        if (!IsValue(expected, got))
            wrong.Add($"value is {Words(got.Value)} {got.Unit} ({Words(got.Canonical.Value)} {got.Canonical.Unit}), expected {expected.GetProperty("value")} {SampleFile.Optional(expected, "unit")}");

        string? text = SampleFile.Optional(expected, "time") ?? SampleFile.Optional(sample.Expect, "time");
        Instant at = text is null ? sample.Message.ReceivedAt : SampleFile.InstantOf(text, sample.Id);
        if ((got.Time - at).TotalMilliseconds is <= -1 or >= 1)
            wrong.Add($"time is {got.Time}, expected {at}");

        // A reading without a time of its own, beside others that have one, takes arrival.
        bool saysOwn = SampleFile.Optional(sample.Expect, "time") is not null || SampleFile.Optional(expected, "time") is not null;
        string? source = saysOwn ? SampleFile.Optional(sample.Expect, "time_source") : null;
        if (source is not null && got.TimeSource != source)
            wrong.Add($"time comes from {got.TimeSource ?? "nobody knows"}, expected {source}");
        if (SampleFile.Optional(expected, "quality") is { } quality && !got.Quality.Split(',').Contains(quality))
            wrong.Add($"quality is {got.Quality}, expected {quality}");
        if (SampleFile.Optional(expected, "semantics") is { } semantics && got.Semantics != semantics)
            wrong.Add($"semantics is {got.Semantics}, expected {semantics}");
        if (expected.TryGetProperty("delta", out JsonElement delta) && delta.ValueKind == JsonValueKind.Number && !IsDelta(delta.GetDouble(), SampleFile.Optional(expected, "unit"), got))
            wrong.Add($"delta is {(got.Delta is { } step ? $"{Words(step)} {got.Unit}" : "not known")}, expected {delta}");
        if (SampleFile.Optional(expected, "counter_reset") is { } reset && got.CounterReset != SampleFile.InstantOf(reset, sample.Id))
            wrong.Add($"counter reset is {got.CounterReset?.ToString() ?? "not known"}, expected {reset}");
        return wrong;
    }

    private static bool IsValue(JsonElement expected, DecodedReading got)
    {
        JsonElement value = expected.GetProperty("value");
        switch (value.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False:
                return got.Value is bool flag && flag == (value.ValueKind == JsonValueKind.True);
            case JsonValueKind.String:
                return got.Value is string word && word == value.GetString();
            case JsonValueKind.Number:
                double? tolerance = expected.TryGetProperty("tolerance", out JsonElement given) && given.ValueKind == JsonValueKind.Number ? given.GetDouble() : null;
                return IsNumber(value.GetDouble(), SampleFile.Optional(expected, "unit"), tolerance, got) || IsCanonical(expected, tolerance, got);
            default:
                return false;
        }
    }

    /// <summary>In the sample's unit: what is stored, converted to it.</summary>
    private static bool IsNumber(double value, string? unit, double? tolerance, DecodedReading got) =>
        got.Canonical.Value is double canonical
        && UnitConversion.TryConvert(canonical, got.Canonical.Unit ?? "1", unit ?? "1", out double converted)
        && IsNear(converted, value, tolerance);

    /// <summary>A unit of the vendor's own, such as 1/254, or one that is no multiple of ours: the sample then says what it is in a common one.</summary>
    private static bool IsCanonical(JsonElement expected, double? tolerance, DecodedReading got) =>
        expected.TryGetProperty("canonical", out JsonElement canonical) && canonical.TryGetProperty("value", out JsonElement value) && value.ValueKind == JsonValueKind.Number
        && IsNumber(value.GetDouble(), SampleFile.Optional(canonical, "unit"), tolerance, got);

    /// <summary>In the sample's unit, as the value is; differences have no zero point.</summary>
    private static bool IsDelta(double delta, string? unit, DecodedReading got) =>
        got.Delta is { } told
        && (UnitConversion.TryConvert(told, got.Unit ?? "1", unit ?? "1", out double converted) && UnitConversion.TryConvert(0, got.Unit ?? "1", unit ?? "1", out double zero)
            ? IsNear(converted - zero, delta, null)
            : got.Unit == unit && IsNear(told, delta, null));

    private static bool IsNear(double? got, double expected, double? tolerance) =>
        got is { } number && Math.Abs(number - expected) <= Math.Max(tolerance ?? 1e-9 * Math.Abs(expected), 1e-12);

    private static IEnumerable<JsonElement> List(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    private static string Words(object value) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value}");
}
