using System.Text;
using Ioc.Devices.Onboarding;
using Ioc.Devices.Registry;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Devices.Onboarding;

public sealed class DeviceImportTests : IDisposable
{
    private readonly DeskWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_thousand_rows_with_thirteen_bad_ones_leave_987_devices_and_thirteen_reasons()
    {
        var csv = new StringBuilder("key,name,family,area,lat,lon,period_s\n");
        for (int i = 1; i <= 1_000; i++)
            csv.Append(System.Globalization.CultureInfo.InvariantCulture, $"nuoc-{i:0000},Đồng hồ {i},{(i % 75 == 0 ? "nuoc" : "water")},00042,13.77,109.22,1800\n");

        ImportReport dry = await _world.ImportAsync(csv.ToString(), dryRun: true);
        Assert.Equal(3, _world.Registry.Count);
        Assert.Empty(await _world.AuditAsync());

        ImportReport report = await _world.ImportAsync(csv.ToString());
        int count = (1_000 / 75);

        Assert.Equal(13, count);
        Assert.Equal((1_000, 987, 0, 13), (report.Rows, report.Created, report.Updated, report.Failed));
        Assert.Equal((dry.Created, dry.Failed), (report.Created, report.Failed));
        Assert.Equal(Enumerable.Range(1, 13).Select(i => (75 * i) + 1), report.Faults.Select(fault => fault.Row));
        Assert.All(report.Faults, fault => Assert.Equal("family", fault.Column));
        Assert.Equal(990, _world.Registry.Count);

        ImportReport again = await _world.ImportAsync(csv.ToString());
        Assert.Equal((0, 0, 987, 13), (again.Created, again.Updated, again.Unchanged, again.Failed));
        await _world.RestartAsync();
        Assert.Equal(("Đồng hồ 1000", "Riverside"), (_world["nuoc-1000"].Name, _world["nuoc-1000"].AreaName));
    }

    [Fact]
    public async Task A_table_as_a_vietnamese_spreadsheet_writes_it_is_read()
    {
        const string Csv = "\uFEFFlon;lat;Name;key;family;params;period_s\r\n109,22;13,77;\"Trạm \"\"Cầu\"\"; bờ đông\";tram-1;water-level;\"bd1_m=6,5;bd2_m=7\";0,5\r\n\r\n";

        ImportReport report = await _world.ImportAsync(Csv);

        Assert.Empty(report.Faults);
        Device device = _world["tram-1"];
        Assert.Equal(("Trạm \"Cầu\"; bờ đông", new GeoPoint(13.77, 109.22), Duration.FromMilliseconds(500)), (device.Name, device.Position, device.Period));
        Assert.Equal("6,5", device.Parameters["bd1_m"]);
    }

    [Fact]
    public async Task A_missing_column_leaves_what_is_and_an_empty_cell_clears()
    {
        ImportReport report = await _world.ImportAsync("key,name,parent\nmeter-1,Công tơ,\ndcu-1,Concentrator,\n");

        Assert.Equal((0, 1, 1), (report.Created, report.Updated, report.Unchanged));
        Device meter = _world["meter-1"];
        Assert.Equal(("Công tơ", null, "gateway", "6.0"), (meter.Name, meter.Parent, meter.Profile, meter.Parameters["bd1_m"]));
        ImportLine line = Assert.Single(report.Lines);
        Assert.Equal((2, "meter-1", false), (line.Row, line.Device, line.IsNew));
        Assert.Equal([new FieldChange("name", "Meter", "Công tơ"), new FieldChange("parent", "dcu-1", null)], line.Fields);
    }

    [Fact]
    public async Task Every_fault_names_row_and_column_in_both_languages()
    {
        ImportReport report = await _world.ImportAsync(
            """
            key,family,lat,lon,parent,params,area,site,profile,period_s
            a,air,thirteen,109,,,,,,
            b,air,13.7,,,,,,,
            c,,,,,,,,,
            d,air,,,ghost,,,,,
            e,air,,,,depth,,,,
            a,air,,,,,,,,
            f,air,,,,,900,,,
            ,air,,,,,,,,
            g,air,,,,,,,x,-1
            h,air
            "i",air,,,,,,hall,gauge,60
            "multi
            line",air,,,,,,,,
            j,air,1,2,,,,,,
            """);

        Assert.Equal(
            [(2, "lat"), (3, "lon"), (4, "family"), (5, "parent"), (6, "params"), (7, "key"), (8, "area"), (9, "key"), (10, "profile"), (10, "period_s"), (11, null), (13, "key"), (14, "lat")],
            report.Faults.Select(fault => (fault.Row, fault.Column)));
        Assert.All(report.Faults, fault => Assert.True(fault.Vi.Length > 5 && fault.En.Length > 5));
        Assert.Equal((13, 1, 12), (report.Rows, report.Created, report.Failed));
        Assert.Equal("hall", _world["i"].Site);
    }

    [Fact]
    public async Task A_meter_may_stand_above_its_concentrator_and_falls_with_it()
    {
        ImportReport good = await _world.ImportAsync("key,family,parent\nm-1,electricity,dcu-9\ndcu-9,concentrator,\n");
        Assert.Equal((2, "dcu-9"), (good.Created, _world["m-1"].Parent));

        ImportReport bad = await _world.ImportAsync("key,family,parent\nm-2,electricity,dcu-8\ndcu-8,tank,\n");
        Assert.Equal([(2, "parent"), (3, "family")], bad.Faults.Select(fault => (fault.Row, fault.Column)));
        Assert.Equal((0, 2), (bad.Created, bad.Failed));
    }

    [Fact]
    public async Task An_unclaimed_device_is_taken_on_and_a_rejected_or_retired_one_is_not()
    {
        _world.Meet("new");
        _world.Meet("bad");
        await _world.DoAsync("bad", DeskAction.Reject);
        await _world.DoAsync("dcu-1", DeskAction.Retire);

        ImportReport report = await _world.ImportAsync("key,name\nnew,Mới\nbad,x\ndcu-1,y\n");

        Assert.Equal((0, 1, 2), (report.Created, report.Updated, report.Failed));
        Assert.Equal((DeviceStanding.InService, "Mới"), (_world["new"].Standing, _world["new"].Name));
        Assert.Equal([3, 4], report.Faults.Select(fault => fault.Row));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("name,family\nx,air\n")]
    [InlineData("key,colour\nx,red\n")]
    [InlineData("key,key\nx,x\n")]
    public async Task A_table_without_a_usable_header_takes_nothing_and_says_why(string csv)
    {
        ImportReport report = await _world.ImportAsync(csv);

        Assert.All(report.Faults, fault => Assert.Equal(1, fault.Row));
        Assert.NotEmpty(report.Faults);
        Assert.Equal((0, 3), (report.Created, _world.Registry.Count));
    }

    [Fact]
    public async Task A_broken_quote_ends_the_table_and_the_rows_before_it_are_kept()
    {
        ImportReport report = await _world.ImportAsync("key,family\na,air\n\"b,air\nc,air\n");

        Assert.Equal((1, 1), (report.Created, report.Failed));
        Assert.Equal(3, Assert.Single(report.Faults).Row);
    }

    [Fact]
    public async Task What_is_no_table_at_all_is_an_answer_and_no_exception()
    {
        var random = new Random(7);
        const string Letters = "key,;\"\n\r\t aá0.=~\u0000\uFEFF";
        for (int turn = 0; turn < 400; turn++)
        {
            string text = "key,family,parent\n" + string.Concat(Enumerable.Range(0, random.Next(80)).Select(_ => Letters[random.Next(Letters.Length)]));
            ImportReport report = await _world.ImportAsync(text, dryRun: true);
            Assert.True(report.Created + report.Updated + report.Unchanged + report.Failed <= report.Rows);
        }
    }
}
