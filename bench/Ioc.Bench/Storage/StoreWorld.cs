using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using NodaTime;

namespace Ioc.Bench.Storage;

/// <summary>The demo city's electricity meters: 320 devices, four metrics each, one message every ten seconds.</summary>
internal sealed class StoreWorld
{
    private static readonly string[] MetricNames = ["active_power", "active_energy_import", "voltage", "current"];
    private static readonly Instant Start = Instant.FromUtc(2026, 11, 23, 1, 0);

    private readonly Random _random = new(1);

    public DeviceRegistry Registry { get; } = new(
        [.. Enumerable.Range(0, 320).Select(i => new Device { Key = $"EM-540-{i:D5}", Name = $"EM-540-{i:D5}", Family = "electricity" })], new RegistryOptions(), SystemClock.Instance);

    public MetricCatalogue Metrics { get; } = new([.. MetricNames.Select((name, i) => new Metric
    {
        Id = new MetricId((short)(i + 1)),
        Name = name,
        Type = MetricType.Number,
        Unit = "1",
        Semantics = Semantics.Gauge,
        NameVi = name,
        NameEn = name,
    })]);

    public ChannelTable Channels { get; } = new();

    /// <summary>Messages of four readings each, stamped by their devices half a second before arrival.</summary>
    public void Fill(ReadingBatch batch, long firstOffset, int messageCount)
    {
        batch.Clear(firstOffset);
        for (long offset = firstOffset; offset < firstOffset + messageCount; offset++)
        {
            Instant received = Start + Duration.FromMilliseconds(offset * 31);
            var device = new DeviceId((int)(offset % 320) + 1);
            int first = batch.ReadingCount;
            for (short metric = 1; metric <= MetricNames.Length; metric++)
                batch.Add(new Reading(device, new MetricId(metric), ChannelId.None, Math.Round(_random.NextDouble() * 400, 2), received - Duration.FromMilliseconds(500), Quality.Good));

            batch.Commit(offset, received, device, MessageOutcome.Stored, first);
        }
    }
}
