using System.Runtime.CompilerServices;
using System.Text;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Profiles;
using Ioc.Profiles.Tracing;
using Ioc.Testing;
using NodaTime;

namespace Ioc.Tests.Profiles;

/// <summary>The shipped profiles, or one of a test's own, with a registry to decode against.</summary>
internal sealed class DecoderUnderTest
{
    public static readonly Instant Arrival = Instant.FromUtc(2026, 11, 22, 3, 0, 0);

    private readonly MessageDecoder _decoder;
    private long _offset;

    public DecoderUnderTest(ProfileSet set, MetricCatalogue metrics, ChannelTable channels, params Device[] devices)
    {
        Metrics = metrics;
        Channels = channels;
        Registry = new DeviceRegistry(devices, new RegistryOptions(), new FakeClock());
        _decoder = new MessageDecoder(set, Registry);
    }

    public static string Folder { get; } = Find();

    private static readonly Lazy<(ProfileSet Set, MetricCatalogue Metrics, ChannelTable Channels)> Loaded = new(() =>
    {
        MetricCatalogue metrics = Catalogue();
        var channels = new ChannelTable();
        return (ProfileSet.Load(Folder, metrics, channels), metrics, channels);
    });

    public MetricCatalogue Metrics { get; }
    public ChannelTable Channels { get; }
    public DeviceRegistry Registry { get; }
    public ReadingBatch Batch { get; } = new();

    public DecodeTrace? Trace
    {
        get => _decoder.Trace;
        set => _decoder.Trace = value;
    }

    public static DecoderUnderTest Shipped(params Device[] devices)
    {
        MetricCatalogue metrics = Catalogue();
        var channels = new ChannelTable();
        return new DecoderUnderTest(ProfileSet.Load(Folder, metrics, channels), metrics, channels, devices);
    }

    /// <summary>The shipped profiles, loaded once for all samples.</summary>
    public static DecoderUnderTest Shared(params Device[] devices) =>
        new(Loaded.Value.Set, Loaded.Value.Metrics, Loaded.Value.Channels, devices);

    public static DecoderUnderTest Of(string yaml, params Device[] devices)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("own.profile.yaml"), yaml);
        MetricCatalogue metrics = Catalogue();
        var channels = new ChannelTable();
        return new DecoderUnderTest(ProfileSet.Load(folder.FullName, metrics, channels), metrics, channels, devices);
    }

    public static MetricCatalogue Catalogue() => MetricCatalogueFile.Load(Path.Combine(Folder, "metrics.yaml"));

    public BatchMessage Decode(string topic, string payload, Instant? at = null, bool retained = false) =>
        Decode(topic, Encoding.UTF8.GetBytes(payload), at, retained);

    public BatchMessage Decode(string topic, ReadOnlySpan<byte> payload, Instant? at = null, bool retained = false)
    {
        Batch.Clear(_offset);
        _decoder.Decode(
            new RawMessage
            {
                Offset = _offset++,
                ReceivedAt = at ?? Arrival,
                Source = "default"u8,
                Topic = Encoding.UTF8.GetBytes(topic),
                Payload = payload,
                RetainedDelivery = retained,
            },
            Batch);
        return Batch.Messages[^1];
    }

    /// <summary>The only reading of a metric and channel.</summary>
    public Reading Reading(string metric, string channel = "") =>
        All().Single(reading => Metrics[reading.Metric].Name == metric && Channels.NameOf(reading.Channel) == channel);

    public bool Has(string metric) => All().Any(reading => Metrics[reading.Metric].Name == metric);

    public IEnumerable<Reading> All()
    {
        for (int i = 0; i < Batch.ReadingCount; i++)
            yield return Batch[i];
    }

    private static string Find([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../firmware-profiles"));
}
