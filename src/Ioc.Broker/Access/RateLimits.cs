namespace Ioc.Broker.Access;

/// <summary>The rates of <see cref="LimitOptions"/> in the clock's ticks. Immutable, shared by all gates.</summary>
internal sealed class RateLimits(LimitOptions options, TimeProvider time)
{
    public RateMeter Messages { get; } = Meter(options.MessagesPerSecond, options, time);

    public RateMeter Bytes { get; } = Meter(options.BytesPerSecond, options, time);

    public RateMeter DeviceMessages { get; } = Meter(options.DeviceMessagesPerSecond, options, time);

    public RateMeter DeviceBytes { get; } = Meter(options.DeviceBytesPerSecond, options, time);

    public bool Closes { get; } = options.WhenExceeded == RateExcess.Close;

    public bool LimitsDevices => !DeviceMessages.IsOpen || !DeviceBytes.IsOpen;

    public bool LimitsNothing => Messages.IsOpen && Bytes.IsOpen && !LimitsDevices;

    public long Now => time.GetTimestamp();

    public TimeSpan ToTimeSpan(long ticks) => time.GetElapsedTime(0, ticks);

    private static RateMeter Meter(long perSecond, LimitOptions options, TimeProvider time) =>
        new(perSecond, perSecond * options.BurstSeconds, time.TimestampFrequency);
}
