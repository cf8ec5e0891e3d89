namespace Ioc.Broker.Access;

/// <summary>The shared rates of devices that are connected, by user name or client id. Thread-safe.</summary>
/// <remarks>At most one entry per connection is in use; of those left behind, only ones that still owe something are worth keeping, up to <see cref="MaxLeft"/>.</remarks>
internal sealed class DeviceRates(RateLimits limits)
{
    /// <summary>Devices without a connection that are remembered.</summary>
    public const int MaxLeft = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, DeviceRate> _devices = new(StringComparer.Ordinal);
    private readonly Queue<DeviceRate> _left = [];

    public int Count
    {
        get
        {
            lock (_gate)
                return _devices.Count;
        }
    }

    /// <summary>The rate of a device; <see cref="DeviceRate.Leave"/> gives it back.</summary>
    public DeviceRate Enter(string device)
    {
        lock (_gate)
        {
            if (!_devices.TryGetValue(device, out DeviceRate? rate))
                _devices.Add(device, rate = new DeviceRate(this, limits, device));
            rate.Users++;
            return rate;
        }
    }

    internal void Leave(DeviceRate rate)
    {
        lock (_gate)
        {
            if (--rate.Users > 0)
                return;

            long now = limits.Now;
            if (!rate.IsLeft && rate.OwesAt(now))
            {
                // A device that left in debt cannot shed it by coming back.
                rate.IsLeft = true;
                _left.Enqueue(rate);
            }
            else if (!rate.IsLeft)
            {
                _devices.Remove(rate.Name);
            }

            ForgetPaid(now);
        }
    }

    private void ForgetPaid(long now)
    {
        while (_left.TryPeek(out DeviceRate? oldest) && (_left.Count > MaxLeft || oldest.Users > 0 || !oldest.OwesAt(now)))
        {
            _left.Dequeue();
            oldest.IsLeft = false;
            if (oldest.Users == 0)
                _devices.Remove(oldest.Name);
        }
    }
}

/// <summary>What one device has used up over all its connections.</summary>
internal sealed class DeviceRate(DeviceRates owner, RateLimits limits, string name)
{
    private long _messages;
    private long _bytes;

    public string Name { get; } = name;

    /// <summary>Connections; touched under the table's lock, as is <see cref="IsLeft"/>.</summary>
    public int Users { get; set; }

    /// <summary>Whether it stands in the queue of those left behind.</summary>
    public bool IsLeft { get; set; }

    public bool OwesAt(long now) => Volatile.Read(ref _messages) > now || Volatile.Read(ref _bytes) > now;

    /// <summary>Ticks to wait. Any thread.</summary>
    public long Take(int messages, long bytes, long now) =>
        Math.Max(limits.DeviceMessages.TakeShared(ref _messages, messages, now), limits.DeviceBytes.TakeShared(ref _bytes, bytes, now));

    public void Leave() => owner.Leave(this);
}
