namespace Ioc.Broker.Upstream;

/// <summary>When to ask whether the other broker is still there, and when to believe that it is not.</summary>
/// <remarks>The read loop says what was heard, the writer what was sent; the writer judges.</remarks>
/// <param name="keepAlive">Longest silence promised; what the other broker wants goes before what we want.</param>
internal sealed class Heartbeat(TimeProvider time, TimeSpan keepAlive)
{
    private long _heard = time.GetTimestamp();
    private long _sent = time.GetTimestamp();
    private long _asked = time.GetTimestamp();
    private volatile bool _deaf;

    /// <summary>How often to look.</summary>
    public TimeSpan Tick => keepAlive / 8;

    /// <summary>Longest time without a byte from there, or for our bytes to be taken.</summary>
    public TimeSpan Patience => keepAlive * 1.5;

    // [MQTT-3.1.2-20] something is sent within each keep alive; and who only listens would not notice that nobody speaks.
    public bool IsPingDue => Since(ref _asked) >= keepAlive / 2 && (Since(ref _sent) >= keepAlive / 2 || Since(ref _heard) >= keepAlive / 2);

    public bool IsLost => !_deaf && Since(ref _heard) >= Patience;

    public void Heard() => Volatile.Write(ref _heard, time.GetTimestamp());

    public void Sent() => Volatile.Write(ref _sent, time.GetTimestamp());

    public void Asked() => Volatile.Write(ref _asked, time.GetTimestamp());

    /// <summary>We do not read for now, so silence says nothing.</summary>
    public void StopListening() => _deaf = true;

    public void Listen()
    {
        Heard();
        _deaf = false;
    }

    private TimeSpan Since(ref long timestamp) => time.GetElapsedTime(Volatile.Read(ref timestamp));
}
