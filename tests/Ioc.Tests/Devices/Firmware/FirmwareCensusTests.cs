using System.Text;
using Ioc.Devices.Attributes;
using Ioc.Devices.Firmware;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Storage.Operational;
using Ioc.Testing;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Devices.Firmware;

public sealed class FirmwareCensusTests : IDisposable
{
    private static readonly DeviceId One = new(1);

    private readonly TemporaryFolder _folder = new();
    private readonly OperationalDatabase _database;
    private readonly DeviceRegistry _registry = Sample.Registry(Sample.Device("one") with { Profile = "p" }, Sample.Device("two"));
    private readonly AttributeBook _book;
    private FirmwareCensus _census;
    private long _offset;

    public FirmwareCensusTests()
    {
        _database = new OperationalDatabase(_folder.File("operational.db"));
        _book = new AttributeBook(_registry, new AttributeLedger(_database));
        _census = new FirmwareCensus(_registry, _book);
        _census.Restore(null, 0);
    }

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Messages_and_failures_are_counted_under_the_version_that_the_device_told()
    {
        await TakeAsync(One, Sample.At(0));
        await TakeAsync(One, Sample.At(1), version: "1.0");
        await TakeAsync(One, Sample.At(2));
        await TakeAsync(One, Sample.At(3), reason: QuarantineReason.Malformed);

        IReadOnlyList<FirmwareCount> counts = _census.Read();

        Assert.Equal([("p", null, 1L), ("p", "1.0", 3L)], counts.Select(count => (count.Profile, count.Version, count.Messages)));
        Assert.Equal((Sample.At(1), Sample.At(3)), (counts[1].FirstSeen, counts[1].LastSeen));
        Assert.Equal(1, Assert.Single(counts[1].Failures).Value);
        Assert.Equal(1, _census.Devices()[("p", "1.0")]);
    }

    [Fact]
    public async Task Seeing_a_batch_again_counts_nothing_twice()
    {
        ReadingBatch batch = Batch(One, Sample.At(0), null, QuarantineReason.None);
        await _census.ConsumeAsync(batch, Stopping);
        await _census.ConsumeAsync(batch, Stopping);

        Assert.Equal(1, Assert.Single(_census.Read()).Messages);
    }

    [Fact]
    public async Task An_update_is_told_once_in_the_history_of_the_device()
    {
        await TakeAsync(One, Sample.At(0), version: "1.0");
        await TakeAsync(One, Sample.At(60), version: "1.0");
        await TakeAsync(One, Sample.At(1_000), version: "1.1");
        await TakeAsync(One, Sample.At(1_001), version: "1.0");
        await TakeAsync(One, Sample.At(1_002), version: "1.1");
        await SaveAsync();
        await SaveAsync();

        AuditRow told = Assert.Single(await new AuditLedger(_database).ReadAsync("one", null, 10, Stopping));

        Assert.Equal(("device.firmware", Sample.At(1_000), """{"firmware":"1.0"}""", """{"firmware":"1.1"}"""), (told.Action, told.At, told.Before, told.After));
    }

    [Fact]
    public async Task Counts_go_on_after_a_restart_where_they_were_kept()
    {
        await TakeAsync(One, Sample.At(0), version: "1.0");
        await TakeAsync(One, Sample.At(1), reason: QuarantineReason.TooShort);
        _census.Note(Assert.Single(_census.TakeSamples()), ["ENERGY.Export"]);
        await SaveAsync();

        _census = new FirmwareCensus(_registry, _book);
        _census.Restore(await new FirmwareLedger(_database, _registry).LoadAsync(Stopping), 99);
        Assert.Equal(2, _census.NextOffset);
        await TakeAsync(One, Sample.At(2), version: "1.0");

        FirmwareCount count = Assert.Single(_census.Read());
        Assert.Equal(("1.0", 3L, Sample.At(0), Sample.At(2)), (count.Version, count.Messages, count.FirstSeen, count.LastSeen));
        Assert.Equal(1, count.Failures[QuarantineReason.TooShort]);
        Assert.Equal(new UnreadMember(1, Sample.At(0), Sample.At(0)), count.Unread["ENERGY.Export"]);
    }

    [Fact]
    public void An_installation_that_never_counted_begins_at_the_end_of_its_journal()
    {
        var census = new FirmwareCensus(_registry, _book);
        census.Restore(null, 1_000_000);

        Assert.Equal(1_000_000, census.NextOffset);
    }

    [Fact]
    public async Task One_message_of_a_firmware_is_looked_at_in_five_seconds_and_none_that_failed()
    {
        await TakeAsync(One, Sample.At(0), reason: QuarantineReason.PersonalData);
        for (int i = 1; i <= 100; i++)
            await TakeAsync(One, Sample.At(i / 10.0));

        IReadOnlyList<FirmwareSample> samples = _census.TakeSamples();

        Assert.Equal([Sample.At(0.1), Sample.At(5.1)], samples.Select(sample => sample.ReceivedAt));
        Assert.Empty(_census.TakeSamples());
    }

    [Fact]
    public async Task What_devices_invent_stays_within_bounds()
    {
        for (int i = 0; i < FirmwareCensus.MaxEntries + 50; i++)
            await TakeAsync(One, Sample.At(i), version: $"v{i}");
        FirmwareSample sample = _census.TakeSamples()[0];
        _census.Note(sample, [.. Enumerable.Range(0, 500).Select(i => $"m{i}")]);

        IReadOnlyList<FirmwareCount> counts = _census.Read();

        Assert.True(counts.Count <= FirmwareCensus.MaxEntries + 1);
        Assert.Equal(FirmwareCensus.MaxEntries + 50, counts.Sum(count => count.Messages));
        Assert.Equal(100, counts.Max(count => count.Unread.Count));
    }

    [Fact]
    public async Task Counting_a_known_firmware_allocates_nothing()
    {
        ReadingBatch[] batches = [.. Enumerable.Range(0, 200).Select(i => Batch(One, Sample.At(i / 1_000.0), null, QuarantineReason.None))];
        await _census.ConsumeAsync(batches[0], Stopping);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 1; i < batches.Length; i++)
            await _census.ConsumeAsync(batches[i], Stopping);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private async Task TakeAsync(DeviceId device, Instant at, string? version = null, QuarantineReason reason = QuarantineReason.None) =>
        await _census.ConsumeAsync(Batch(device, at, version, reason), Stopping);

    private Task SaveAsync() => _census.SaveAsync(new FirmwareLedger(_database, _registry), Stopping);

    private ReadingBatch Batch(DeviceId device, Instant at, string? version, QuarantineReason reason)
    {
        var batch = new ReadingBatch();
        batch.Clear(_offset);
        if (version is not null)
            batch.AddAttribute(device, DeviceAttribute.Firmware, AttributeKind.Text, at, Encoding.UTF8.GetBytes(version));
        if (reason == QuarantineReason.None)
            batch.Commit(_offset++, at, device, MessageOutcome.Stored, 0, profile: "p");
        else
            batch.Rollback(_offset++, at, device, reason, "x", 0, "p");
        return batch;
    }
}
