using System.Text;
using System.Text.Json;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Profiles.Fields;
using NodaTime;
using NodaTime.Text;

namespace Ioc.Tests.Profiles;

/// <summary>Runs samples in the format of the payload collection: message in, expected readings out.</summary>
internal static class SampleFile
{
    public static IEnumerable<JsonElement> Read(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
        JsonElement root = document.RootElement;
        JsonElement list = root.ValueKind == JsonValueKind.Array ? root : root.GetProperty("samples");
        return [.. list.EnumerateArray().Select(sample => sample.Clone())];
    }

    /// <summary>What differs; empty when the sample passes.</summary>
    public static List<string> Run(JsonElement sample, string profile)
    {
        JsonElement expect = sample.GetProperty("expect");
        Instant received = InstantOf(sample.GetProperty("received_at").GetString()!);
        DateTimeZone zone = sample.TryGetProperty("site_timezone", out JsonElement id) && id.ValueKind == JsonValueKind.String
            ? DateTimeZoneProviders.Tzdb[id.GetString()!]
            : DateTimeZoneProviders.Tzdb["Asia/Ho_Chi_Minh"];
        string? key = expect.TryGetProperty("device", out JsonElement device) ? device.GetString() : null;
        DecoderUnderTest decoder = key is null
            ? DecoderUnderTest.Shared()
            : DecoderUnderTest.Shared(new Device { Key = key, Name = key, Family = "other", Profile = profile, TimeZone = zone, Parameters = Parameters(sample) });

        if (sample.TryGetProperty("prelude", out JsonElement prelude) && prelude.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement before in prelude.EnumerateArray())
                decoder.Decode(before.GetProperty("topic").GetString()!, Payload(before), received);
        }

        JsonElement message = sample.GetProperty("message");
        BatchMessage row = decoder.Decode(message.GetProperty("topic").GetString()!, Payload(message), received);
        var wrong = new List<string>();
        string outcome = expect.GetProperty("outcome").GetString()!;
        if (outcome != Outcome(row))
            wrong.Add($"outcome is {Outcome(row)} ({row.Reason} {row.Detail}), expected {outcome}");
        if (key is not null && row.Device != DeviceId.None && decoder.Registry[row.Device].Key != key)
            wrong.Add($"device is {decoder.Registry[row.Device].Key}, expected {key}");
        if (outcome == "state")
            CheckState(expect, row, wrong);
        if (outcome == "readings")
            CheckReadings(expect, received, decoder, wrong);
        return wrong;
    }

    private static void CheckState(JsonElement expect, BatchMessage row, List<string> wrong)
    {
        bool online = expect.GetProperty("state").GetProperty("online").GetBoolean();
        if (row.Availability != (online ? Availability.Online : Availability.Offline))
            wrong.Add($"availability is {row.Availability}, expected online = {online}");
    }

    private static void CheckReadings(JsonElement expect, Instant received, DecoderUnderTest decoder, List<string> wrong)
    {
        string? common = expect.TryGetProperty("time", out JsonElement time) ? time.GetString() : null;
        foreach (JsonElement reading in expect.GetProperty("readings").EnumerateArray())
        {
            Instant at = reading.TryGetProperty("time", out JsonElement own) ? InstantOf(own.GetString()!)
                : common is null ? received : InstantOf(common);
            if (!decoder.All().Any(got => Matches(reading, at, got, decoder)))
                wrong.Add($"no reading like {reading.GetRawText()} at {at}; there are {string.Join("; ", decoder.All().Select(got => Describe(got, decoder)))}");
        }

        if (!expect.TryGetProperty("absent", out JsonElement absent))
            return;

        foreach (JsonElement none in absent.EnumerateArray())
        {
            string metric = none.GetProperty("metric").GetString()!;
            string channel = none.TryGetProperty("channel", out JsonElement named) ? named.GetString() ?? "" : "";
            if (decoder.All().Any(got => decoder.Metrics[got.Metric].Name == metric && decoder.Channels.NameOf(got.Channel) == channel))
                wrong.Add($"{metric} {channel} must be absent");
        }
    }

    private static bool Matches(JsonElement expected, Instant at, Reading got, DecoderUnderTest decoder)
    {
        var metric = decoder.Metrics[got.Metric];
        string channel = expected.TryGetProperty("channel", out JsonElement named) ? named.GetString() ?? "" : "";
        if (metric.Name != expected.GetProperty("metric").GetString() || decoder.Channels.NameOf(got.Channel) != channel)
            return false;
        if ((got.MeasuredAt - at).TotalMilliseconds is <= -1 or >= 1)
            return false;
        if (expected.TryGetProperty("tags", out JsonElement tags) && tags.TryGetProperty("device", out JsonElement device)
            && decoder.Registry[got.Device].Key != device.GetString())
        {
            return false;
        }

        bool isDoubted = expected.TryGetProperty("quality", out JsonElement quality);
        if (isDoubted && got.Quality != QualityOf(quality.GetString()!))
            return false;

        JsonElement value = expected.GetProperty("value");
        switch (value.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False:
                return got.Value == (value.GetBoolean() ? 1 : 0);
            case JsonValueKind.String:
                return metric.Words.ElementAtOrDefault((int)got.Value) == value.GetString();
        }

        string unit = expected.TryGetProperty("unit", out JsonElement written) ? written.GetString() ?? "1" : "1";
        if (!Units.TryConvert(unit, metric.Unit, out LinearMap map))
        {
            // A unit of the vendor's own, such as 1/254: the sample then says what it is in a common one.
            if (!expected.TryGetProperty("canonical", out JsonElement canonical) || !Units.TryConvert(canonical.GetProperty("unit").GetString()!, metric.Unit, out map))
                return false;
            value = canonical.GetProperty("value");
        }

        double target = value.GetDouble();

        double tolerance = expected.TryGetProperty("tolerance", out JsonElement given) ? given.GetDouble() : 1e-9 * Math.Abs(map.Apply(target));
        return Math.Abs(got.Value - map.Apply(target)) <= Math.Max(tolerance, 1e-12);
    }

    private static string Describe(Reading got, DecoderUnderTest decoder) =>
        $"{decoder.Metrics[got.Metric].Name}[{decoder.Channels.NameOf(got.Channel)}]={got.Value} @{got.MeasuredAt} {got.Quality}";

    private static Quality QualityOf(string word) =>
        word switch
        {
            "out_of_range" => Quality.OutOfRange,
            "suspect" => Quality.Suspect,
            "historical" => Quality.Historical,
            "bad" => Quality.Bad,
            "stale" => Quality.Stale,
            _ => throw new ArgumentOutOfRangeException(nameof(word), word, "a quality the samples do not use yet"),
        };

    private static string Outcome(BatchMessage row) =>
        row.Outcome switch
        {
            MessageOutcome.Ignored => "ignore",
            MessageOutcome.Quarantined => "reject",
            _ => row.Availability == Availability.Unsaid ? "readings" : "state",
        };

    private static Dictionary<string, string> Parameters(JsonElement sample)
    {
        if (!sample.TryGetProperty("profile_parameters", out JsonElement parameters) || parameters.ValueKind != JsonValueKind.Object)
            return [];

        return parameters.EnumerateObject().ToDictionary(parameter => parameter.Name, parameter => parameter.Value.ToString());
    }

    private static Instant InstantOf(string text) => OffsetDateTimePattern.ExtendedIso.Parse(text).Value.ToInstant();

    public static byte[] Payload(JsonElement message)
    {
        JsonElement payload = message.GetProperty("payload");
        string data = payload.GetProperty("data").GetString()!;
        return payload.GetProperty("encoding").GetString() == "hex" ? Convert.FromHexString(data) : Encoding.UTF8.GetBytes(data);
    }
}
