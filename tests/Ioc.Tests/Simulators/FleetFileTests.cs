using Ioc.Simulators.Fleet;
using Ioc.Testing;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Simulators;

public sealed class FleetFileTests
{
    private const string Header = "key,source,name,family,profile,site,area,lat,lon,period_s,parent,params\n";
    private static readonly string[] Profiles = ["airgradient", "thingsboard-gateway"];

    [Fact]
    public void A_row_becomes_a_device()
    {
        FleetDevice device = Assert.Single(Read("a1,default,\"Trạm \"\"A\"\", cầu\",air,airgradient,,1,0,0,15,,height_m=3.5;floor=2\n"));
        Assert.Equal(("a1", "Trạm \"A\", cầu", "air", "airgradient", Duration.FromSeconds(15), null), (device.Key, device.Name, device.Family, device.Profile, device.Period, device.Parent));
        Assert.Equal((3.5, 2d, 9d), (device.Number("height_m", 9), device.Number("floor", 9), device.Number("nothing", 9)));
    }

    [Fact]
    public void Every_error_is_told_with_its_file_and_line()
    {
        string rows =
            "a1,default,A,air,airgradient,,1,0,0,10,,\n" +
            "a/2,default,B,air,airgradient,,1,0,0,10,,\n" +
            "a3,default,C,air,nonesuch,,1,0,0,10,,\n" +
            "a4,default,D,air,airgradient,,1,0,0,0,,\n" +
            "a5,default,E,air,airgradient,,1,0,0,10,,mount_m=high;mount_m=3\n" +
            "a6,too,short\n" +
            "a1,default,G,air,airgradient,,1,0,0,10,,\n" +
            "a8,default,H,air,airgradient,,1,0,0,10,nobody,\n";

        var refused = Assert.Throws<FleetFileException>(() => Read(rows));

        Assert.Equal(
            ["city.csv:3:", "city.csv:4:", "city.csv:5:", "city.csv:6:", "city.csv:6:", "city.csv:7:", "city.csv:8:", "city.csv:9:"],
            refused.Errors.Select(error => error[..error.IndexOf(' ', StringComparison.Ordinal)]));
        Assert.Contains("city.csv:8: key 'a1' is on line 2 already", refused.Message, StringComparison.Ordinal);
        Assert.Contains("city.csv:9: parent 'nobody' of 'a8' is no device of this file", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_may_break_its_line_and_the_next_row_still_has_its_right_number()
    {
        var refused = Assert.Throws<FleetFileException>(() => Read("a1,default,\"two\nlines\",air,airgradient,,1,0,0,10,,\nb,default,B,air,nonesuch,,1,0,0,10,,\n"));
        Assert.StartsWith("city.csv:4: profile 'nonesuch' has no encoder here", Assert.Single(refused.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "city.csv:1: the file is empty")]
    [InlineData("key,name,family,profile,parent,params\n", "city.csv:1: column period_s is missing")]
    [InlineData(Header + "a,default,\"never closed,air\n", "city.csv: a quote opened on line 2 is never closed")]
    public void A_file_that_is_no_fleet_is_refused(string text, string error)
    {
        using var reader = new StringReader(text);
        Assert.Equal([error], Assert.Throws<FleetFileException>(() => FleetFile.Read(reader, "city.csv", Profiles)).Errors);
    }

    [Fact]
    public void A_folder_without_a_fleet_is_told_by_its_name()
    {
        using var folder = new TemporaryFolder();
        var refused = Assert.Throws<FleetFileException>(() => FleetFile.Load(folder.FullName, Profiles));
        Assert.StartsWith($"{folder.File("devices.csv")}: no such file", refused.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<FleetDevice> Read(string rows)
    {
        using var reader = new StringReader(Header + rows);
        return FleetFile.Read(reader, "city.csv", Profiles);
    }
}
