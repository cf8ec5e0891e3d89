using Ioc.Simulators.Connections;
using Ioc.Simulators.Formats;
using Ioc.Simulators.Patterns;
using NodaTime;

namespace Ioc.Simulators.Load;

/// <summary>Makes the messages of a load: plug meters with Tasmota, because a server reads their time and they are small.</summary>
internal sealed class LoadMessages(LoadPlan plan, Noise noise)
{
    private static readonly LocalDateTime TotalStart = SimulatedTime.FirstDay.AtMidnight();

    public OutgoingMessage Of(long message)
    {
        double watts = 300 + 1_200 * noise.Uniform(message, 0);
        double total = (double)plan.EnergyOf(message);
        var telemetry = new TasmotaEnergy(
            plan.KeyOf(message),
            plan.DeviceTimeOf(message).InZone(SimulatedTime.Zone).LocalDateTime,
            TotalStart, total, Yesterday: 5.34, Today: total % 10, PeriodWattHours: watts / 360, Power: watts,
            Factor: 0.95, Volts: 225 + 4 * noise.Symmetric(message, 1));
        return new OutgoingMessage(telemetry.Topic, telemetry.Payload());
    }
}
