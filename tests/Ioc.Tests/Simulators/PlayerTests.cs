using System.Text;
using System.Text.Json;
using Ioc.Simulators.Connections;
using Ioc.Simulators.Fleet;
using Ioc.Simulators.Patterns;
using Ioc.Simulators.Players;
using Ioc.Simulators.Story;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Simulators;

public sealed class PlayerTests
{
    private static readonly LocalDate Monday = new(2026, 11, 23);
    private static readonly Duration Period = Duration.FromSeconds(10);

    [Fact]
    public void A_fleet_says_the_same_at_the_same_times_with_the_same_seed()
    {
        IReadOnlyList<FleetDevice> fleet = DemoCity.LoadFleet();
        Assert.Equal(Words(fleet, seed: 5), Words(fleet, seed: 5));
        Assert.NotEqual(Words(fleet, seed: 5), Words(fleet, seed: 6));
    }

    [Fact]
    public void Rush_hour_has_many_times_the_vehicles_of_the_night_and_they_are_slower()
    {
        (double Count, double Speed) At(int hour) => (
            Hour("fiware-trafficflow", hour, "lanes=2;peak_per_hour=1200").Sum(json => json.GetProperty("intensity").GetDouble()),
            Hour("fiware-trafficflow", hour, "lanes=2;peak_per_hour=1200").Where(json => json.TryGetProperty("averageVehicleSpeed", out _)).Average(json => json.GetProperty("averageVehicleSpeed").GetDouble()));

        Assert.InRange(At(7).Count, 700, 1_400);
        Assert.True(At(7).Count > 10 * At(2).Count);
        Assert.True(At(7).Speed < At(2).Speed - 10);
    }

    [Fact]
    public void An_office_draws_most_by_day_and_its_power_adds_up_to_its_energy()
    {
        double At(int hour) => Hour("tasmota-energy", hour, "daily_kwh=12").Average(json => json.GetProperty("ENERGY").GetProperty("Power").GetDouble());
        double[] hours = [.. Enumerable.Range(0, 24).Select(At)];
        Assert.InRange(Array.IndexOf(hours, hours.Max()), 8, 15);
        Assert.InRange(hours.Average() * 24 / 1_000, 11, 13);
    }

    [Fact]
    public void A_cabinet_is_lit_in_the_evening_and_dark_at_noon()
    {
        Dictionary<string, string> At(int hour) => Say("shelly-3em-gen1", hour, "lamp_w=2700")
            .ToDictionary(message => Encoding.UTF8.GetString(message.Topic), message => Encoding.UTF8.GetString(message.Payload));

        Assert.Equal("on", At(20)["shellies/shellyem3-d/relay/0"]);
        Assert.Equal("off", At(12)["shellies/shellyem3-d/relay/0"]);
        Assert.InRange(double.Parse(At(20)["shellies/shellyem3-d/emeter/1/power"], System.Globalization.CultureInfo.InvariantCulture), 850, 950);
        Assert.InRange(double.Parse(At(12)["shellies/shellyem3-d/emeter/1/power"], System.Globalization.CultureInfo.InvariantCulture), 1, 10);
        Assert.Equal(13, At(12).Count);
    }

    [Fact]
    public void A_desk_has_people_in_office_hours_only()
    {
        int At(int hour) => Hour("ioc-onestop-gateway", hour, "cameras=3;peak_waiting=20").Max(json => json.GetProperty("queue").GetProperty("waiting").GetInt32());
        Assert.InRange(At(9), 12, 27);
        Assert.Equal(0, At(2));
        Assert.Equal(0, At(20));
    }

    [Fact]
    public void A_water_meter_runs_a_little_even_at_night()
    {
        double At(int hour)
        {
            double[] totals = [.. Hour("wmbusmeters-kamwater", hour, "daily_l=600").Select(json => json.GetProperty("total_m3").GetDouble())];
            return (totals[^1] - totals[0]) * 1_000;
        }

        Assert.InRange(At(3), 1, 15);
        Assert.True(At(18) > 4 * At(3));
    }

    [Fact]
    public void The_days_energy_begins_anew_at_midnight_and_yesterday_keeps_it()
    {
        FleetDevice device = Device("tasmota-energy", "daily_kwh=24");
        JsonElement before = EnergyAt(Monday.At(new LocalTime(23, 59, 59))), after = EnergyAt(Monday.PlusDays(1).At(new LocalTime(0, 0, 1)));
        Assert.InRange(before.GetProperty("Today").GetDouble(), 23, 25);
        Assert.InRange(after.GetProperty("Today").GetDouble(), 0, 0.01);
        Assert.Equal(before.GetProperty("Today").GetDouble(), after.GetProperty("Yesterday").GetDouble(), 0.01);

        JsonElement EnergyAt(LocalDateTime local) => Json(Speak(Cast.Of([device], 1)[0], local)[0]).GetProperty("ENERGY");
    }

    [Fact]
    public void A_blocked_approach_crawls_over_a_covered_loop()
    {
        FleetDevice device = Device("fiware-trafficflow", "lanes=2;peak_per_hour=1200") with { Key = "TrafficFlowObserved-QuyNhon-01N" };
        Instant start = Instant.FromUtc(2026, 11, 23, 4, 0);
        var messages = new List<OutgoingMessage>();
        Cast.Of([device], 1)[0].Speak(new SimulatedTime(start, 1).At(start + Duration.FromSeconds(120)), Plot.Demo(start), messages);

        Assert.Equal(2, messages.Count);
        Assert.All(messages.Select(Json), lane =>
        {
            Assert.InRange(lane.GetProperty("occupancy").GetDouble(), 0.9, 1);
            Assert.InRange(lane.GetProperty("averageVehicleSpeed").GetDouble(), 3, 8);
        });
    }

    private static List<string> Words(IReadOnlyList<FleetDevice> fleet, int seed) =>
        [.. Cast.Of(fleet, seed).SelectMany(player => Speak(player, Monday.At(new LocalTime(8, 30))))
            .Select(message => $"{Encoding.UTF8.GetString(message.Topic)} {Encoding.UTF8.GetString(message.Payload)}")];

    private static IEnumerable<JsonElement> Hour(string profile, int hour, string parameters)
    {
        IPlayer player = Cast.Of([Device(profile, parameters)], 1)[0];
        return Enumerable.Range(0, 360).SelectMany(turn => Speak(player, Monday.At(new LocalTime(hour, 0)).PlusSeconds(10 * turn))).Select(Json);
    }

    private static List<OutgoingMessage> Say(string profile, int hour, string parameters) =>
        Speak(Cast.Of([Device(profile, parameters)], 1)[0], Monday.At(new LocalTime(hour, 0)));

    private static List<OutgoingMessage> Speak(IPlayer player, LocalDateTime local)
    {
        Instant now = local.InZoneStrictly(SimulatedTime.Zone).ToInstant();
        var messages = new List<OutgoingMessage>();
        player.Speak(new SimulatedTime(now, 1).At(now), Plot.Quiet, messages);
        return messages;
    }

    private static JsonElement Json(OutgoingMessage message) => JsonSerializer.Deserialize<JsonElement>(message.Payload);

    private static FleetDevice Device(string profile, string parameters) => new(
        "d", "D", "any", profile, Period, null, parameters.Split(';').Select(part => part.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]));
}
