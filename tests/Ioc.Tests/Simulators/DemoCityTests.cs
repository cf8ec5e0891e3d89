using System.Text;
using Ioc.Alarms.Lifecycle;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Simulators.Fleet;
using Ioc.Simulators.Patterns;
using Ioc.Simulators.Story;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Simulators;

/// <summary>Two descriptions of the same formats meet: the simulators', written from vendors' documents, and the firmware profiles.</summary>
public sealed class DemoCityTests
{
    private static readonly LocalDate Monday = new(2026, 11, 23), Sunday = new(2026, 11, 22);

    public static TheoryData<string, int> Moments => new()
    {
        { "Sunday", 2 }, { "Monday", 7 }, { "Monday", 9 },
    };

    [Fact]
    public async Task Every_message_of_every_demo_device_is_understood_as_that_devices()
    {
        using var city = new DemoCity(At(Monday, 9), Plot.Quiet);
        var silent = city.Registry.All.Select(device => device.Key).ToHashSet();
        var problems = new List<string>();
        city.Heard = (player, message, batch) =>
        {
            string what = $"{Encoding.UTF8.GetString(message.Topic)}: ";
            BatchMessage row = batch.Messages[0];
            if (row.Outcome != MessageOutcome.Stored)
                problems.Add($"{what}{row.Outcome} {row.Reason} {row.Detail}");
            if (row.Device == DeviceId.None || city.Registry[row.Device].Key != player.Device.Key)
                problems.Add($"{what}taken for another device than {player.Device.Key}");
            if (batch.ReadingCount == 0)
                problems.Add($"{what}no reading");

            for (int i = 0; i < batch.ReadingCount; i++)
            {
                Device device = city.Registry[batch[i].Device];
                silent.Remove(device.Key);
                if (device.Key != player.Device.Key && device.Parent != player.Device.Key)
                    problems.Add($"{what}reading of {device.Key}");
                if (batch[i].Quality != Quality.Good)
                    problems.Add($"{what}{city.Metrics[batch[i].Metric].Name} {batch[i].Value} is {batch[i].Quality}");
            }
        };

        await city.LiveAsync(Duration.FromSeconds(30));

        Assert.Empty(problems.Take(20));
        // A concentrator has no readings of its own; what it sends is its meters'.
        Assert.Equal(6, silent.Count);
        Assert.All(silent, key => Assert.StartsWith("DCU-", key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Counters_never_fall()
    {
        using var city = new DemoCity(At(Sunday, 22), Plot.Quiet);
        var newest = new Dictionary<(DeviceId, MetricId, ChannelId), double>();
        int risen = 0;
        var fallen = new List<string>();
        city.Heard = (_, _, batch) =>
        {
            for (int i = 0; i < batch.ReadingCount; i++)
            {
                Reading reading = batch[i];
                Metric metric = city.Metrics[reading.Metric];
                // These two do fall: at midnight, and at 65,536.
                if (metric.Semantics != Semantics.Counter || metric.Name is "active_energy_today" || metric.Name.StartsWith("objects_", StringComparison.Ordinal))
                    continue;

                var series = (reading.Device, reading.Metric, reading.Channel);
                if (newest.TryGetValue(series, out double before) && reading.Value < before)
                    fallen.Add($"{city.Registry[reading.Device].Key} {metric.Name}: {before} then {reading.Value}");
                if (reading.Value > before)
                    risen++;
                newest[series] = reading.Value;
            }
        };

        for (int step = 0; step < 48; step++)
            await city.SpeakOnceAsync(Duration.FromMinutes(30));

        Assert.Empty(fallen.Take(20));
        Assert.True(risen > 48 * 300, $"{risen} risen");
    }

    [Theory, MemberData(nameof(Moments))]
    public async Task The_story_raises_and_ends_alarms_within_two_minutes_and_never_screams(string day, int hour)
    {
        Instant start = At(day == "Monday" ? Monday : Sunday, hour);
        using var city = new DemoCity(start, Plot.Demo(start));
        var active = new List<int>();

        await city.LiveAsync(Duration.FromMinutes(12), () => active.Add(city.Active.Count()));

        Duration firstRaised = city.History.Where(change => change.Alarm.State == AlarmState.ActiveUnacknowledged).Min(change => change.At);
        Duration firstReturned = city.History.Where(change => change.Alarm.State == AlarmState.ReturnedUnacknowledged).Min(change => change.At);
        string story = string.Join('\n', city.History.Select(change => $"{change.At.TotalSeconds:F0} {change.Alarm.State} {change.Alarm.RuleId} {change.Alarm.Device} {change.Alarm.Channel} {change.Alarm.Value}"));

        Assert.True(firstRaised < Duration.FromSeconds(60), story);
        Assert.True(firstReturned < Duration.FromSeconds(120), story);
        Assert.True(active.Max() <= 9, story);
        Assert.InRange(active.Skip(60).Average(), 2.5, 8);
    }

    [Fact]
    public async Task Without_a_story_a_day_brings_hardly_an_alarm()
    {
        using var city = new DemoCity(At(Sunday, 23), Plot.Quiet);
        for (int step = 0; step < 24 * 6; step++)
            await city.SpeakOnceAsync(Duration.FromMinutes(10));

        // Cameras go blind now and then; nothing else fails by itself.
        Assert.All(city.History, change => Assert.Equal("desk-camera-offline", change.Alarm.RuleId));
        Assert.InRange(city.History.Count(change => change.Alarm.Version == 1), 1, 30);
    }

    [Fact]
    public void Every_scene_befalls_a_device_of_the_demo_fleet_that_can_play_it()
    {
        Dictionary<string, FleetDevice> fleet = DemoCity.LoadFleet().ToDictionary(device => device.Key);
        var families = new Dictionary<SceneKind, string[]>
        {
            [SceneKind.Flood] = ["water-level"],
            [SceneKind.Queue] = ["onestop"],
            [SceneKind.VoltageDip] = ["electricity"],
            [SceneKind.Smog] = ["air"],
            [SceneKind.Downpour] = ["rain"],
            [SceneKind.Congestion] = ["traffic"],
            [SceneKind.Silence] = ["onestop", "water-level", "rain", "concentrator"],
        };

        Assert.All(Plot.Demo(default).Scenes, scene =>
        {
            Assert.Contains(fleet[scene.Device].Family, families[scene.Kind]);
            Assert.True(scene.Every > scene.Rise + scene.Hold + scene.Fall, $"{scene} begins anew before it is over");
        });
    }

    private static Instant At(LocalDate day, int hour) => day.At(new LocalTime(hour, 0)).InZoneStrictly(SimulatedTime.Zone).ToInstant();
}
