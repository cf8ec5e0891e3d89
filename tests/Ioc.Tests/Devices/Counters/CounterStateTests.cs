using Ioc.Devices.Counters;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Devices.Counters;

public sealed class CounterStateTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 11, 22, 0, 0);
    private static readonly SeriesRule SixteenBits = new(Semantics.Counter, 65536);
    private static readonly SeriesRule Volatile = new(Semantics.Counter, IsVolatile: true);
    private static readonly SeriesRule VolatileSixteenBits = new(Semantics.Counter, 65536, IsVolatile: true);
    private static readonly SeriesRule Marked = new(Semantics.Counter, HasMark: true);

    private CounterState _state;

    [Fact]
    public void The_first_reading_says_nothing_and_the_next_what_was_counted()
    {
        Assert.Equal(default, Take(1200.5, 0, SeriesRule.PlainCounter));
        Assert.Equal(new CounterStep(0.25, CounterEvent.None, null), Take(1200.75, 1, SeriesRule.PlainCounter));
        Assert.Equal(0, Take(1200.75, 2, SeriesRule.PlainCounter).Delta);
    }

    [Fact]
    public void A_register_that_goes_around_counts_on()
    {
        Take(65530, 0, SixteenBits);
        Assert.Equal(new CounterStep(9, CounterEvent.Wrapped, null), Take(3, 1, SixteenBits));
    }

    [Fact]
    public void A_fall_far_from_the_end_of_the_register_is_no_wrap()
    {
        Take(20_000, 0, SixteenBits);
        Assert.Equal(new CounterStep(null, CounterEvent.Exchanged, At(1)), Take(3, 1, SixteenBits));
        Assert.Equal(new CounterStep(4, CounterEvent.None, At(1)), Take(7, 2, SixteenBits));
    }

    [Fact]
    public void A_register_that_may_restart_has_to_come_closer_to_its_end_to_wrap()
    {
        Take(50_000, 0, VolatileSixteenBits);
        Assert.Equal(new CounterStep(12, CounterEvent.Restarted, At(1)), Take(12, 1, VolatileSixteenBits));
        Take(65_500, 2, VolatileSixteenBits);
        Assert.Equal(new CounterStep(40, CounterEvent.Wrapped, At(1)), Take(4, 3, VolatileSixteenBits));
    }

    [Fact]
    public void A_register_beyond_its_declared_width_never_gives_a_negative_step()
    {
        Take(70_000, 0, SixteenBits);
        Assert.Equal(CounterEvent.Exchanged, Take(100, 1, SixteenBits).Event);
    }

    [Fact]
    public void A_volatile_register_that_fell_counted_what_it_shows()
    {
        Take(5.82, 0, Volatile);
        Assert.Equal(new CounterStep(0.012, CounterEvent.Restarted, At(1)), Take(0.012, 1, Volatile));
    }

    [Fact]
    public void A_fall_that_nobody_declared_is_another_meter_and_no_negative_step()
    {
        Take(8_000, 0, SeriesRule.PlainCounter);
        Assert.Equal(new CounterStep(null, CounterEvent.Exchanged, At(1)), Take(0.5, 1, SeriesRule.PlainCounter));
    }

    [Fact]
    public void A_mark_that_changed_is_a_new_base_even_where_the_register_rose()
    {
        ResetMark first = ResetMark.Of(At(-1000));
        ResetMark second = ResetMark.Of(At(0.5));
        Assert.Equal(At(-1000), Take(10, 0, Marked, first).ResetAt);
        Assert.Equal(new CounterStep(12, CounterEvent.Restarted, At(0.5)), Take(12, 1, Marked, second));
        Assert.Equal(new CounterStep(3, CounterEvent.None, At(0.5)), Take(15, 2, Marked, second));
    }

    [Fact]
    public void A_reset_before_the_reading_before_says_nothing_of_what_was_counted_since()
    {
        Take(10, 0, Marked, ResetMark.Of(At(-1000)));
        Assert.Equal(new CounterStep(null, CounterEvent.Restarted, At(-5)), Take(12, 1, Marked, ResetMark.Of(At(-5))));
    }

    [Fact]
    public void A_mark_that_is_no_time_is_a_mark()
    {
        Take(10, 0, Marked, ResetMark.Of("boot-17"u8));
        Assert.Equal(4, Take(14, 1, Marked, ResetMark.Of("boot-17"u8)).Delta);
        Assert.Equal(new CounterStep(null, CounterEvent.Restarted, At(2)), Take(16, 2, Marked, ResetMark.Of("boot-18"u8)));
    }

    [Fact]
    public void A_fall_beside_an_unchanged_mark_is_no_restart()
    {
        ResetMark mark = ResetMark.Of(At(-1000));
        Take(10, 0, Marked, mark);
        Assert.Equal(CounterEvent.Exchanged, Take(4, 1, Marked, mark).Event);
    }

    [Fact]
    public void A_fall_with_a_mark_unknown_since_a_restart_of_ours_is_a_restart_of_the_register()
    {
        Take(10, 0, Marked);
        Assert.Equal(new CounterStep(4, CounterEvent.Restarted, At(1)), Take(4, 1, Marked, ResetMark.Of(At(-5))) with { ResetAt = At(1) });
    }

    [Fact]
    public void Late_repeated_and_impossible_readings_change_nothing()
    {
        Take(10, 5, SeriesRule.PlainCounter);
        Assert.Equal(default, Take(8, 3, SeriesRule.PlainCounter));
        Assert.Equal(default, Take(10, 5, SeriesRule.PlainCounter));
        Assert.Equal(default, Take(11, 5, SeriesRule.PlainCounter));
        Assert.Equal(default, Take(double.NaN, 6, SeriesRule.PlainCounter));
        Assert.Equal(default, _state.Take(1e9, At(6), Quality.OutOfRange, SeriesRule.PlainCounter, ResetMark.None));
        Assert.Equal(default, _state.Take(0, At(6), Quality.Bad, SeriesRule.PlainCounter, ResetMark.None));
        Assert.Equal(2, Take(12, 7, SeriesRule.PlainCounter).Delta);
    }

    [Fact]
    public void Dust_of_a_unit_conversion_is_no_fall()
    {
        double stand = 123_456_789.123;
        Take(stand, 0, SeriesRule.PlainCounter);
        Assert.Equal(new CounterStep(0, CounterEvent.None, null), Take(Math.BitDecrement(stand), 1, SeriesRule.PlainCounter));
    }

    [Fact]
    public void Whatever_comes_a_step_is_never_negative_and_rising_readings_add_up()
    {
        var random = new Random(20261122);
        foreach (SeriesRule rule in (SeriesRule[])[SeriesRule.PlainCounter, SixteenBits, Volatile, VolatileSixteenBits, Marked])
        {
            _state = default;
            for (int i = 0; i < 5_000; i++)
                Assert.True(Take(random.Next(70_000), random.Next(10_000), rule, random.Next(3) == 0 ? ResetMark.Of(At(random.Next(3))) : ResetMark.None).Delta is null or >= 0);

            _state = default;
            double stand = random.Next(100);
            double first = stand;
            double sum = 0;
            for (int i = 0; i < 1_000; i++)
                sum += Take(stand += random.Next(20), i, rule).Delta ?? (first = stand) * 0;
            Assert.Equal(stand - first, sum);
        }
    }

    private static Instant At(double minutes) => Start + Duration.FromMinutes(minutes);

    private CounterStep Take(double value, double minutes, SeriesRule rule, ResetMark mark = default) =>
        _state.Take(value, At(minutes), Quality.Good, rule, mark);
}
