using Ioc.Alarms.Lifecycle;
using Ioc.Devices.Attributes;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Storage;
using Ioc.Storage.Operational;
using Ioc.Testing;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Ioc.Tests.Storage;

public sealed class OperationalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private OperationalDatabase _database;

    public OperationalTests() => _database = Open();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Alarms_and_their_cursor_survive_a_restart()
    {
        Alarm open = Alarm(1) with { AcknowledgedAt = StorageWorld.Noon, AcknowledgedBy = "trực ban", Comment = "đã gọi", State = AlarmState.ActiveAcknowledged, Version = 2, Value = 3.25 };
        var ledger = new AlarmLedger(_database);
        await ledger.SaveAsync([Alarm(1), Alarm(2)], 10, Token);
        await ledger.SaveAsync([open, Alarm(2) with { State = AlarmState.Normal, Version = 2 }, Alarm(3)], 25, Token);

        Restart();
        AlarmSnapshot snapshot = await new AlarmLedger(_database).LoadAsync(Token);

        Assert.Equal([open, Alarm(3)], snapshot.Open);
        Assert.Equal((25, 3), (snapshot.NextOffset, snapshot.LastId));
    }

    [Fact]
    public async Task The_last_value_of_each_attribute_survives_a_restart()
    {
        var version = new DeviceAttribute("firmware", AttributeKind.Text, "1.0", StorageWorld.Noon, StorageWorld.Noon);
        var ledger = new AttributeLedger(_database);
        await ledger.SaveAsync([new("default", "m1", version), new("default", "m2", version), new("default", "m1", version with { Name = "interval_s", Kind = AttributeKind.Number, Value = "60" })], Token);
        await ledger.SaveAsync([new("default", "m1", version with { Value = "1.1", SeenAt = StorageWorld.Noon + NodaTime.Duration.FromHours(1) })], Token);

        Restart();
        IReadOnlyList<KeptAttribute> kept = await new AttributeLedger(_database).LoadAsync(Token);

        Assert.Equal(["m1 firmware=1.1", "m1 interval_s=60", "m2 firmware=1.0"], kept.Select(one => $"{one.Key} {one.Attribute.Name}={one.Attribute.Value}").Order());
        Assert.Contains(new KeptAttribute("default", "m2", version), kept);
    }

    [Fact]
    public async Task The_cursor_moves_without_an_alarm()
    {
        var ledger = new AlarmLedger(_database);
        await ledger.SaveAsync([], 7, Token);

        Assert.Equal((7, 0), ((await ledger.LoadAsync(Token)).NextOffset, (await ledger.LoadAsync(Token)).LastId));
    }

    [Fact]
    public async Task Alarms_are_not_saved_without_their_cursor()
    {
        var ledger = new AlarmLedger(_database);
        await ledger.SaveAsync([Alarm(1)], 5, Token);

        // The same new id twice cannot be saved: neither may the cursor be.
        await Assert.ThrowsAnyAsync<Exception>(() => ledger.SaveAsync([Alarm(2), Alarm(2) with { Version = 2 }], 9, Token));

        AlarmSnapshot snapshot = await ledger.LoadAsync(Token);
        Assert.Equal((5, 1), (snapshot.NextOffset, snapshot.LastId));
    }

    [Fact]
    public async Task History_is_paged_newest_first_and_filtered()
    {
        var ledger = new AlarmLedger(_database);
        await ledger.SaveAsync([.. Enumerable.Range(1, 10).Select(i => Alarm(i) with { Device = i % 2 == 0 ? "even" : "odd", State = i > 8 ? AlarmState.Normal : AlarmState.ActiveUnacknowledged })], 1, Token);

        Assert.Equal([10, 9, 8], await IdsAsync(new AlarmQuery(null, null, null, null, null, 3)));
        Assert.Equal([7, 6, 5], await IdsAsync(new AlarmQuery(null, null, null, null, 8, 3)));
        Assert.Equal([10, 9], await IdsAsync(new AlarmQuery(AlarmState.Normal, null, null, null, null, 100)));
        Assert.Equal([8, 6], await IdsAsync(new AlarmQuery(AlarmState.ActiveUnacknowledged, "even", null, null, null, 2)));
        Assert.Equal([4, 3], await IdsAsync(new AlarmQuery(null, null, Alarm(3).RaisedAt, Alarm(5).RaisedAt, null, 100)));
        Assert.Equal("even", (await ledger.FindAsync(4, Token))!.Device);
        Assert.Null(await ledger.FindAsync(11, Token));

        async Task<IEnumerable<long>> IdsAsync(AlarmQuery query) => (await ledger.QueryAsync(query, Token)).Select(alarm => alarm.Id);
    }

    [Fact]
    public async Task Devices_keep_their_order_and_are_kept_once()
    {
        UnclaimedDevice[] devices = [.. new[] { "b", "a", "Đồng hồ '1'" }.Select(key => new UnclaimedDevice("default", key, "p", "water", StorageWorld.Noon))];
        await new DeviceLedger(_database).AddAsync(devices, Token);
        await new DeviceLedger(_database).AddAsync([devices[1] with { Profile = "other" }, devices[0] with { Source = "site-2" }], Token);

        Restart();

        Assert.Equal([.. devices, devices[0] with { Source = "site-2" }], await new DeviceLedger(_database).LoadAsync(Token));
    }

    [Fact]
    public async Task Quarantine_is_listed_once_per_offset_newest_first_and_the_oldest_make_room()
    {
        var index = new QuarantineIndex(_database, maxRows: 5);
        await index.AddAsync([Entry(1), Entry(2, QuarantineReason.Checksum), Entry(3)], Token);
        await index.AddAsync([Entry(3), Entry(4), Entry(4), Entry(5), Entry(6), Entry(7, QuarantineReason.Checksum)], Token);

        QuarantinePage first = await index.ReadAsync(null, null, 3, null, Token);
        QuarantinePage second = await index.ReadAsync(null, null, 3, first.Next, Token);

        Assert.Equal([7, 6, 5], first.Items.Select(entry => entry.Offset));
        Assert.Equal([4, 3], second.Items.Select(entry => entry.Offset));
        Assert.Null(second.Next);
        Assert.Equal(Entry(7, QuarantineReason.Checksum), Assert.Single((await index.ReadAsync(QuarantineReason.Checksum, null, 10, null, Token)).Items));
        await Assert.ThrowsAsync<BadCursorException>(() => index.ReadAsync(null, null, 3, "x", Token));
    }

    [Fact]
    public async Task The_bound_of_the_quarantine_holds_over_a_restart_and_for_offsets_that_come_again()
    {
        await new QuarantineIndex(_database, maxRows: 4).AddAsync([.. Enumerable.Range(1, 10).Select(offset => Entry(offset))], Token);
        Restart();
        var index = new QuarantineIndex(_database, maxRows: 4);

        // A replay brings the last ones again, with one that has no device and no topic.
        await index.AddAsync([Entry(9), Entry(10), Entry(11) with { DeviceApiId = null, Topic = null }], Token);
        await index.AddAsync([Entry(11), Entry(12)], Token);

        QuarantinePage page = await index.ReadAsync(null, null, 10, null, Token);
        Assert.Equal([12, 11, 10, 9], page.Items.Select(entry => entry.Offset));
        Assert.Equal(Entry(11) with { DeviceApiId = null, Topic = null }, page.Items[1]);
    }

    [Fact]
    public async Task A_consumer_s_counts_come_back_with_its_cursor()
    {
        var balance = new BalanceCounts(40, 30, 4, 3, new Dictionary<QuarantineReason, long> { [QuarantineReason.Malformed] = 2, [QuarantineReason.TooShort] = 1 });
        await new ProgressLedger(_database).SaveAsync("store", BalanceCounts.Empty, Token);
        await new ProgressLedger(_database).SaveAsync("store", balance, Token);

        Restart();
        BalanceCounts loaded = await new ProgressLedger(_database).LoadAsync("store", Token);

        Assert.Equal((40, 30, 4, 3), (loaded.NextOffset, loaded.Stored, loaded.Ignored, loaded.Duplicate));
        Assert.Equal(balance.Quarantined, loaded.Quarantined);
        Assert.Equal(0, (await new ProgressLedger(_database).LoadAsync("alarms", Token)).NextOffset);
    }

    [Fact]
    public async Task A_file_of_another_format_is_refused_by_name()
    {
        await new DeviceLedger(_database).LoadAsync(Token);
        await using (var connection = new SqliteConnection($"Data Source={_folder.File("operational.db")}"))
        {
            await connection.OpenAsync(Token);
            await using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 9";
            await command.ExecuteNonQueryAsync(Token);
        }

        Restart();
        StorageException refused = await Assert.ThrowsAsync<StorageException>(() => new DeviceLedger(_database).LoadAsync(Token));

        Assert.Contains("operational.db has format 9", refused.Message, StringComparison.Ordinal);
    }

    private static QuarantineEntry Entry(long offset, QuarantineReason reason = QuarantineReason.Malformed) =>
        new(offset, BatchBuilder.ArrivalOf(offset), "EM-1", "tele/EM-1/SENSOR", reason, "profile 'x'");

    private static Alarm Alarm(long id) => new()
    {
        Id = id,
        RuleId = "r",
        Device = "EM-1",
        Metric = "active_power",
        Priority = 2,
        State = AlarmState.ActiveUnacknowledged,
        RaisedAt = BatchBuilder.ArrivalOf(id),
        ValueAt = BatchBuilder.ArrivalOf(id),
        RaisedValue = 9.5,
        Limit = 9,
        Condition = "above",
        MessageVi = "Công suất cao",
        MessageEn = "Power is high",
        Count = 1,
        Version = 1,
        Offset = id,
    };

    private OperationalDatabase Open() => new(_folder.File("operational.db"));

    private void Restart()
    {
        _database.Dispose();
        _database = Open();
    }
}
