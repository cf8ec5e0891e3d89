using Ioc.Devices.Metrics;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Devices;

public class MetricCatalogueFileTests
{
    [Fact]
    public void A_catalogue_is_read_in_the_order_of_its_file()
    {
        MetricCatalogue catalogue = Load("""
            - {name: active_power, unit: W, type: number, semantics: gauge, min: -1e9, max: 1e9, families: [electricity], vi: Công suất, en: Active power}
            - {name: recording, type: boolean, semantics: state, vi: Đang ghi, en: Recording}
            - {name: meter_status, type: word, words: [OK, DRY], vi: Tình trạng, en: Status}
            """);

        Assert.Equal(["active_power", "recording", "meter_status"], catalogue.All.Select(metric => metric.Name));
        Assert.True(catalogue.TryFind("active_power", out Metric? power));
        Assert.Equal(("W", Semantics.Gauge, -1e9, 1e9, "Công suất", "Active power"), (power.Unit, power.Semantics, power.Min, power.Max, power.NameVi, power.NameEn));
        Assert.True(catalogue.TryFind("meter_status", out Metric? status));
        Assert.Equal((MetricType.Word, Semantics.State, "DRY", double.PositiveInfinity), (status.Type, status.Semantics, status.Words[1], status.Max));
    }

    [Fact]
    public void The_list_may_stand_under_its_name_beside_the_schema() =>
        Assert.Single(Load("schema: 1\nmetrics:\n- {name: a, unit: m, vi: A, en: A}").All);

    [Theory]
    [InlineData("- {unit: m, vi: A, en: A}", ":1: name is missing.")]
    [InlineData("- {name: a, vi: A, en: A}", ":1: unit is missing.")]
    [InlineData("- {name: a, unit: m, en: A}", ":1: vi is missing.")]
    [InlineData("- {name: Active-Power, unit: m, vi: A, en: A}", ":1: name 'Active-Power' is not snake_case.")]
    [InlineData("- {name: a, unit: m, vi: A, en: A}\n- {name: a, unit: m, vi: A, en: A}", ":2: metric 'a' stands twice; first on line 1.")]
    [InlineData("- {name: a, unit: m, type: text, vi: A, en: A}", ":1: type 'text' is unknown; known are number, boolean, word, position.")]
    [InlineData("- {name: a, unit: m, semantics: rate, vi: A, en: A}", ":1: semantics 'rate' is unknown; known are gauge, counter, delta, state, event.")]
    [InlineData("- name: a\n  unit: m\n  min: 5\n  max: 1\n  vi: A\n  en: A", ":3: min 5 is above max 1.")]
    [InlineData("- name: a\n  unit: m\n  max: many\n  vi: A\n  en: A", ":3: max 'many' is not a number.")]
    [InlineData("- {name: a, unit: m, families: [planes], vi: A, en: A}", ":1: family 'planes' is unknown; known are")]
    [InlineData("- {name: a, type: word, vi: A, en: A}", ":1: metric 'a' is of type word and needs words.")]
    [InlineData("- {name: a, type: word, words: [x, x], vi: A, en: A}", ":1: a word stands twice.")]
    [InlineData("- {name: a, unit: m, words: [x], vi: A, en: A}", ":1: words belong to type word only.")]
    [InlineData("- {name: a, type: boolean, unit: m, vi: A, en: A}", ":1: unit 'm' belongs to numbers only.")]
    [InlineData("- name: a\n  unit: m\n  vi: A\n  en: A\n  colour: red", ":5: 'colour' is unknown here; known are")]
    [InlineData("- name: a\n  name: b", ":2:")]
    [InlineData("- just text", ":1: must be a mapping of names to values.")]
    public void A_wrong_entry_is_named_with_its_line(string yaml, string error)
    {
        MetricCatalogueException wrong = Assert.Throws<MetricCatalogueException>(() => Load(yaml));
        Assert.Contains($"metrics.yaml{error}", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        using var folder = new TemporaryFolder();
        Assert.StartsWith(folder.File("no.yaml") + ":1: cannot be read", Assert.Throws<MetricCatalogueException>(() => MetricCatalogueFile.Load(folder.File("no.yaml"))).Message, StringComparison.Ordinal);
    }

    private static MetricCatalogue Load(string yaml)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("metrics.yaml"), yaml);
        return MetricCatalogueFile.Load(folder.File("metrics.yaml"));
    }
}
