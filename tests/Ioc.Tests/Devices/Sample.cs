using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using NodaTime;

namespace Ioc.Tests.Devices;

/// <summary>Small devices, metrics and batches that say only what a test is about.</summary>
internal static class Sample
{
    public static readonly Instant Start = Instant.FromUtc(2026, 11, 23, 1, 0);
    public static readonly LocalDate Today = new(2026, 11, 22);
    public static readonly MetricId Level = new(1);
    public static readonly MetricId Power = new(2);
    public static readonly MetricId Online = new(3);
    public static readonly MetricId Mode = new(4);

    public static MetricCatalogue Metrics { get; } = new(
    [
        Number(1, "water_level", "m"),
        Number(2, "active_power", "W"),
        new Metric { Id = new(3), Name = "camera_online", Type = MetricType.Boolean, Unit = "", Semantics = Semantics.State, NameVi = "Camera", NameEn = "Camera" },
        new Metric { Id = new(4), Name = "mode", Type = MetricType.Word, Unit = "", Semantics = Semantics.State, Words = ["idle", "fault"], NameVi = "Chế độ", NameEn = "Mode" },
    ]);

    public static Instant At(double seconds) => Start + Duration.FromSeconds(seconds);

    public static Device Device(string key = "gauge-1", string family = "water-level", double periodSeconds = 10, string? parameters = null) => new()
    {
        Key = key,
        Name = key,
        Family = family,
        Period = Duration.FromSeconds(periodSeconds),
        Parameters = (parameters ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries).ToDictionary(part => part.Split('=')[0], part => part.Split('=')[1]),
    };

    public static DeviceRegistry Registry(params Device[] devices) =>
        new(devices, new RegistryOptions(), new Testing.FakeClock(Start));

    public static Reading Reading(double value, Instant at, int device = 1, MetricId? metric = null, ChannelId channel = default, Quality quality = Quality.Good) =>
        new(new DeviceId(device), metric ?? Level, channel, value, at, quality);

    /// <summary>One message of the first reading's device, received when its first reading was measured unless told otherwise.</summary>
    public static ReadingBatch Batch(long offset, params Reading[] readings) => Batch(offset, readings[0].MeasuredAt, readings);

    public static ReadingBatch Batch(long offset, Instant receivedAt, params Reading[] readings)
    {
        var batch = new ReadingBatch();
        batch.Clear(offset);
        foreach (Reading reading in readings)
            batch.Add(reading);
        batch.Commit(offset, receivedAt, readings[0].Device, MessageOutcome.Stored, 0);
        return batch;
    }

    private static Metric Number(short id, string name, string unit) => new()
    {
        Id = new MetricId(id),
        Name = name,
        Type = MetricType.Number,
        Unit = unit,
        Semantics = Semantics.Gauge,
        NameVi = name,
        NameEn = name,
    };
}
