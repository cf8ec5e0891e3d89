using Ioc.Alarms.Rules;
using Ioc.Devices.Registry;
using Ioc.Testing;
using Ioc.Tests.Devices;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Alarms;

public class AlarmRulesTests
{
    private const string Message = "message: {vi: a, en: b}";

    [Fact]
    public void A_rule_is_read_with_all_that_a_person_can_write()
    {
        AlarmRule rule = Assert.Single(Load("""
            schema: 1
            rules:
              - id: flood
                metric: water_level
                above: bd1_m
                deadband: 0.05
                on_delay: 20
                off_delay: 40
                priority: 3
                families: [water-level, electricity]
                zones: [town]
                areas: ["11"]
                parameters: [bd1_m]
                channels: [east]
                valid_from: 2025-07-01
                valid_to: 2026-12-31
                message: {vi: "mực nước {value}", en: "level {value}"}
            """).All);

        Assert.Equal((Comparison.Above, null, "bd1_m", 0.05, 3), (rule.Comparison, rule.Limit, rule.LimitParameter, rule.Deadband, rule.Priority));
        Assert.Equal((Duration.FromSeconds(20), Duration.FromSeconds(40), new LocalDate(2025, 7, 1), new LocalDate(2026, 12, 31)), (rule.OnDelay, rule.OffDelay, rule.ValidFrom, rule.ValidTo));
        Assert.Equal(["east"], rule.Channels);
        Assert.Contains("00042", rule.Selector.Areas);
    }

    [Fact]
    public void A_selector_needs_every_part_that_is_given()
    {
        var selector = new RuleSelector(["air"], [], ["00042"], ["town"], ["limit"]);
        Device all = Sample.Device("a", "air", parameters: "limit=1") with { Area = "00042", Zones = ["port", "town"] };

        Assert.True(selector.Selects(all));
        Assert.False(selector.Selects(all with { Family = "rain" }));
        Assert.False(selector.Selects(all with { Area = null }));
        Assert.False(selector.Selects(all with { Zones = ["port"] }));
        Assert.False(selector.Selects(all with { Parameters = new Dictionary<string, string>() }));
    }

    [Fact]
    public void Words_and_truths_are_compared_by_name()
    {
        AlarmRules rules = Load($"rules:\n- {{id: a, metric: camera_online, is: false, priority: 1, {Message}}}\n- {{id: b, metric: mode, is: fault, priority: 1, {Message}}}");

        Assert.Equal([0d, 1], rules.All.Select(rule => rule.Limit!.Value));
    }

    [Theory]
    [InlineData($"metric: water_level, above: 1, priority: 1, {Message}", "id is missing.")]
    [InlineData($"id: a, above: 1, priority: 1, {Message}", "metric is missing.")]
    [InlineData($"id: a, metric: nothing, above: 1, priority: 1, {Message}", "metric 'nothing' is not in the catalogue.")]
    [InlineData($"id: a, metric: water_level, priority: 1, {Message}", "needs exactly one of above, below, is, state.")]
    [InlineData($"id: a, metric: water_level, above: 1, below: 2, priority: 1, {Message}", "needs exactly one of above, below, is, state.")]
    [InlineData($"id: a, metric: water_level, above: 1, priority: 5, {Message}", "priority 5 is not 1, 2, 3 or 4.")]
    [InlineData($"id: a, metric: water_level, above: 1, {Message}", "priority is missing.")]
    [InlineData($"id: a, metric: water_level, above: 1 m, priority: 1, {Message}", "above '1 m' is neither a number nor the name of a device parameter.")]
    [InlineData($"id: a, metric: water_level, above: note, priority: 1, {Message}", "parameter note of device 'meter-1' is 'two words', no number.")]
    [InlineData($"id: a, metric: water_level, above: 1, deadband: -1, priority: 1, {Message}", "deadband -1 is negative or absurdly large.")]
    [InlineData($"id: a, metric: water_level, above: 1, on_delay: soon, priority: 1, {Message}", "on_delay 'soon' is not a number.")]
    [InlineData($"id: a, metric: water_level, is: 'true', priority: 1, {Message}", "metric 'water_level' is a number; use above or below.")]
    [InlineData($"id: a, metric: mode, is: broken, priority: 1, {Message}", "is 'broken' is no word of 'mode'; its words are idle, fault.")]
    [InlineData($"id: a, metric: mode, above: 1, priority: 1, {Message}", "metric 'mode' is no number; use is.")]
    [InlineData($"id: a, metric: mode, state: offline, priority: 1, {Message}", "state and metric do not go together.")]
    [InlineData($"id: a, state: dead, priority: 1, {Message}", "state 'dead' is unknown; known are stale, offline.")]
    [InlineData($"id: a, metric: water_level, above: 1, priority: 1, families: [planes], {Message}", "family 'planes' is unknown.")]
    [InlineData($"id: a, metric: water_level, above: 1, priority: 1, devices: [ghost], {Message}", "device 'ghost' is unknown.")]
    [InlineData($"id: a, metric: water_level, above: 1, priority: 1, areas: ['900'], {Message}", "area '900' is unknown.")]
    [InlineData($"id: a, metric: water_level, above: 1, priority: 1, zones: [moon], {Message}", "zone 'moon' is unknown.")]
    [InlineData($"id: a, metric: water_level, above: 1, priority: 1, valid_from: 2026-02-01, valid_to: 2026-01-01, {Message}", "valid_to is before valid_from.")]
    [InlineData("id: a, metric: water_level, above: 1, priority: 1", "message is missing.")]
    [InlineData("id: a, metric: water_level, above: 1, priority: 1, message: {vi: x}", "en is missing.")]
    [InlineData("id: a, metric: water_level, above: 1, priority: 1, message: {vi: '{valu}', en: y}", "{valu} is unknown; known are device, area, channel, value, limit, excess, unit.")]
    [InlineData($"id: a, metric: water_level, above: 1, priority: 1, delay: 5, {Message}", "'delay' is unknown here; known are")]
    public void A_wrong_rule_is_named_with_its_line(string rule, string error)
    {
        AlarmRulesException wrong = Assert.Throws<AlarmRulesException>(() => Load("rules:\n\n- {" + rule + "}"));
        Assert.Contains(wrong.Errors, found => found.Line == 3 && found.Message.StartsWith(error, StringComparison.Ordinal));
    }

    [Fact]
    public void One_rule_may_have_several_thresholds_but_only_one_on_a_day()
    {
        string rule = $"id: a, metric: water_level, above: 1, priority: 1, {Message}";
        Assert.Equal(2, Load($"rules:\n- {{{rule}, valid_to: 2026-01-31}}\n- {{{rule}, valid_from: 2026-02-01}}").All.Count);

        AlarmRulesException twice = Assert.Throws<AlarmRulesException>(() => Load($"rules:\n- {{{rule}, valid_to: 2026-02-01}}\n- {{{rule}, valid_from: 2026-02-01}}"));
        Assert.EndsWith("alarms.yaml:3: rule 'a' stands twice for the same days.", twice.Message, StringComparison.Ordinal);
    }

    private static AlarmRules Load(string yaml)
    {
        using var seeds = new SeedFolder();
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("alarms.yaml"), yaml);
        return AlarmRules.Load([folder.File("alarms.yaml")], Sample.Metrics, seeds.Load(), Sample.Today);
    }
}
