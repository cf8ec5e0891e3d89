using Ioc.Simulators.Connections;
using Ioc.Simulators.Fleet;
using Ioc.Simulators.Formats;
using Ioc.Simulators.Patterns;
using Ioc.Simulators.Story;
using NodaTime;

namespace Ioc.Simulators.Players;

/// <summary>A meter with Tasmota in a public building or pump station.</summary>
internal sealed class PlugMeterPlayer(FleetDevice device, Noise noise) : IPlayer
{
    private static readonly LocalDateTime TotalStart = SimulatedTime.FirstDay.AtMidnight();

    private readonly Flow _energy = new(DayCurve.PublicBuilding, device.Number("daily_kwh", 25), noise);
    private readonly double _factor = 0.88 + 0.1 * noise.Uniform(0, 80);

    public FleetDevice Device => device;

    public void Speak(in Moment moment, Plot plot, ICollection<OutgoingMessage> into)
    {
        double midnight = Math.Floor(moment.Seconds / DayCurve.DaySeconds) * DayCurve.DaySeconds;
        double total = _energy.TotalAt(moment);
        double atMidnight = _energy.TotalAt(midnight, moment);
        double load = DayCurve.PublicBuilding.At(moment.Seconds) / DayCurve.PublicBuilding.Peak;

        var telemetry = new TasmotaEnergy(
            device.Key, moment.DeviceLocal, TotalStart, total,
            Yesterday: atMidnight - _energy.TotalAt(midnight - DayCurve.DaySeconds, moment),
            Today: total - atMidnight,
            PeriodWattHours: _energy.During(device.Period, moment) * 1_000,
            Power: _energy.RateAt(moment) * 3_600_000,
            Factor: _factor,
            Volts: Mains.VoltsAt(moment, noise, load, plot.Strength(SceneKind.VoltageDip, device.Key, moment.Now)));
        into.Add(new OutgoingMessage(telemetry.Topic, telemetry.Payload()));
    }
}
