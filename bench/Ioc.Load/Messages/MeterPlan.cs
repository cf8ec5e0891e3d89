using NodaTime;

namespace Ioc.Load.Messages;

/// <summary>Which meter says what, and at which second of its clock. Message k of a connection comes from its meter k mod <see cref="MetersPerConnection"/>.</summary>
/// <remarks>
/// Every message of a meter has a second of its own, so none is a duplicate of another; the last second is the start of the
/// run, because a meter's clock may be late but not ahead.
/// </remarks>
/// <param name="Connections">Publishing connections; all messages of a meter go over one.</param>
/// <param name="MetersPerConnection">At least 1.</param>
/// <param name="PerConnection">Messages that one connection sends, those of the warm-up included.</param>
/// <param name="Start">When the run starts.</param>
internal sealed record MeterPlan(int Connections, int MetersPerConnection, long PerConnection, Instant Start)
{
    /// <summary>The server takes device times up to 60 days old; one is left as a margin.</summary>
    public static readonly Duration OldestDeviceTime = Duration.FromDays(59);

    /// <summary>Tasmota's clock shows local time and says no zone.</summary>
    private static readonly DateTimeZone Zone = DateTimeZone.ForOffset(Offset.FromHours(7));

    public int Meters => Connections * MetersPerConnection;

    private long PerMeter => (PerConnection + MetersPerConnection - 1) / MetersPerConnection;

    /// <summary>What is wrong with the wish; null when it can be had.</summary>
    public string? Problem =>
        Duration.FromSeconds(PerMeter) > OldestDeviceTime ? $"{Meters} meters would need {PerMeter} different seconds each, more than 59 days; give more --meters"
        : Meters > MeterMessage.MostMeters ? $"{Meters} meters are more than {MeterMessage.MostMeters}"
        : null;

    public int MeterOf(int connection, long message) => connection * MetersPerConnection + (int)(message % MetersPerConnection);

    /// <summary>Which of its meter's messages a connection's message is; also the second of the meter's clock, from the first.</summary>
    public long RoundOf(long message) => message / MetersPerConnection;

    public LocalDateTime ClockOf(long round) => (Start - Duration.FromSeconds(PerMeter - 1 - round)).InZone(Zone).LocalDateTime;
}
