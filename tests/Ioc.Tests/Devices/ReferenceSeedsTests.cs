using Ioc.Alarms.Rules;
using Ioc.Devices.Metrics;
using Ioc.Devices.Registry;
using Ioc.Testing;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Devices;

public class ReferenceSeedsTests
{
    /// <summary>The metrics that the rules of the reference seeds watch, and nothing more.</summary>
    public const string MetricsOfTheRules = """
        - {name: water_level, unit: m, vi: A, en: A}
        - {name: rain_rate, unit: mm/h, vi: A, en: A}
        - {name: pm2_5, unit: ug/m3, vi: A, en: A}
        - {name: voltage, unit: V, vi: A, en: A}
        - {name: current, unit: A, vi: A, en: A}
        - {name: people_waiting, unit: "1", vi: A, en: A}
        - {name: camera_online, type: boolean, vi: A, en: A}
        - {name: lane_occupancy, unit: "1", vi: A, en: A}
        - {name: battery_voltage, unit: V, vi: A, en: A}
        """;

    public static readonly string Folder = Path.Combine(RepositoryRoot(), "seeds", "reference");

    [Fact]
    public void The_province_is_one_tree_before_and_another_after_the_reform()
    {
        AreaTree areas = Seeds.Load([Folder], Sample.Today).Areas;

        Assert.Equal("Tỉnh Bình Định", areas.Find("52", new LocalDate(2025, 6, 30))?.Name);
        Assert.Equal("Tỉnh Gia Lai", areas.Find("52", new LocalDate(2025, 7, 1))?.Name);
        Assert.Equal("Phường Thị Nại", areas.Find("21583", new LocalDate(2025, 6, 30))?.Name);
        Assert.Equal("Phường Quy Nhơn", areas.Find("21583", Sample.Today)?.Name);
        Assert.Equal(135, areas.ChildrenOf("52", Sample.Today).Count());
        Assert.All(areas.ChildrenOf("52", Sample.Today), area => Assert.Equal(AreaLevel.Commune, area.Level));
        Assert.All(areas.ChildrenOf("52", new LocalDate(2025, 6, 30)), area => Assert.Equal(AreaLevel.District, area.Level));
    }

    [Theory]
    [InlineData("quy-nhon", 6)]
    [InlineData("an-nhon", 6)]
    [InlineData("hoai-nhon", 7)]
    public void Each_zone_is_its_former_city_before_and_that_citys_units_after_the_reform(string id, int unitCount)
    {
        Zone zone = Seeds.Load([Folder], Sample.Today).Zones.Single(zone => zone.Id == id);

        Assert.Single(zone.Units, unit => unit.IsValidOn(new LocalDate(2025, 6, 30)));
        Assert.Equal(unitCount, zone.Units.Count(unit => unit.IsValidOn(Sample.Today)));
    }

    [Fact]
    public void The_rules_load_and_the_flood_levels_are_each_gauges_own()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("metrics.yaml"), MetricsOfTheRules);

        AlarmRules rules = AlarmRules.Load([Path.Combine(Folder, "alarms.yaml")], MetricCatalogueFile.Load(folder.File("metrics.yaml")), Seeds.Load([Folder], Sample.Today), Sample.Today);

        Assert.Equal(
            [("bd1_m", 3), ("bd2_m", 2), ("bd3_m", 1)],
            rules.All.Where(rule => rule.Metric?.Name == "water_level").Select(rule => (rule.LimitParameter!, rule.Priority)));
    }

    private static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Ioc.sln")))
            folder = Path.GetDirectoryName(folder);

        return folder ?? throw new DirectoryNotFoundException("The tests run outside the repository.");
    }
}
