using Ioc.Simulators.Patterns;
using Ioc.Simulators.Story;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Simulators;

public sealed class PatternTests
{
    private static readonly LocalDate Day = new(2026, 11, 23);

    [Fact]
    public void A_day_curve_adds_up_to_one_day()
    {
        foreach (DayCurve curve in (DayCurve[])[DayCurve.Traffic, DayCurve.Household, DayCurve.PublicBuilding, DayCurve.Water])
        {
            Assert.Equal(DayCurve.DaySeconds, curve.Until(DayCurve.DaySeconds * 3) - curve.Until(DayCurve.DaySeconds * 2), 6);
            // A sum of thin slices, the slow way.
            double slices = Enumerable.Range(0, 36_000).Sum(second => curve.At(second + 0.5));
            Assert.Equal(curve.Until(36_000), slices, 0.5);
        }
    }

    [Theory]
    [InlineData(6, 21, 12, 56)]
    [InlineData(12, 21, 11, 19)]
    [InlineData(3, 20, 12, 7)]
    public void The_longest_and_shortest_day_are_those_of_almanacs_for_fourteen_degrees_north(int month, int day, int hours, int minutes)
    {
        (double rise, double set) = Sun.HoursOf(new LocalDate(2026, month, day));
        Assert.Equal(hours + minutes / 60.0, set - rise, 4 / 60.0);
        Assert.InRange(rise, 5, 6.3);
    }

    [Fact]
    public void Street_lights_burn_from_sunset_to_sunrise_and_are_dimmed_late()
    {
        var light = new StreetLight(Day);
        Assert.Equal([0.6, 0.6, 0, 0, 0, 1, 1, 0.6], ((double[])[0, 5, 7, 12, 16.5, 18.5, 22.5, 23.5]).Select(hour => light.ShareAt(hour * 3_600)));
    }

    [Fact]
    public void What_street_lights_have_burnt_is_the_sum_of_what_they_burn()
    {
        var light = new StreetLight(Day);
        double sum = Enumerable.Range(0, 2 * 1_440).Sum(minute => light.ShareAt(minute * 60 + 30) * 60);
        Assert.InRange(light.BurntUntil(2 * DayCurve.DaySeconds), sum - 120, sum + 120);
    }

    [Theory]
    [InlineData(23, 9, true)]
    [InlineData(23, 12, false)]
    [InlineData(23, 15, true)]
    [InlineData(23, 3, false)]
    [InlineData(22, 9, false)]
    [InlineData(21, 15, false)]
    public void Desks_are_open_in_office_hours_of_working_days(int day, int hour, bool open)
    {
        LocalDateTime at = new(2026, 11, day, hour, 0);
        Assert.Equal(open, OfficeHours.OpenAt(at));
        Assert.Equal(open, OfficeHours.CrowdAt(at) > 0);
    }

    [Fact]
    public void Monday_at_nine_is_the_most_crowded_hour_of_the_week()
    {
        double most = Enumerable.Range(0, 7 * 24).Max(hour => OfficeHours.CrowdAt(Day.AtMidnight().PlusHours(hour)));
        Assert.Equal(OfficeHours.CrowdAt(Day.At(new LocalTime(9, 0))), most);
    }

    [Fact]
    public void It_is_mostly_dry_and_what_falls_is_the_sum_of_the_rate()
    {
        var showers = new Showers(Noise.Of(1, "rain-01"));
        const int Days = 60;
        double[] rates = [.. Enumerable.Range(0, Days * 1_440).Select(minute => showers.RateAt(minute * 60 + 30))];
        Assert.InRange(rates.Count(rate => rate > 0) / (double)rates.Length, 0.01, 0.15);
        Assert.InRange(rates.Max(), 5, 40);
        Assert.Equal(rates.Sum() / 60, showers.TotalAt(Days * DayCurve.DaySeconds), 0.5);
    }

    [Fact]
    public void Randomness_is_the_same_for_the_same_seed_and_another_for_another()
    {
        double[] first = [.. Enumerable.Range(0, 1_000).Select(tick => Noise.Of(7, "a").Uniform(tick, 3))];
        Assert.Equal(first, Enumerable.Range(0, 1_000).Select(tick => Noise.Of(7, "a").Uniform(tick, 3)));
        Assert.NotEqual(first[0], Noise.Of(8, "a").Uniform(0, 3));
        Assert.NotEqual(first[0], Noise.Of(7, "b").Uniform(0, 3));
        Assert.NotEqual(first[0], Noise.Of(7, "a").Uniform(0, 4));
        Assert.InRange(first.Average(), 0.45, 0.55);
        Assert.All(first, value => Assert.InRange(value, 0, 1));
    }

    [Fact]
    public void A_faster_day_leaves_device_clocks_true()
    {
        Instant start = Day.AtStartOfDayInZone(SimulatedTime.Zone).ToInstant();
        Moment moment = new SimulatedTime(start, 60).At(start + Duration.FromMinutes(2));
        Assert.Equal(Day.At(new LocalTime(0, 2)), moment.DeviceLocal);
        Assert.Equal(Day.At(new LocalTime(2, 0)), moment.Local);
        Assert.Equal(600, moment.Simulated(Duration.FromSeconds(10)));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(10, 0)]
    [InlineData(20, 0.5)]
    [InlineData(40, 1)]
    [InlineData(70, 0.5)]
    [InlineData(90, 0)]
    [InlineData(120, 0.5)]
    public void A_scene_rises_holds_falls_and_comes_again(double second, double strength) =>
        Assert.Equal(strength, new Scene(SceneKind.Flood, "x", After: 10, Rise: 20, Hold: 30, Fall: 20, Every: 100).StrengthAt(second), 9);
}
