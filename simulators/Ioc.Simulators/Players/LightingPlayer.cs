using Ioc.Simulators.Connections;
using Ioc.Simulators.Fleet;
using Ioc.Simulators.Formats;
using Ioc.Simulators.Patterns;
using Ioc.Simulators.Story;

namespace Ioc.Simulators.Players;

/// <summary>A street-lighting cabinet behind a three-phase Shelly; one topic for every value.</summary>
internal sealed class LightingPlayer(FleetDevice device, Noise noise) : IPlayer
{
    private const int Phases = 3;
    private const double StandbyWatts = 4;

    private readonly StreetLight _light = new(SimulatedTime.FirstDay);
    private readonly double _wattsPerPhase = device.Number("lamp_w", 3_000) / Phases;
    private readonly double _totalAtFirstDay = 200_000 + 5_000_000 * noise.Uniform(0, 160);

    public FleetDevice Device => device;

    public void Speak(in Moment moment, Plot plot, ICollection<OutgoingMessage> into)
    {
        double share = _light.ShareAt(moment.Seconds);
        double wattHours = _wattsPerPhase * _light.BurntUntil(moment.Seconds) / 3_600 / moment.Speed;
        long tick = moment.Now.ToUnixTimeSeconds();

        for (int phase = 0; phase < Phases; phase++)
        {
            double watts = StandbyWatts + _wattsPerPhase * share * (1 + 0.015 * noise.Symmetric(tick, 161 + phase));
            double volts = Mains.VoltsAt(moment, noise, share, dip: 0) + phase * 0.6;
            into.Add(Value(phase, "power", watts));
            into.Add(Value(phase, "voltage", volts));
            into.Add(Value(phase, "current", watts / volts / 0.95));
            into.Add(Value(phase, "total", _totalAtFirstDay + wattHours * (1 + phase * 0.01)));
        }

        into.Add(new OutgoingMessage(ShellyTopics.Relay(device.Key), ShellyTopics.Switch(share > 0)));
    }

    private OutgoingMessage Value(int phase, string quantity, double value) =>
        new(ShellyTopics.Meter(device.Key, phase, quantity), ShellyTopics.Number(value));
}
