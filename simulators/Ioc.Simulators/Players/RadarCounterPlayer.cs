using Ioc.Simulators.Connections;
using Ioc.Simulators.Fleet;
using Ioc.Simulators.Formats;
using Ioc.Simulators.Patterns;
using Ioc.Simulators.Story;

namespace Ioc.Simulators.Players;

/// <summary>A solar radar counter beside a road, heard through the LoRaWAN network server.</summary>
internal sealed class RadarCounterPlayer(FleetDevice device, Noise noise, LoraRadio radio) : IPlayer
{
    private const double FullSunMilliwatts = 3_300;

    private readonly Flow _leftToRight = new(DayCurve.Traffic, device.Number("peak_per_hour", 600) / 2 * 24 / DayCurve.Traffic.Peak, noise, 1);
    private readonly Flow _rightToLeft = new(DayCurve.Traffic, device.Number("peak_per_hour", 600) / 2 * 24 / DayCurve.Traffic.Peak, noise, 2);

    public FleetDevice Device => device;

    public void Speak(in Moment moment, Plot plot, ICollection<OutgoingMessage> into)
    {
        double sun = Weather.SunshineAt(moment);
        var frame = new Pcr2Frame(
            (ushort)_leftToRight.CountDuring(device.Period, moment),
            (ushort)_rightToLeft.CountDuring(device.Period, moment),
            (ushort)(long)_leftToRight.TotalAt(moment),
            (ushort)(long)_rightToLeft.TotalAt(moment),
            BatteryMillivolts: (ushort)(7_050 + 200 * sun),
            SolarMilliwatts: (ushort)(FullSunMilliwatts * sun),
            TemperatureCelsius: Weather.CelsiusAt(moment, noise) + 9 * sun);
        into.Add(radio.Uplink("traffic", device, Pcr2Frame.Port, frame.ToBytes(), moment));
    }
}
