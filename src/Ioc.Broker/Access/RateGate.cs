namespace Ioc.Broker.Access;

/// <summary>How fast one connection may publish, and the device behind it over all its connections.</summary>
/// <remarks>
/// Touched only by the connection's read loop, but for the device's share, which takes no lock either.
/// Nothing is refused here: what has arrived is taken, and the connection then stays unread until its debt is paid, so TCP pushes back
/// and nothing is lost. How far it may overshoot is bounded by one read.
/// </remarks>
internal sealed class RateGate : IDisposable
{
    private readonly RateLimits? _limits;
    private readonly DeviceRate? _device;
    private long _messages;
    private long _bytes;

    internal RateGate(RateLimits? limits, DeviceRate? device)
    {
        _limits = limits;
        _device = device;
    }

    /// <summary>Limits nothing.</summary>
    public static RateGate Open { get; } = new(null, null);

    /// <summary>Whether nothing is limited, so that nothing need be counted.</summary>
    public bool IsOpen => _limits is null;

    /// <summary>Whether a connection that is too fast is closed with 0x96 rather than left unread.</summary>
    public bool ClosesWhenExceeded => _limits is { Closes: true };

    /// <summary>Books what one read brought. False when that was too fast: the connection is then left unread for <paramref name="wait"/>, or closed.</summary>
    /// <param name="messages">Publishes in it.</param>
    /// <param name="bytes">Bytes of all its frames.</param>
    /// <param name="wait">Zero when it was not too fast.</param>
    public bool TryTake(int messages, long bytes, out TimeSpan wait)
    {
        wait = default;
        if (_limits is not { } limits)
            return true;

        long now = limits.Now;
        long ticks = Math.Max(limits.Messages.Take(ref _messages, messages, now), limits.Bytes.Take(ref _bytes, bytes, now));
        if (_device is { } device)
            ticks = Math.Max(ticks, device.Take(messages, bytes, now));
        if (ticks == 0)
            return true;

        wait = limits.ToTimeSpan(ticks);
        return false;
    }

    /// <summary>Gives up the device's share.</summary>
    public void Dispose() => _device?.Leave();
}
