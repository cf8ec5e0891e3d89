using Ioc.Simulators.Connections;
using Ioc.Simulators.Fleet;
using Ioc.Simulators.Formats;
using Ioc.Simulators.Patterns;
using Ioc.Simulators.Story;

namespace Ioc.Simulators.Players;

/// <summary>A low-cost air monitor; fine dust follows the traffic.</summary>
internal sealed class AirPlayer(FleetDevice device, Noise noise) : IPlayer
{
    private const double SmogMicrograms = 155;

    private readonly double _background = 9 + 6 * noise.Uniform(0, 60);
    private readonly double _fromTraffic = 3 + 3.5 * noise.Uniform(0, 61);

    public FleetDevice Device => device;

    public void Speak(in Moment moment, Plot plot, ICollection<OutgoingMessage> into)
    {
        double traffic = DayCurve.Traffic.At(moment.Seconds);
        double dust = _background + _fromTraffic * traffic + 3 * noise.Wander(moment.Seconds, 1_200, 62)
            + SmogMicrograms * plot.Strength(SceneKind.Smog, device.Key, moment.Now);
        long tick = moment.Now.ToUnixTimeSeconds();

        var report = new AirGradientReport(
            device.Key,
            Wifi: -52 + (int)(7 * noise.Symmetric(tick, 63)),
            Pm1: dust * 0.68, Pm25: dust, Pm10: dust * 1.35,
            Co2: (int)(418 + 22 * traffic + 12 * noise.Wander(moment.Seconds, 600, 64)),
            Celsius: Weather.CelsiusAt(moment, noise),
            Humidity: Weather.HumidityAt(moment, noise),
            TvocIndex: (int)(100 + 25 * noise.Wander(moment.Seconds, 900, 65)),
            NoxIndex: 1 + (int)(2 * traffic * noise.Uniform(tick / 600, 66)),
            Boot: 6 + moment.DeviceLocal.DayOfYear);
        into.Add(new OutgoingMessage(report.Topic, report.Payload()));
    }
}
