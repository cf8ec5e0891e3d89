using Ioc.Simulators.Connections;
using Ioc.Simulators.Fleet;
using Ioc.Simulators.Formats;
using Ioc.Simulators.Patterns;
using Ioc.Simulators.Story;
using NodaTime;

namespace Ioc.Simulators.Players;

/// <summary>A data concentrator at a transformer; sends what all its household meters show, in one batch.</summary>
internal sealed class ConcentratorPlayer(FleetDevice device, IReadOnlyList<HouseholdMeter> meters) : IPlayer
{
    public FleetDevice Device => device;

    public void Speak(in Moment moment, Plot plot, ICollection<OutgoingMessage> into)
    {
        var rows = new MeterRow[meters.Count];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = meters[i].Read(moment, plot);

        var batch = new GatewayTelemetry(device.Key, rows);
        into.Add(new OutgoingMessage(batch.Topic, batch.Payload()));
    }
}

/// <summary>One household's meter behind a concentrator.</summary>
internal sealed class HouseholdMeter(FleetDevice device, Noise noise)
{
    private const double PowerFactor = 0.93;

    private readonly Flow _energy = new(DayCurve.Household, device.Number("daily_kwh", 6), noise);
    private readonly double _registerAtFirstDay = 500 + 9_000 * noise.Uniform(0, 70);

    public MeterRow Read(in Moment moment, Plot plot)
    {
        double watts = _energy.RateAt(moment) * 3_600_000;
        double load = DayCurve.Household.At(moment.Seconds) / DayCurve.Household.Peak;
        double volts = Mains.VoltsAt(moment, noise, load, plot.Strength(SceneKind.VoltageDip, device.Key, moment.Now));
        // Meters keep their clocks to the second.
        Instant readAt = Instant.FromUnixTimeSeconds(moment.Now.ToUnixTimeSeconds());
        return new MeterRow(device.Key, readAt, _registerAtFirstDay + _energy.TotalAt(moment), watts, volts, watts / volts / PowerFactor);
    }
}
