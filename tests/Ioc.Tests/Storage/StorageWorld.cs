using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Storage;
using Ioc.Storage.DuckDb;
using Ioc.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Storage;

/// <summary>A handful of devices and metrics, and stores over them. Each world has handles of its own, as each run of the product has.</summary>
internal sealed class StorageWorld
{
    public static readonly Instant Noon = Instant.FromUtc(2026, 11, 23, 5, 0);

    public StorageWorld(params string[] keys)
    {
        string[] all = keys.Length == 0 ? ["EM-1", "EM-2", "EM-3"] : keys;
        Registry = new DeviceRegistry(
            [.. all.Select(key => new Device { Key = key, Name = key, Family = "electricity" })], new RegistryOptions(), new FakeClock());
        Channels = new ChannelTable();
        Metrics = new MetricCatalogue([.. new[] { "active_power", "voltage", "active_energy_import" }.Select((name, i) => new Metric
        {
            Id = new MetricId((short)(i + 1)),
            Name = name,
            Type = MetricType.Number,
            Unit = "1",
            Semantics = Semantics.Gauge,
            NameVi = name,
            NameEn = name,
        })]);
    }

    public static MetricId Power { get; } = new(1);

    public static MetricId Voltage { get; } = new(2);

    public DeviceRegistry Registry { get; }

    public MetricCatalogue Metrics { get; }

    public ChannelTable Channels { get; }

    public StorageOptions Options { get; } = new();

    public DeviceId Device(string key = "EM-1") => Registry.Find("default"u8, System.Text.Encoding.UTF8.GetBytes(key));

    public async Task<DuckDbReadingStore> OpenAsync(string path)
    {
        var store = new DuckDbReadingStore(path, Options, Registry, Metrics, Channels, TimeProvider.System, NullLogger<DuckDbReadingStore>.Instance);
        await store.OpenAsync(TestContext.Current.CancellationToken);
        return store;
    }

    public async Task<IReadOnlyList<StoredReading>> ReadAllAsync(IReadingStore store, DeviceId device, MetricId metric, int pageSize = 10_000)
    {
        var items = new List<StoredReading>();
        string? cursor = null;
        do
        {
            ReadingPage page = await store.ReadAsync(
                new ReadingQuery(device, metric, null, Noon - Duration.FromDays(100), Noon + Duration.FromDays(100), Limit: pageSize, Cursor: cursor),
                TestContext.Current.CancellationToken);
            Assert.True(page.Items.Count <= pageSize);
            items.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);

        return items;
    }
}

/// <summary>Writes batches as the decoder does. Message n arrives n seconds after noon unless told otherwise.</summary>
internal sealed class BatchBuilder(long firstOffset = 0)
{
    private readonly ReadingBatch _batch = NewBatch(firstOffset);
    private long _offset = firstOffset;

    public ReadingBatch Build() => _batch;

    public static Instant ArrivalOf(long offset) => StorageWorld.Noon + Duration.FromSeconds(offset);

    public BatchBuilder Message(params Reading[] readings) => Message(Availability.Unsaid, readings);

    public BatchBuilder Message(Availability availability, params Reading[] readings)
    {
        int first = _batch.ReadingCount;
        foreach (Reading reading in readings)
            _batch.Add(reading);

        _batch.Commit(_offset, ArrivalOf(_offset), readings.FirstOrDefault().Device, MessageOutcome.Stored, first, availability);
        _offset++;
        return this;
    }

    /// <summary>A message with one power reading.</summary>
    public BatchBuilder Power(DeviceId device, double value, Instant? at = null, Quality quality = Quality.Good) =>
        Message(new Reading(device, StorageWorld.Power, ChannelId.None, value, at ?? ArrivalOf(_offset), quality));

    public BatchBuilder Ignored()
    {
        _batch.Commit(_offset, ArrivalOf(_offset), DeviceId.None, MessageOutcome.Ignored, _batch.ReadingCount);
        _offset++;
        return this;
    }

    public BatchBuilder Quarantined(QuarantineReason reason)
    {
        _batch.Rollback(_offset, ArrivalOf(_offset), DeviceId.None, reason, "profile 'x', field 'y'", _batch.ReadingCount);
        _offset++;
        return this;
    }

    private static ReadingBatch NewBatch(long firstOffset)
    {
        var batch = new ReadingBatch();
        batch.Clear(firstOffset);
        return batch;
    }
}

internal static class Settling
{
    /// <summary>Flushes, and fails with the store's own words when that does not end.</summary>
    public static async Task SettleAsync(this IReadingStore store)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        try
        {
            await store.FlushAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Not durable within 30 s: {store.Fault}");
        }
    }
}
