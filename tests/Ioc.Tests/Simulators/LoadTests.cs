using System.Text;
using System.Text.Json;
using Ioc.Simulators.Load;
using Ioc.Simulators.Patterns;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Simulators;

public sealed class LoadTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 11, 23, 1, 15, 40).PlusTicks(77);

    [Theory]
    [InlineData(1_000, 7, 3)]
    [InlineData(10, 200, 50)]
    [InlineData(5_000, 1, 50)]
    public void No_two_messages_of_a_device_share_a_time_and_none_is_of_the_future(long count, int devices, int connections)
    {
        var plan = new LoadPlan(count, devices, connections, Start);
        var seen = new HashSet<(int, Instant)>();
        var newest = new Dictionary<int, Instant>();
        for (long i = 0; i < count; i++)
        {
            (int device, Instant at) = (plan.DeviceOf(i), plan.DeviceTimeOf(i));
            Assert.True(seen.Add((device, at)), $"message {i} repeats the time of an earlier one");
            Assert.InRange(at, Start - LoadPlan.OldestDeviceTime, Start);
            Assert.True(!newest.TryGetValue(device, out Instant before) || at > before, $"the clock of device {device} goes back at message {i}");
            newest[device] = at;
        }
    }

    [Fact]
    public void All_messages_of_a_device_go_over_one_connection()
    {
        var plan = new LoadPlan(1_000, 30, 7, Start);
        Assert.All(Enumerable.Range(0, 1_000).GroupBy(i => plan.DeviceOf(i)), device => Assert.Single(device.Select(i => plan.ConnectionOf(i)).Distinct()));
        Assert.Equal(7, Enumerable.Range(0, 1_000).Select(i => plan.ConnectionOf(i)).Distinct().Count());
        Assert.Equal(30, new LoadPlan(1_000, 30, 50, Start).Connections);
    }

    [Fact]
    public void A_load_whose_times_would_be_too_old_for_the_server_is_refused_beforehand()
    {
        long seconds = 59L * 86_400;
        Assert.Null(new LoadPlan(seconds * 2, 2, 1, Start).Problem);
        Assert.Contains("give more --devices", new LoadPlan(seconds * 2 + 1, 2, 1, Start).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_says_what_the_plan_says()
    {
        var plan = new LoadPlan(100, 10, 1, Start);
        var message = new LoadMessages(plan, Noise.Of(1, "load")).Of(93);
        Assert.Equal("tele/load-00004/SENSOR", Encoding.UTF8.GetString(message.Topic));

        using JsonDocument json = JsonDocument.Parse(message.Payload);
        // Local time of the last second: message 93 is the tenth and last of device 4.
        Assert.Equal("2026-11-23T08:15:40", json.RootElement.GetProperty("Time").GetString());
        Assert.Equal(Start.ToUnixTimeSeconds() % 1_000_000 + 0.093m, json.RootElement.GetProperty("ENERGY").GetProperty("Total").GetDecimal());
    }

    [Theory]
    [InlineData(0, 0, long.MaxValue)]
    [InlineData(5_000, 0, 1)]
    [InlineData(5_000, 2.5, 12_501)]
    [InlineData(0.5, 3, 2)]
    public void A_pace_allows_so_many_messages_after_a_while(double perSecond, double seconds, long allowed) =>
        Assert.Equal(allowed, new Pace(perSecond).AllowedAfter(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void The_verdict_counts_what_was_stored_meanwhile_and_misses_nothing_else()
    {
        LoadVerdict verdict = LoadVerdict.Of(100, 100, 100, new Balance(50, 40, 0, 0), new Balance(150, 140, 0, 0));
        Assert.False(verdict.IsMissingAny);
        Assert.Equal(["sent 100, acknowledged 100", "stored 100"], verdict.Lines());
    }

    [Theory]
    [InlineData(100, 99, 99, 140, 0, 0)]
    [InlineData(100, 100, 99, 140, 0, 0)]
    [InlineData(100, 100, 100, 139, 0, 0)]
    [InlineData(100, 100, 100, 140, 1, 0)]
    [InlineData(100, 100, 100, 140, 0, 2)]
    public void Anything_missing_shows(long wanted, long sent, long acknowledged, long stored, long inFlight, long difference) =>
        Assert.True(LoadVerdict.Of(wanted, sent, acknowledged, new Balance(50, 40, 0, 0), new Balance(150, stored, inFlight, difference)).IsMissingAny);

    [Fact]
    public void Without_a_server_only_acknowledgements_count()
    {
        Assert.False(LoadVerdict.Of(10, 10, 10, null, null).IsMissingAny);
        Assert.Equal(["sent 10, acknowledged 10"], LoadVerdict.Of(10, 10, 10, null, null).Lines());
    }
}
