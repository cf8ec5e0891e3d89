using Ioc.Devices.Registry;
using Ioc.Testing;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Devices;

public class SeedsTests
{
    [Fact]
    public void A_device_takes_place_and_zones_from_its_site()
    {
        using var folder = new SeedFolder();

        Device cabinet = folder.Load().Devices[0];

        Assert.Equal(("cabinet-1", "cabinet-1", "hall", "00042", "Riverside"), (cabinet.Key, cabinet.Name, cabinet.Site, cabinet.Area, cabinet.AreaName));
        Assert.Equal(new GeoPoint(13.771, 109.231), cabinet.Position);
        Assert.Equal(["town"], cabinet.Zones);
        Assert.Equal("Town hall, east", folder.Load().Sites[0].Name);
    }

    [Fact]
    public void A_device_has_its_concentrator_period_and_parameters()
    {
        using var folder = new SeedFolder();

        Device meter = folder.Load().Devices[2];

        Assert.Equal(("dcu-1", Duration.FromMinutes(30), null), (meter.Parent, meter.Period, meter.Position));
        Assert.Equal([("bd1_m", "6.0"), ("note", "two words")], meter.Parameters.Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public void The_same_code_is_another_unit_on_another_day()
    {
        using var folder = new SeedFolder();
        AreaTree areas = folder.Load().Areas;

        Assert.Equal("Old Province", areas.Find("11", new LocalDate(2025, 6, 30))?.Name);
        Assert.Equal("New Province", areas.Find("11", new LocalDate(2025, 7, 1))?.Name);
        Assert.Null(areas.Find("900", new LocalDate(2025, 7, 1)));
        Assert.True(areas.IsWithin("00042", "11", Sample.Today));
        Assert.Equal(["900"], areas.ChildrenOf("11", new LocalDate(2025, 6, 30)).Select(area => area.Code));
    }

    [Fact]
    public void Missing_files_are_nothing_and_a_missing_folder_is_an_error()
    {
        using var empty = new TemporaryFolder();

        Assert.Empty(Seeds.Load([empty.FullName], Sample.Today).Devices);
        SeedException missing = Assert.Throws<SeedException>(() => Seeds.Load([empty.File("nowhere")], Sample.Today));
        Assert.Equal($"{empty.File("nowhere")}:1: is no folder.", missing.Message);
    }

    [Theory]
    [InlineData("52,X,province,,2025-07-01,2025-06-01,,,", "areas.csv:2: valid_to 2025-06-01 is before valid_from 2025-07-01.")]
    [InlineData("52,X,planet,,2025-07-01,,,,", "areas.csv:2: level 'planet' is unknown; known are province, district, commune.")]
    [InlineData("52,X,province,,01/07/2025,,,,", "areas.csv:2: valid_from '01/07/2025' is not a date such as 2025-07-01.")]
    [InlineData("52,X,province,,,,,,", "areas.csv:2: valid_from is empty.")]
    [InlineData("52,X,province,,2025-02-30,,,,", "areas.csv:2: valid_from '2025-02-30' is not a date such as 2025-07-01.")]
    [InlineData("5A,X,province,,2025-07-01,,,,", "areas.csv:2: code '5A' is not made of digits.")]
    [InlineData("52,X,commune,,2025-07-01,,,,", "areas.csv:2: parent is empty; only a province has none.")]
    [InlineData("52,X,commune,99,2025-07-01,,,,", "areas.csv:2: parent '99' is unknown.")]
    [InlineData("52,X,province,,2025-07-01,,109.2,13.7,", "areas.csv:2: lat 109.2, lon 13.7 is outside Việt Nam (7.5 to 24 north, 102 to 118 east).")]
    [InlineData("52,X,province,,2025-07-01,,13.7,,", "areas.csv:2: lat and lon belong together; one is empty.")]
    [InlineData("52,X,province,,2025-07-01,,13.7,abc,", "areas.csv:2: lon 'abc' is not a number.")]
    [InlineData("52,X,province,,2025-07-01,,,,77", "areas.csv:2: predecessor '77' is no area that was valid on 2025-06-30.")]
    [InlineData("52,X,province,,2025-07-01,,", "areas.csv:2: has 7 cells, the header has 9.")]
    [InlineData("52,X,province,,2025-07-01,,,,\n52,Y,province,,2025-07-01,,,,", "areas.csv:3: area '52' from 2025-07-01 stands twice.")]
    [InlineData("52,X,province,,2020-01-01,,,,\n52,Y,province,,2025-07-01,,,,", "areas.csv:3: area '52' is valid at the same time as 'X' of the same code.")]
    [InlineData("52,X,province,,2020-01-01,2024-01-01,,,\n1,Y,commune,52,2020-01-01,,,,", "areas.csv:3: parent '52' ends on 2024-01-01, before this area does.")]
    [InlineData("52,X,commune,1,2020-01-01,,,,\n1,Y,commune,52,2020-01-01,,,,", "areas.csv:2: parent '1' is a commune and cannot stand above a commune.")]
    public void A_wrong_area_is_named_with_its_line(string rows, string error)
    {
        using var folder = new SeedFolder();
        folder.Write("zones.yaml", "");
        folder.Write("sites.csv", SeedFolder.SiteHeader);
        folder.Write("devices.csv", SeedFolder.DeviceHeader);
        folder.Write("areas.csv", SeedFolder.AreaHeader + "\n" + rows);

        Assert.Contains(error, folder.Errors());
    }

    [Theory]
    [InlineData("zones: [{id: a, name: A, units: [{code: '99', from: 2025-07-01}]}]", "zones.yaml:1: area '99' is unknown.")]
    [InlineData("zones:\n- {id: a, name: A, units: [{code: '900', from: 2025-07-01}]}", "zones.yaml:2: area '900' is not valid on 2025-07-01.")]
    [InlineData("zones:\n- {id: a, name: A}\n- {id: a, name: B}", "zones.yaml:3: zone 'a' stands twice.")]
    [InlineData("zones:\n- {id: a}", "zones.yaml:2: name is missing.")]
    [InlineData("zones:\n- id: a\n  name: A\n  color: red", "zones.yaml:4: 'color' is unknown here; known are id, name, units.")]
    [InlineData("zones:\n- id: a\n  name: [x\n  units: 5", "zones.yaml:3: is broken YAML here or on the next line.")]
    [InlineData("zones:\n- {id: a, name: A, units: [{code: '00042'}]}", "zones.yaml:2: from is missing.")]
    [InlineData("zones:\n- {id: a, name: A, units: [{code: '00042', from: soon}]}", "zones.yaml:2: from 'soon' is not a date such as 2025-07-01.")]
    [InlineData("schema: 2\nzones: []", "zones.yaml:1: schema 2 is unknown; this version reads schema 1.")]
    public void A_wrong_zone_is_named_with_its_line(string yaml, string error)
    {
        using var folder = new SeedFolder();
        folder.Write("zones.yaml", yaml);

        Assert.Contains(folder.Errors(), found => found.StartsWith(error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a,A,office,99,,", "sites.csv:2: area '99' is unknown.")]
    [InlineData("a,A,office,900,,", "sites.csv:2: area '900' is not valid on 2026-11-22.")]
    [InlineData("a,A,office,,,\na,B,office,,,", "sites.csv:3: site 'a' stands twice.")]
    [InlineData("a,,office,,,", "sites.csv:2: name is empty.")]
    public void A_wrong_site_is_named_with_its_line(string rows, string error)
    {
        using var folder = new SeedFolder();
        folder.Write("devices.csv", SeedFolder.DeviceHeader);
        folder.Write("sites.csv", SeedFolder.SiteHeader + "\n" + rows);

        Assert.Equal([error], folder.Errors());
    }

    [Theory]
    [InlineData("a,,,air,,,,,,60,,\na,,,air,,,,,,60,,", "devices.csv:3: device 'a' of source 'default' stands twice.")]
    [InlineData(",,,air,,,,,,60,,", "devices.csv:2: key is empty.")]
    [InlineData("a,,,planes,,,,,,60,,", "devices.csv:2: family 'planes' is unknown; known are traffic, air, water-level, rain, electricity, water, onestop, lighting, loudspeaker, concentrator, other.")]
    [InlineData("a,,,air,,nowhere,,,,60,,", "devices.csv:2: site 'nowhere' is unknown.")]
    [InlineData("a,,,air,,,99,,,60,,", "devices.csv:2: area '99' is unknown.")]
    [InlineData("a,,,air,,,,13.7,1092,60,,", "devices.csv:2: lat 13.7, lon 1092 is outside Việt Nam (7.5 to 24 north, 102 to 118 east).")]
    [InlineData("a,,,air,,,,,,,,", "devices.csv:2: period_s is empty.")]
    [InlineData("a,,,air,,,,,,0,,", "devices.csv:2: period_s 0 is not between 0 and 31 days.")]
    [InlineData("a,,,air,,,,,,\"1,5\",,", "devices.csv:2: period_s '1,5' is not a number.")]
    [InlineData("a,,,air,,,,,,60,ghost,", "devices.csv:2: parent 'ghost' is unknown.")]
    [InlineData("a,,,air,,,,,,60,a,", "devices.csv:2: is its own parent.")]
    [InlineData("a,,,air,,,,,,60,,mount", "devices.csv:2: params 'mount' is not name=value.")]
    [InlineData("a,,,air,,,,,,60,,m=1;m=2", "devices.csv:2: params name 'm' stands twice.")]
    [InlineData("a,,\"x\"y,air,,,,,,60,,", "devices.csv:2: text after a closing quote.")]
    [InlineData("a,,x\"y,air,,,,,,60,,", "devices.csv:2: a quote inside a cell that does not begin with one; write the cell in quotes and double the inner ones.")]
    [InlineData("a,,,air,,,,,,60,,\nb,,\"open,air,,,,,,60,,\n", "devices.csv:3: a quote is opened and never closed.")]
    public void A_wrong_device_is_named_with_its_line(string rows, string error)
    {
        using var folder = new SeedFolder();
        folder.Write("devices.csv", SeedFolder.DeviceHeader + "\n" + rows);

        Assert.Equal([error], folder.Errors());
    }

    [Fact]
    public void Columns_that_are_missing_unknown_or_doubled_are_named()
    {
        using var folder = new SeedFolder();
        folder.Write("sites.csv", "id,name,name,kind,area,lat,color\n");
        folder.Write("devices.csv", SeedFolder.DeviceHeader);

        Assert.Equal(
            [
                "sites.csv:1: column 'lon' is missing.",
                "sites.csv:1: column 'color' is unknown; known are id, name, kind, area, lat, lon.",
                "sites.csv:1: column 'name' stands twice.",
            ],
            folder.Errors());
    }

    [Fact]
    public void An_empty_file_lacks_its_header_and_foreign_bytes_are_told()
    {
        using var folder = new SeedFolder();
        folder.Write("sites.csv", "");
        folder.Write("devices.csv", SeedFolder.DeviceHeader);
        Assert.Equal(["sites.csv:1: has no header."], folder.Errors());

        using var latin = new TemporaryFolder();
        File.WriteAllBytes(latin.File("devices.csv"), [0x6B, 0xE9, 0x79]);
        Assert.EndsWith("devices.csv:1: is not UTF-8.", Assert.Throws<SeedException>(() => Seeds.Load([latin.FullName], Sample.Today)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_errors_of_all_files_are_told_at_once()
    {
        using var folder = new SeedFolder();
        folder.Write("zones.yaml", "zones: [{id: a, name: A, units: [{code: '99', from: 2025-07-01}]}]");
        folder.Write("sites.csv", SeedFolder.SiteHeader + "\na,A,office,98,,");
        folder.Write("devices.csv", SeedFolder.DeviceHeader + "\na,,,planes,,,97,,,x,,\nb,,,air,,,,,,60,ghost,");

        string[] errors = folder.Errors();

        Assert.Equal(["zones.yaml:1", "sites.csv:2", "devices.csv:2", "devices.csv:2", "devices.csv:2", "devices.csv:3"], errors.Select(error => error[..error.IndexOf(": ", StringComparison.Ordinal)]));
    }

    [Fact]
    public void Files_cut_or_mangled_anywhere_are_refused_or_read_but_never_crash_the_loader()
    {
        using var folder = new SeedFolder();
        var random = new Random(20261122);
        string[] files = ["areas.csv", "zones.yaml", "sites.csv", "devices.csv"];
        int refusedCount = 0;
        foreach (string file in files)
        {
            string good = folder.Read(file);
            for (int i = 0; i < 300; i++)
            {
                int at = random.Next(good.Length);
                folder.Write(file, i % 2 == 0 ? good[..at] : good.Remove(at, 1).Insert(at, "[]{}\"',:&*|>!%@-\n\t\0é"[random.Next(20)].ToString()));
                try
                {
                    folder.Load();
                }
                catch (SeedException refused)
                {
                    Assert.All(refused.Errors, error => Assert.True(error.Line >= 1));
                    refusedCount++;
                }
            }

            folder.Write(file, good);
        }

        Assert.True(refusedCount > 300);
    }

    [Fact]
    public void Quoted_cells_keep_commas_quotes_and_lines_and_the_next_line_keeps_its_number()
    {
        using var folder = new SeedFolder();
        folder.Write("sites.csv", "\uFEFF" + SeedFolder.SiteHeader + "\r\na,\"one, \"\"two\"\"\r\nthree\",office,,,\r\n\r\nb,B,office,99,,\r\n");
        folder.Write("devices.csv", SeedFolder.DeviceHeader);
        Assert.Equal(["sites.csv:5: area '99' is unknown."], folder.Errors());

        folder.Write("sites.csv", SeedFolder.SiteHeader + "\na,\"one, \"\"two\"\"\nthree\",office,,,");
        Assert.Equal("one, \"two\"\nthree", folder.Load().Sites[0].Name);
    }
}
