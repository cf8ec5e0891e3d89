using System.Text;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Profiles;
using Ioc.Profiles.Sparkplug;
using Ioc.Testing;
using NodaTime;

namespace Ioc.Tests.Profiles.Sparkplug;

/// <summary>Reads messages as the product's lanes do: decoders over one book of births, each message at its journal offset.</summary>
internal sealed class Host
{
    public const ulong Now = 1_795_312_800_000;

    private const string Lamp = """
        schema: 1
        name: lamp
        family: lighting
        match:
          topics:
            - {topic: "spBv1.0/{group}/{message}/{node}", device: "{group}/{node}"}
            - {topic: "spBv1.0/{group}/{message}/{node}/{unit}", device: "{group}/{node}/{unit}"}
        body: {codec: sparkplug}
        fields:
          - {metric: dimming_level, path: metrics."Lamp/Level".value, unit: "%"}
          - {metric: active_energy_import, path: metrics."Lamp/Energy".value, unit: W.h}
          - {metric: device_temperature, path: metrics."Lamp/Temp".value, unit: Cel}
          - {metric: lamp_on, path: metrics."Lamp/On".value}
          - each: metrics
            keys: "Any/{name}"
            channel: "{name}"
            fields:
              - {metric: value, path: value}
        """;

    private readonly ProfileSet _set;
    private readonly MetricCatalogue _metrics = DecoderUnderTest.Catalogue();
    private readonly ChannelTable _channels = new();
    private long _offset = 1;

    public Host(string profile = Lamp)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("own.profile.yaml"), profile);
        _set = ProfileSet.Load(folder.FullName, _metrics, _channels);
        Live = NewDecoder();
        Live.Wishes = new RebirthWishes();
    }

    public static Instant Arrival { get; } = Instant.FromUnixTimeMilliseconds((long)Now + 500);

    public DeviceRegistry Registry { get; } = new([], new RegistryOptions(), new FakeClock());

    public BirthBook Births { get; } = new();

    public ReadingBatch Batch { get; } = new();

    public MessageDecoder Live { get; }

    /// <summary>Offset of the last message.</summary>
    public long Offset => _offset - 1;

    public MessageDecoder NewDecoder() => new(_set, Registry, Births);

    public BatchMessage Send(string topic, SparkplugBytes payload) => Send(topic, payload.ToArray());

    public BatchMessage Send(string topic, byte[] payload) => Decode(Live, _offset++, topic, payload);

    public BatchMessage Decode(MessageDecoder decoder, long offset, string topic, byte[] payload)
    {
        Batch.Clear(offset);
        decoder.Decode(new RawMessage { Offset = offset, ReceivedAt = Arrival, Source = "default"u8, Topic = Encoding.UTF8.GetBytes($"spBv1.0/G/{topic}"), Payload = payload }, Batch);
        return Batch.Messages[^1];
    }

    /// <summary>The births of a node and its lamp; aliases from <paramref name="firstAlias"/> on.</summary>
    public void BeBorn(ulong bdSeq = 1, ulong firstAlias = 10)
    {
        Send("NBIRTH/n", SparkplugBytes.NodeBirth(Now, bdSeq, SparkplugBytes.Metric("Any/Volt", 1, 9, Now).F32(12.1f)));
        Send("DBIRTH/n/lamp", LampBirth(firstAlias));
    }

    public static SparkplugBytes LampBirth(ulong firstAlias = 10) =>
        SparkplugBytes.Payload(Now, 1).With(
            SparkplugBytes.Metric("Lamp/Level", firstAlias, 5, Now).U32(40),
            SparkplugBytes.Metric("Lamp/Energy", firstAlias + 1, 8, Now).U64(5_000),
            SparkplugBytes.Metric("Lamp/Temp", firstAlias + 2, 1, Now).U32(unchecked((uint)-3)),
            SparkplugBytes.Metric("Lamp/On", firstAlias + 3, 11, Now).Boolean(true));

    public Reading Reading(string metric, string channel = "") =>
        All().Single(reading => _metrics[reading.Metric].Name == metric && _channels.NameOf(reading.Channel) == channel);

    public string Says() =>
        string.Join(' ', All().Select(reading => string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{_metrics[reading.Metric].Name}{_channels.NameOf(reading.Channel)}={reading.Value}{(reading.Quality == Quality.Good ? "" : "!")}")));

    public IEnumerable<Reading> All()
    {
        for (int i = 0; i < Batch.ReadingCount; i++)
            yield return Batch[i];
    }

    public string KeyOf(DeviceId device) => device == DeviceId.None ? "" : Registry[device].Key;
}
