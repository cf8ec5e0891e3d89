using Ioc.Devices.Counters;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Twins;
using Xunit;

namespace Ioc.Tests.Devices.Counters;

public sealed class TwinCounterTests
{
    private static readonly MetricCatalogue Metrics = new(
    [
        new Metric { Id = new(1), Name = "energy", Type = MetricType.Number, Unit = "kW.h", Semantics = Semantics.Counter, NameVi = "Điện năng", NameEn = "Energy" },
        new Metric { Id = new(2), Name = "power", Type = MetricType.Number, Unit = "W", Semantics = Semantics.Gauge, NameVi = "Công suất", NameEn = "Power" },
    ]);

    private static readonly MetricId Energy = new(1);
    private static readonly MetricId Power = new(2);

    private readonly TwinStore _twins = new(Sample.Registry(Sample.Device()), new TwinOptions(), Metrics);
    private long _offset;

    private static DeviceId One => new(1);

    [Fact]
    public async Task The_newest_value_of_a_counter_says_what_it_added()
    {
        await Take(Energy, 100, 0);
        await Take(Energy, 100.4, 60);
        await Take(Power, 50, 60);

        Assert.Equal(0.4, Latest(Energy).Counter.Delta!.Value, 9);
        Assert.Equal((Semantics.Counter, Semantics.Gauge), (Latest(Energy).Kind, Latest(Power).Kind));
        Assert.Equal(default, Latest(Power).Counter);
    }

    [Fact]
    public async Task The_profiles_word_wins_over_the_metrics_own()
    {
        var gauge = new SeriesRule(Semantics.Gauge);
        await Take(Energy, 100, 0, gauge);
        await Take(Energy, 101, 1, gauge);
        var counter = new SeriesRule(Semantics.Counter, 256);
        await Take(Power, 250, 0, counter);
        await Take(Power, 4, 1, counter);

        Assert.Equal((Semantics.Gauge, default(CounterStep)), (Latest(Energy).Kind, Latest(Energy).Counter));
        Assert.Equal(new CounterStep(10, CounterEvent.Wrapped, null), Latest(Power).Counter);
    }

    [Fact]
    public async Task Batches_that_come_again_late_and_filled_back_leave_what_was_added()
    {
        await Take(Energy, 100, 0);
        await Take(Energy, 103, 60);
        await Take(Energy, 101, 30);
        await Take(Energy, 90, 90, quality: Quality.Historical);
        await Take(Energy, 103, 60);

        Assert.Equal((103.0, 3.0), (Latest(Energy).Value, Latest(Energy).Counter.Delta));
    }

    [Fact]
    public async Task After_a_restart_the_stored_value_is_the_base()
    {
        _twins.Restore([Sample.Reading(100, Sample.At(0), metric: Energy)], 0, Sample.At(10));
        Assert.Null(Latest(Energy).Counter.Delta);
        await Take(Energy, 100, 0);
        await Take(Energy, 102, 60);

        Assert.Equal(2.0, Latest(Energy).Counter.Delta);
    }

    [Fact]
    public async Task Counters_beyond_the_bound_are_shown_without_what_they_add()
    {
        var twins = new TwinStore(Sample.Registry(Sample.Device()), new TwinOptions { MaxCounters = 1 }, Metrics);
        for (int i = 0; i < 2; i++)
        {
            await twins.ConsumeAsync(
                Sample.Batch(i, Sample.Reading(i, Sample.At(i), metric: Energy, channel: new ChannelId(1)), Sample.Reading(i, Sample.At(i), metric: Energy, channel: new ChannelId(2))),
                TestContext.Current.CancellationToken);
        }

        Assert.Equal([1.0, null], twins.Read(One).Latest.Select(reading => reading.Counter.Delta));
    }

    private LatestReading Latest(MetricId metric) => _twins.Read(One).Latest.Single(reading => reading.Metric == metric);

    private async Task Take(MetricId metric, double value, double seconds, SeriesRule? rule = null, Quality quality = Quality.Good)
    {
        var batch = new ReadingBatch();
        batch.Clear(_offset);
        batch.Add(Sample.Reading(value, Sample.At(seconds), metric: metric, quality: quality), rule);
        batch.Commit(_offset++, Sample.At(seconds), One, MessageOutcome.Stored, 0);
        await _twins.ConsumeAsync(batch, TestContext.Current.CancellationToken);
    }
}
