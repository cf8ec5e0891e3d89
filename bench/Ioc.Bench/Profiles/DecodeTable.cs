using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Profiles;
using NodaTime;
using NodaTime.Text;

namespace Ioc.Bench.Profiles;

/// <summary>What the golden samples cost to decode, one line each: <c>decode [part of a profile's name]</c>. A plain loop, best of many rounds: for busy machines.</summary>
internal static class DecodeTable
{
    private const int Rounds = 1_500;
    // Short, so that some round lies whole within one time slice of a busy machine.
    private const int Turns = 200;

    public static void Run(string wanted)
    {
        string folder = AppContext.BaseDirectory;
        while (!Directory.Exists(Path.Combine(folder, "firmware-profiles")))
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("firmware-profiles");
        folder = Path.Combine(folder, "firmware-profiles");
        MetricCatalogue metrics = MetricCatalogueFile.Load(Path.Combine(folder, "metrics.yaml"));
        ProfileSet set = ProfileSet.Load(folder, metrics, new ChannelTable());

        Console.WriteLine("| sample | payload bytes | readings | best ns | B allocated |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (string path in Directory.EnumerateFiles(folder, "*.samples.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            foreach (JsonElement sample in document.RootElement.EnumerateArray())
            {
                if (sample.GetProperty("kind").GetString()!.Contains(wanted, StringComparison.Ordinal) && sample.GetProperty("expect").GetProperty("outcome").GetString() == "readings")
                    Measure(sample, set);
            }
        }
    }

    private static void Measure(JsonElement sample, ProfileSet set)
    {
        JsonElement expect = sample.GetProperty("expect");
        List<Device> known = [];
        if (expect.TryGetProperty("device", out JsonElement key) && key.GetString() is { } text)
        {
            Dictionary<string, string> parameters = sample.TryGetProperty("profile_parameters", out JsonElement given)
                ? given.EnumerateObject().ToDictionary(one => one.Name, one => one.Value.ToString()) : [];
            known.Add(new Device { Key = text, Name = text, Family = "other", Profile = sample.GetProperty("kind").GetString()!.Split('@')[0], Parameters = parameters });
        }

        var decoder = new MessageDecoder(set, new DeviceRegistry(known, new RegistryOptions(), SystemClock.Instance));
        var batch = new ReadingBatch();
        Instant arrival = OffsetDateTimePattern.ExtendedIso.Parse(sample.GetProperty("received_at").GetString()!).Value.ToInstant();
        if (sample.TryGetProperty("prelude", out JsonElement prelude))
        {
            foreach (JsonElement before in prelude.EnumerateArray())
                Decode(decoder, batch, Bytes(before), arrival);
        }

        (byte[] Topic, byte[] Payload) message = Bytes(sample.GetProperty("message"));
        int readings = Decode(decoder, batch, message, arrival);
        for (int i = 0; i < Turns * 150; i++)
            Decode(decoder, batch, message, arrival);

        double best = double.PositiveInfinity;
        long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < Turns; i++)
                Decode(decoder, batch, message, arrival);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / Turns);
        }

        double allocated = (GC.GetAllocatedBytesForCurrentThread() - allocatedBefore) / (double)(Rounds * Turns);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {sample.GetProperty("id").GetString()} | {message.Payload.Length} | {readings} | {best:0} | {allocated:0.##} |"));
    }

    private static (byte[] Topic, byte[] Payload) Bytes(JsonElement message)
    {
        JsonElement payload = message.GetProperty("payload");
        string data = payload.GetProperty("data").GetString()!;
        return (Encoding.UTF8.GetBytes(message.GetProperty("topic").GetString()!), payload.GetProperty("encoding").GetString() == "hex" ? Convert.FromHexString(data) : Encoding.UTF8.GetBytes(data));
    }

    private static int Decode(MessageDecoder decoder, ReadingBatch batch, (byte[] Topic, byte[] Payload) message, Instant arrival)
    {
        batch.Clear(0);
        decoder.Decode(new RawMessage { Offset = 0, ReceivedAt = arrival, Source = "default"u8, Topic = message.Topic, Payload = message.Payload }, batch);
        return batch.ReadingCount;
    }
}
