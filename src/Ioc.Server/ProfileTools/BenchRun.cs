using System.Text;
using Ioc.Devices.Counters;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Profiles;
using Ioc.Profiles.Sparkplug;
using Ioc.Profiles.Tracing;
using NodaTime;

namespace Ioc.Server.ProfileTools;

/// <summary>A message decoded beside the product, with what the decoder told of it.</summary>
/// <param name="Message">What became of it.</param>
/// <param name="Device">Key of its device; null when it has none.</param>
/// <param name="Readings">What would be stored.</param>
/// <param name="Facts">What it tells about devices.</param>
/// <param name="Trace">How the decoder came to it.</param>
/// <param name="Keys">Keys of all devices that this message and those before it may mean.</param>
internal sealed record BenchRun(
    BatchMessage Message, string? Device, IReadOnlyList<BenchReading> Readings, IReadOnlyList<BenchFact> Facts, DecodeTrace Trace, IReadOnlySet<string> Keys)
{
    // Far more than a few captured messages have.
    private const int MaxCounters = 100_000;

    /// <summary>Decodes messages in order; the last one is told of.</summary>
    /// <param name="set">The profiles.</param>
    /// <param name="metrics">The catalogue they were compiled with.</param>
    /// <param name="messages">At least one.</param>
    /// <param name="known">The devices of a registry of their own.</param>
    /// <param name="births">What Sparkplug nodes told before, for this run alone; null when nothing is known.</param>
    /// <param name="first">Journal offset of the first message, by which births are found.</param>
    public static BenchRun Of(ProfileSet set, MetricCatalogue metrics, IReadOnlyList<CapturedMessage> messages, IReadOnlyList<Device> known, BirthBook? births = null, long first = 0)
    {
        var registry = new DeviceRegistry(known, new RegistryOptions(), SystemClock.Instance);
        var trace = new DecodeTrace();
        var decoder = new MessageDecoder(set, registry, births) { Trace = trace };
        var counters = new CounterTracker(metrics, MaxCounters);
        var batch = new ReadingBatch();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var readings = new List<BenchReading>();
        for (int i = 0; i < messages.Count; i++)
        {
            CapturedMessage message = messages[i];
            batch.Clear(first + i);
            decoder.Decode(
                new RawMessage { Offset = first + i, ReceivedAt = message.ReceivedAt, Source = "default"u8, Topic = Encoding.UTF8.GetBytes(message.Topic), Payload = message.Payload },
                batch);

            readings.Clear();
            for (int at = 0; at < batch.ReadingCount; at++)
                readings.Add(new BenchReading(registry[batch.Devices[at]].Key, batch[at], batch.Rules[at], counters.Take(batch[at], batch.Rules[at], batch.Marks[at])));
            keys.UnionWith(trace.Candidates.Select(one => one.DeviceKey).OfType<string>());
            keys.UnionWith(readings.Select(reading => reading.Device));
        }

        var facts = new List<BenchFact>();
        foreach (BatchAttribute fact in batch.Attributes)
            facts.Add(new BenchFact(registry[fact.Device].Key, fact.Name, fact.Kind, Encoding.UTF8.GetString(batch.TextOf(fact))));

        BatchMessage row = batch.Messages[^1];
        return new BenchRun(row, row.Device == DeviceId.None ? null : registry[row.Device].Key, readings, facts, trace, keys);
    }
}

/// <summary>A reading of the message, and what it adds to those before it.</summary>
internal sealed record BenchReading(string Device, Reading Reading, SeriesRule? Rule, CounterStep Counter);

/// <summary>A fact about a device.</summary>
internal sealed record BenchFact(string Device, string Name, AttributeKind Kind, string Value);
