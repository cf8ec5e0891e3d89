using NodaTime;

namespace Ioc.Simulators.Patterns;

/// <summary>Turns the clock into the time that the values follow, which may run faster; device clocks stay true.</summary>
/// <param name="start">When the process began: there both times are the same.</param>
/// <param name="speed">Simulated seconds per second.</param>
internal sealed class SimulatedTime(Instant start, double speed)
{
    /// <summary>Where counters begin: they must not start at nought with every run.</summary>
    public static readonly LocalDate FirstDay = new(2026, 1, 1);

    public static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["Asia/Ho_Chi_Minh"];
    private static readonly Instant Epoch = FirstDay.AtStartOfDayInZone(Zone).ToInstant();

    public Moment At(Instant now)
    {
        Instant simulated = start + (now - start) * speed;
        return new Moment(now, now.InZone(Zone).LocalDateTime, simulated.InZone(Zone).LocalDateTime, (simulated - Epoch).TotalSeconds, speed);
    }
}

/// <summary>One moment of the run.</summary>
/// <param name="Now">What a device's clock shows.</param>
/// <param name="DeviceLocal">The same on a local clock.</param>
/// <param name="Local">The local time that the values follow.</param>
/// <param name="Seconds">The same in seconds since the simulated time began; midnight is a multiple of 86,400.</param>
/// <param name="Speed">Simulated seconds per second.</param>
internal readonly record struct Moment(Instant Now, LocalDateTime DeviceLocal, LocalDateTime Local, double Seconds, double Speed)
{
    /// <summary>How much simulated time lies between two messages of a device.</summary>
    public double Simulated(Duration period) => period.TotalSeconds * Speed;
}
