using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Ioc.Server.Api;
using Xunit;

namespace Ioc.Tests.Server;

public sealed partial class MetricsTextTests
{
    [Fact]
    public void Every_line_follows_the_grammar_of_the_text_format()
    {
        using var meter = new Meter("Ioc.MetricsTextTests");
        using var metrics = new MetricsText();
        meter.CreateCounter<long>("ioc.test.messages", "{message}", "Counted \\ with a\nline break").Add(3, new KeyValuePair<string, object?>("reason", "a \"quoted\" \\ and\nbroken one"));
        meter.CreateHistogram<double>("ioc.test.flush", "s").Record(0.25);
        meter.CreateObservableGauge("ioc.test.depth", () => 7);

        string text = metrics.Write();

        Assert.EndsWith("\n", text);
        Assert.All(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches(Line(), line));
        Assert.Contains("ioc_test_messages_total{reason=\"a \\\"quoted\\\" \\\\ and\\nbroken one\"} 3", text, StringComparison.Ordinal);
        Assert.Contains("ioc_test_flush_seconds_count 1", text, StringComparison.Ordinal);
        Assert.Contains("ioc_test_depth 7", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_counter_adds_up_and_a_gauge_keeps_the_last()
    {
        using var meter = new Meter("Ioc.MetricsTextTests.Sums");
        using var metrics = new MetricsText();
        Counter<int> counter = meter.CreateCounter<int>("ioc.sums.counter");
        Gauge<int> gauge = meter.CreateGauge<int>("ioc.sums.gauge");
        foreach (int value in (int[])[5, 2])
        {
            counter.Add(value);
            gauge.Record(value);
        }

        string text = metrics.Write();

        Assert.Contains("ioc_sums_counter_total 7\n", text, StringComparison.Ordinal);
        Assert.Contains("ioc_sums_gauge 2\n", text, StringComparison.Ordinal);
    }

    // After the exposition format 0.0.4 of Prometheus: comment lines, or name, optional labels, value.
    [GeneratedRegex("""^(# (HELP|TYPE) [a-zA-Z_:][a-zA-Z0-9_:]* .+|[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*",?)*\})? (NaN|[+-]Inf|[-+0-9.eE]+))$""")]
    private static partial Regex Line();
}
