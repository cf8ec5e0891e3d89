using Ioc.Devices.Onboarding;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Storage.Operational;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Devices.Onboarding;

public sealed class DeviceDeskTests : IDisposable
{
    private readonly DeskWorld _world = new();

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_stranger_that_is_claimed_has_a_name_and_a_place_at_once_and_after_a_restart()
    {
        _world.Meet("máy-9");
        string id = ApiIds.Of("default", "máy-9");

        DeskAnswer answer = await _world.DoAsync(id, DeskAction.Claim, new DeviceEdit
        {
            Name = new("Công tơ số 9"),
            Area = new("00042"),
            Position = new(new GeoPoint(13.77, 109.22)),
            Profile = new("gauge"),
            Parameters = new(new Dictionary<string, string> { ["bd1_m"] = "6.5" }),
        });

        Assert.Equal(DeskOutcome.Done, answer.Outcome);
        AssertIs(_world[id]);
        await _world.RestartAsync();
        AssertIs(_world[id]);

        static void AssertIs(Device device)
        {
            Assert.Equal(("Công tơ số 9", "00042", "Riverside", "gauge", 2), (device.Name, device.Area, device.AreaName, device.Profile, device.Version));
            Assert.Equal((DeviceStanding.InService, new GeoPoint(13.77, 109.22), "6.5"), (device.Standing, device.Position, device.Parameters["bd1_m"]));
            Assert.Equal(["town"], device.Zones);
            Assert.Equal(Sample.Start, device.FirstSeen);
            Assert.Contains("cong to so 9", device.SearchText, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_site_brings_its_area_and_position_and_a_place_of_its_own_goes_before_it()
    {
        await _world.DoAsync("dcu-1", DeskAction.Update, new DeviceEdit { Site = new("hall") });
        Assert.Equal(("hall", new GeoPoint(13.771, 109.231)), (_world["dcu-1"].Site, _world["dcu-1"].Position));

        await _world.DoAsync("dcu-1", DeskAction.Update, new DeviceEdit { Position = new(new GeoPoint(13.7, 109.2)) });
        Assert.Equal(("hall", new GeoPoint(13.7, 109.2), "00042"), (_world["dcu-1"].Site, _world["dcu-1"].Position, _world["dcu-1"].Area));

        await _world.DoAsync("dcu-1", DeskAction.Update, new DeviceEdit { Site = new(null), Position = new(null), Area = new(null) });
        Assert.Equal((null, null, null, null), (_world["dcu-1"].Site, _world["dcu-1"].Position, _world["dcu-1"].Area, _world["dcu-1"].AreaName));
        Assert.Empty(_world["dcu-1"].Zones);
    }

    [Fact]
    public async Task Who_saw_an_older_version_is_shown_the_present_one_and_changes_nothing()
    {
        await _world.DoAsync("dcu-1", DeskAction.Update, new DeviceEdit { Name = new("A") });

        DeskAnswer late = await _world.DoAsync("dcu-1", DeskAction.Update, new DeviceEdit { Name = new("B") }, version: 1);

        Assert.Equal((DeskOutcome.StaleVersion, "A", 2), (late.Outcome, late.Device!.Name, late.Device.Version));
        Assert.Equal("A", _world["dcu-1"].Name);
    }

    [Fact]
    public async Task Two_processes_that_change_the_same_device_cannot_both_win()
    {
        (DeviceRegistry registry, DeviceDesk beside) = await _world.BesideAsync();
        await beside.ChangeAsync("dcu-1", 1, DeskAction.Update, new DeviceEdit { Name = new("beside") }, null, DeskWorld.Somebody, Stopping);
        Assert.Equal("Concentrator", _world["dcu-1"].Name);

        DeskAnswer late = await _world.DoAsync("dcu-1", DeskAction.Update, new DeviceEdit { Name = new("here") });

        Assert.Equal((DeskOutcome.StaleVersion, "beside", 2), (late.Outcome, late.Device!.Name, late.Device.Version));
        Assert.Equal("beside", _world["dcu-1"].Name);
        Assert.Single(await _world.AuditAsync("dcu-1"));

        await _world.DoAsync("dcu-1", DeskAction.Update, new DeviceEdit { Name = new("here") });
        await beside.RefreshAsync(Stopping);
        Assert.True(registry.TryFind("dcu-1", out Device? seen));
        Assert.Equal(("here", 3), (seen.Name, seen.Version));
    }

    [Fact]
    public async Task A_wish_that_says_what_is_so_already_is_done_and_leaves_no_trace()
    {
        DeskAnswer answer = await _world.DoAsync("dcu-1", DeskAction.Update, new DeviceEdit { Name = new("Concentrator") });

        Assert.Equal((DeskOutcome.Done, 1), (answer.Outcome, answer.Device!.Version));
        Assert.Empty(await _world.AuditAsync());
    }

    [Fact]
    public async Task Everything_that_cannot_be_is_told_at_once_in_both_languages()
    {
        DeskAnswer answer = await _world.DoAsync("dcu-1", DeskAction.Update, new DeviceEdit
        {
            Family = new("submarine"),
            Profile = new("nobody"),
            Site = new("nowhere"),
            Area = new("900"),
            Position = new(new GeoPoint(109.2, 13.7)),
            PeriodSeconds = new(0),
            Parent = new("dcu-1"),
            TimeZone = new("Mars/Base"),
            Parameters = new(new Dictionary<string, string> { ["bad name"] = "1" }),
        });

        Assert.Equal(DeskOutcome.Invalid, answer.Outcome);
        Assert.Equal(
            ["family", "profile", "time_zone", "site", "area", "lat", "parent", "params", "period_s"],
            answer.Faults.Select(fault => fault.Column));
        Assert.All(answer.Faults, fault => Assert.True(fault.Vi.Length > 5 && fault.En.Length > 5 && fault.Vi != fault.En));
        Assert.Equal(1, _world["dcu-1"].Version);
    }

    [Fact]
    public async Task A_rejected_stranger_is_refused_until_that_is_lifted()
    {
        Device stranger = _world.Meet("junk");
        Instant before = _world.Clock.GetCurrentInstant() - Duration.FromSeconds(1);
        await _world.DoAsync("junk", DeskAction.Reject, note: "không phải của ta");

        Assert.Equal(QuarantineReason.DeviceRejected, _world.Registry.WhyRefused(stranger.Id, _world.Clock.GetCurrentInstant()));
        Assert.Equal(QuarantineReason.None, _world.Registry.WhyRefused(stranger.Id, before));
        Assert.Equal(DeskOutcome.NotAllowed, (await _world.DoAsync("junk", DeskAction.Claim)).Outcome);
        await _world.RestartAsync();
        Assert.Equal((DeviceStanding.Rejected, "không phải của ta"), (_world["junk"].Standing, _world["junk"].Note));

        await _world.DoAsync("junk", DeskAction.Lift);
        Assert.Equal((DeviceStanding.Unclaimed, QuarantineReason.None), (_world["junk"].Standing, _world.Registry.WhyRefused(_world["junk"].Id, _world.Clock.GetCurrentInstant())));
    }

    [Fact]
    public async Task A_retired_device_speaks_no_more_from_then_on_and_can_come_back()
    {
        await _world.DoAsync("meter-1", DeskAction.Retire, note: "hết hạn kiểm định");
        Device retired = _world["meter-1"];

        Assert.Equal((DeviceStanding.Retired, true, false), (retired.Standing, retired.Claimed, retired.IsLive));
        Assert.Equal(QuarantineReason.DeviceRetired, _world.Registry.WhyRefused(retired.Id, retired.RefusedFrom!.Value));
        Assert.Equal(QuarantineReason.None, _world.Registry.WhyRefused(retired.Id, retired.RefusedFrom.Value - Duration.FromTicks(1)));
        Assert.Equal(DeskOutcome.NotAllowed, (await _world.DoAsync("meter-1", DeskAction.Retire)).Outcome);

        await _world.DoAsync("meter-1", DeskAction.Return);
        Assert.Equal((DeviceStanding.InService, null, null), (_world["meter-1"].Standing, _world["meter-1"].RefusedFrom, _world["meter-1"].Note));
    }

    [Fact]
    public async Task Other_hardware_takes_over_name_and_place_and_the_meters_behind_it()
    {
        _world.Meet("dcu-2");
        DeskAnswer answer = await _world.Desk.ReplaceAsync("dcu-1", 1, "default", "dcu-2", "hỏng nguồn", DeskWorld.Somebody, Stopping);

        Assert.Equal((DeskOutcome.Done, "dcu-2"), (answer.Outcome, answer.Device!.ApiId));
        await _world.RestartAsync();
        (Device old, Device fresh) = (_world["dcu-1"], _world["dcu-2"]);
        Assert.Equal((DeviceStanding.Retired, "dcu-2", "hỏng nguồn"), (old.Standing, old.ReplacedBy, old.Note));
        Assert.Equal((DeviceStanding.InService, "dcu-1", old.Name, old.Area, old.Position), (fresh.Standing, fresh.Replaces, fresh.Name, fresh.Area, fresh.Position));
        Assert.Equal("dcu-2", _world["meter-1"].Parent);
        Assert.Equal(DeskOutcome.NotAllowed, (await _world.Desk.ReplaceAsync("dcu-1", old.Version, "default", "dcu-3", null, DeskWorld.Somebody, Stopping)).Outcome);
        Assert.Equal(DeskOutcome.Exists, (await _world.Desk.ReplaceAsync("dcu-2", fresh.Version, "default", "meter-1", null, DeskWorld.Somebody, Stopping)).Outcome);
    }

    [Fact]
    public async Task The_audit_says_who_did_what_and_how_it_was_before()
    {
        await _world.DoAsync("dcu-1", DeskAction.Update, new DeviceEdit { Name = new("Tủ số 1") });

        AuditRow row = Assert.Single(await _world.AuditAsync("dcu-1"));

        Assert.Equal(("device.update", "trực ban", "10.0.0.7", "api", Sample.Start), (row.Action, row.Actor, row.Address, row.Via, row.At));
        Assert.Equal(("""{"name":"Concentrator"}""", """{"name":"Tủ số 1"}"""), (row.Before, row.After));
    }

    [Fact]
    public async Task A_device_that_is_written_down_stands_there_once()
    {
        var edit = new DeviceEdit { Family = new("air"), Area = new("00042") };

        DeskAnswer made = await _world.Desk.CreateAsync("site-7", "dsmr", edit, DeskWorld.Somebody, Stopping);
        DeskAnswer again = await _world.Desk.CreateAsync("site-7", "dsmr", edit, DeskWorld.Somebody, Stopping);
        DeskAnswer nameless = await _world.Desk.CreateAsync("default", "", DeviceEdit.Nothing, DeskWorld.Somebody, Stopping);

        Assert.Equal((DeskOutcome.Done, "site-7~dsmr"), (made.Outcome, made.Device!.ApiId));
        Assert.Equal(DeskOutcome.Exists, again.Outcome);
        Assert.Equal(["key", "family"], nameless.Faults.Select(fault => fault.Column));
        await _world.RestartAsync();
        Assert.Equal("Riverside", _world["site-7~dsmr"].AreaName);
    }

    [Fact]
    public async Task A_changed_record_is_seen_by_whoever_asks_for_the_handle()
    {
        var announced = new List<Device>();
        _world.Registry.Changed += announced.AddRange;
        DeviceId handle = _world["meter-1"].Id;

        await _world.DoAsync("meter-1", DeskAction.Update, new DeviceEdit { Profile = new("gauge"), TimeZone = new("Asia/Tokyo") });

        Assert.Equal(("gauge", "Asia/Tokyo", handle), (_world.Registry[handle].Profile, _world.Registry[handle].TimeZone.Id, _world["meter-1"].Id));
        Assert.Same(_world.Registry[handle], Assert.Single(announced));
        Assert.Equal(3, _world.Registry.Count);
    }
}
