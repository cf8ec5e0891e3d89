using Ioc.Load.Figures;
using Ioc.Load.Publishing;
using Ioc.Load.Watching;
using Xunit;

namespace Ioc.Tests.Bench;

public sealed class FiguresTests
{
    [Fact]
    public void A_percentile_is_exact_to_a_sixty_fourth()
    {
        var random = new Random(7);
        var histogram = new LatencyHistogram();
        TimeSpan[] durations = [.. Enumerable.Range(0, 20_000).Select(_ => TimeSpan.FromMicroseconds(Math.Exp(14 * random.NextDouble())))];
        foreach (TimeSpan duration in durations)
            histogram.Record(duration);

        Array.Sort(durations);
        foreach (double percent in (double[])[1, 50, 90, 99, 99.9, 100])
        {
            TimeSpan exact = durations[(int)Math.Ceiling(durations.Length * percent / 100) - 1];
            Assert.InRange(histogram.Percentile(percent), exact, exact * (1 + 1.0 / 64) + TimeSpan.FromTicks(1));
        }

        Assert.Equal((20_000, durations[^1]), (histogram.Count, histogram.Longest));
    }

    [Fact]
    public void A_histogram_without_values_says_nothing_took_any_time() =>
        Assert.Equal(TimeSpan.Zero, new LatencyHistogram().Percentile(99));

    [Fact]
    public void A_pace_gives_every_connection_its_turn()
    {
        var pace = new Pace(10_000, Connections: 50);
        for (long allowed = 1; allowed < 500; allowed++)
        {
            long[] shares = [.. Enumerable.Range(0, 50).Select(connection => pace.ShareOf(connection, allowed))];
            Assert.Equal(allowed, shares.Sum());
            Assert.InRange(shares.Max() - shares.Min(), 0, 1);
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 5_001)]
    [InlineData(2, 20_001)]
    public void A_pace_allows_so_many_after_a_while(double seconds, long allowed)
    {
        var pace = new Pace(10_000, Connections: 50);
        Assert.Equal(allowed, pace.AllowedAfter(TimeSpan.FromSeconds(seconds)));
        Assert.Equal(TimeSpan.FromSeconds(seconds), pace.DueOf(allowed - 1));
    }

    [Fact]
    public void Without_a_pace_everything_is_allowed_at_once()
    {
        var pace = new Pace(0, Connections: 50);
        Assert.True(pace.IsUnbounded);
        Assert.Equal(long.MaxValue, pace.AllowedAfter(TimeSpan.Zero));
    }

    [Fact]
    public void Processor_time_is_read_behind_a_name_that_holds_anything() =>
        Assert.Equal(12.34, ProcessFigures.CpuSecondsOf("42 (a) S 1 (b)) S 1 42 42 0 -1 4194560 1 0 0 0 1000 234 0 0 20 0 9 0 100"), 6);

    [Fact]
    public void Resident_memory_is_read_in_bytes() =>
        Assert.Equal(184_320_000, ProcessFigures.ResidentBytesOf(["Name:\tdotnet", "VmRSS:\t  180000 kB", "RssAnon:\t 1 kB"]));

    [Fact]
    public void A_metric_is_the_sum_of_its_series_and_no_other()
    {
        const string Text = "# TYPE a gauge\na{g=\"0\"} 1.5\na{g=\"1\"} 2\nab 100\n";
        Assert.Equal(3.5, ServerFigures.ValueOf(Text, "a"));
        Assert.Equal(100, ServerFigures.ValueOf(Text, "ab"));
        Assert.Equal(double.NaN, ServerFigures.ValueOf(Text, "b"));
    }

    [Fact]
    public void Memory_that_goes_up_and_down_is_flat()
    {
        Sample[] samples = [.. Enumerable.Range(0, 60).Select(i => Steady(i) with { ResidentMegabytes = 200 + i % 7 * 4, HeapMegabytes = 30 + i % 5 })];
        var output = new StringWriter();

        Assert.True(WatchRun.Judge(samples, output));
        Assert.Contains("verdict: flat", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_grows_is_not_flat()
    {
        Sample[] samples = [.. Enumerable.Range(0, 60).Select(i => Steady(i) with { ResidentMegabytes = 200 + i })];
        var output = new StringWriter();

        Assert.False(WatchRun.Judge(samples, output));
        Assert.Contains("| RSS MB | 217.5 | 253.5 | 21.8 | NOT FLAT |", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_falls_behind_is_not_flat() =>
        Assert.False(WatchRun.Judge([.. Enumerable.Range(0, 60).Select(i => Steady(i) with { Lag = i * 2_000 })], TextWriter.Null));

    [Fact]
    public void A_run_too_short_has_no_verdict() =>
        Assert.False(WatchRun.Judge([.. Enumerable.Range(0, 5).Select(Steady)], TextWriter.Null));

    private static Sample Steady(int i) => new(i * 10, 200, 30, 120, 256, 500, i * 30_000L, i * 0.5);
}
