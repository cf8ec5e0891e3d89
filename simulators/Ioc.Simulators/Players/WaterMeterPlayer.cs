using Ioc.Simulators.Connections;
using Ioc.Simulators.Fleet;
using Ioc.Simulators.Formats;
using Ioc.Simulators.Patterns;
using Ioc.Simulators.Story;
using NodaTime;

namespace Ioc.Simulators.Players;

/// <summary>A water meter heard by radio, of a household or of a whole district.</summary>
internal sealed class WaterMeterPlayer(FleetDevice device, Noise noise) : IPlayer
{
    private readonly Flow _litres = new(DayCurve.Water, device.Number("daily_l", 500), noise);
    private readonly double _registerAtFirstDay = 40 + 900 * noise.Uniform(0, 85);

    public FleetDevice Device => device;

    public void Speak(in Moment moment, Plot plot, ICollection<OutgoingMessage> into)
    {
        LocalDate monthStart = moment.Local.Date.With(DateAdjusters.StartOfMonth);
        double monthStartSeconds = Period.DaysBetween(SimulatedTime.FirstDay, monthStart) * DayCurve.DaySeconds;

        var telegram = new WaterTelegram(
            device.Key,
            TotalCubicMetres: _registerAtFirstDay + _litres.TotalAt(moment) / 1_000,
            TargetCubicMetres: _registerAtFirstDay + _litres.TotalAt(monthStartSeconds, moment) / 1_000,
            FlowCelsius: (int)Weather.CelsiusAt(moment, noise),
            MinExternalCelsius: 21,
            Status: "OK",
            moment.Now);
        into.Add(new OutgoingMessage(telegram.Topic, telegram.Payload()));
    }
}
