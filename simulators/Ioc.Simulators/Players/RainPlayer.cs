using Ioc.Simulators.Connections;
using Ioc.Simulators.Fleet;
using Ioc.Simulators.Formats;
using Ioc.Simulators.Patterns;
using Ioc.Simulators.Story;

namespace Ioc.Simulators.Players;

/// <summary>An optical rain gauge. What a scene pours on it is added to its total while this process runs.</summary>
internal sealed class RainPlayer(FleetDevice device, Noise noise) : IPlayer
{
    private const double DownpourMillimetresPerHour = 85;

    private readonly Showers _showers = new(noise);
    private double _pouredMillimetres;
    private double _pouredInEvent;

    public FleetDevice Device => device;

    public void Speak(in Moment moment, Plot plot, ICollection<OutgoingMessage> into)
    {
        double pour = DownpourMillimetresPerHour * plot.Strength(SceneKind.Downpour, device.Key, moment.Now);
        double poured = pour * device.Period.TotalHours;
        _pouredMillimetres += poured;
        _pouredInEvent = pour > 0 ? _pouredInEvent + poured : 0;

        double before = _showers.TotalAt(moment.Seconds - moment.Simulated(device.Period));
        double total = _showers.TotalAt(moment.Seconds);
        var rain = new TasmotaRain(
            device.Key, moment.DeviceLocal,
            Active: (total - before) / moment.Speed + poured,
            Event: _showers.EventAt(moment.Seconds) / moment.Speed + _pouredInEvent,
            Total: total / moment.Speed + _pouredMillimetres,
            FlowRate: _showers.RateAt(moment.Seconds) + pour);
        into.Add(new OutgoingMessage(rain.Topic, rain.Payload()));
    }
}
