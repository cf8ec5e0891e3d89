using System.Text;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Storage;
using Ioc.Storage.DuckDb;
using Ioc.Storage.Influx;
using Ioc.Storage.Operational;
using Ioc.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Xunit;

namespace Ioc.SystemTests.Storage;

/// <summary>A few devices, one metric, and real stores over them.</summary>
internal sealed class StoreWorld
{
    public static readonly Instant Noon = Instant.FromUtc(2026, 11, 20, 5, 0);
    public static readonly MetricId Power = new(1);

    public StoreWorld(params string[] keys)
    {
        string[] all = keys.Length == 0 ? ["EM-1", "EM-2"] : keys;
        Registry = new DeviceRegistry([.. all.Select(key => new Device { Key = key, Name = key, Family = "electricity" })], new RegistryOptions(), new FakeClock());
        Metrics = new MetricCatalogue(
            [new Metric { Id = Power, Name = "active_power", Type = MetricType.Number, Unit = "W", Semantics = Semantics.Gauge, NameVi = "Công suất", NameEn = "Power" }]);
    }

    public DeviceRegistry Registry { get; }

    public MetricCatalogue Metrics { get; }

    public ChannelTable Channels { get; } = new();

    public StorageOptions Options { get; } = new() { CommitIntervalMs = 50 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public DeviceId Device(string key = "EM-1") => Registry.Find("default"u8, Encoding.UTF8.GetBytes(key));

    public async Task<InfluxReadingStore> OpenInfluxAsync(OperationalDatabase database, string url)
    {
        Options.Influx.Url = url;
        Options.Influx.TimeoutSeconds = 5;
        var store = new InfluxReadingStore(Options, new ProgressLedger(database), Registry, Metrics, Channels, TimeProvider.System, NullLogger<InfluxReadingStore>.Instance);
        await store.OpenAsync(Token);
        return store;
    }

    public async Task<DuckDbReadingStore> OpenDuckDbAsync(string path)
    {
        var store = new DuckDbReadingStore(path, Options, Registry, Metrics, Channels, TimeProvider.System, NullLogger<DuckDbReadingStore>.Instance);
        await store.OpenAsync(Token);
        return store;
    }

    public static Instant ArrivalOf(long offset) => Noon + Duration.FromSeconds(offset);

    /// <summary>Messages of one power reading each, with the value of their offset, stamped by arrival.</summary>
    public ReadingBatch Batch(long firstOffset, int count)
    {
        var batch = new ReadingBatch();
        batch.Clear(firstOffset);
        for (long offset = firstOffset; offset < firstOffset + count; offset++)
            Add(batch, offset, new Reading(Device(), Power, ChannelId.None, offset, ArrivalOf(offset), Quality.Good));

        return batch;
    }

    public static ReadingBatch BatchOf(long firstOffset, params Reading[][] messages)
    {
        var batch = new ReadingBatch();
        batch.Clear(firstOffset);
        for (int i = 0; i < messages.Length; i++)
            Add(batch, firstOffset + i, messages[i]);

        return batch;
    }

    public static async Task SettleAsync(IReadingStore store)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(45));
        try
        {
            await store.FlushAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Not durable within 45 s: {store.Fault}");
        }
    }

    public async Task<IReadOnlyList<StoredReading>> ReadAllAsync(IReadingStore store, string key = "EM-1", int pageSize = 10_000)
    {
        var items = new List<StoredReading>();
        string? cursor = null;
        do
        {
            var query = new ReadingQuery(Device(key), Power, null, Noon - Duration.FromDays(30), Noon + Duration.FromDays(30), Limit: pageSize, Cursor: cursor);
            ReadingPage page = await store.ReadAsync(query, Token);
            items.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);

        return items;
    }

    private static void Add(ReadingBatch batch, long offset, params Reading[] readings)
    {
        int first = batch.ReadingCount;
        foreach (Reading reading in readings)
            batch.Add(reading);

        batch.Commit(offset, ArrivalOf(offset), readings[0].Device, MessageOutcome.Stored, first);
    }
}
