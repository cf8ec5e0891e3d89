namespace Ioc.Simulators.Connections;

/// <summary>What all connections of a run have done so far. Thread-safe.</summary>
internal sealed class LinkCounters
{
    private long _sent, _acknowledged, _refused, _resent, _dropped;
    private int _connected;

    /// <summary>Different messages written at least once.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Messages that are the broker's now; at QoS 0 every one that was written.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Messages the broker answered with a reason of 0x80 or above (5.0 only).</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Messages written again with DUP after a lost connection.</summary>
    public long Resent => Interlocked.Read(ref _resent);

    /// <summary>Messages a device threw away because its connection was down or slow for too long.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Connections that stand now.</summary>
    public int Connected => Volatile.Read(ref _connected);

    /// <summary>What the last lost or failed connection said; null while all is well.</summary>
    public string? LastProblem { get; private set; }

    public void CountSent(int count) => Interlocked.Add(ref _sent, count);

    public void CountAcknowledged(int count) => Interlocked.Add(ref _acknowledged, count);

    public void CountRefused() => Interlocked.Increment(ref _refused);

    public void CountResent(int count) => Interlocked.Add(ref _resent, count);

    public void CountDropped() => Interlocked.Increment(ref _dropped);

    public void OnConnected()
    {
        Interlocked.Increment(ref _connected);
        LastProblem = null;
    }

    public void OnLost() => Interlocked.Decrement(ref _connected);

    public void OnProblem(string text) => LastProblem = text;
}
