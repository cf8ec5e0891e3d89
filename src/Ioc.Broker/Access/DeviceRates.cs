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
            if (!rate.OwesAt(limits.Now))
            {
                Forget(rate);
                return;
            }

            // A device that left in debt cannot shed it by coming back.
            if (!rate.IsLeft)
            {
                rate.IsLeft = true;
                _left.Enqueue(rate);
            }

            while (_left.Count > MaxLeft || (_left.TryPeek(out DeviceRate? oldest) && (oldest.Users > 0 || !oldest.OwesAt(limits.Now))))
            {
                DeviceRate dropped = _left.Dequeue();
                dropped.IsLeft = false;
                if (dropped.Users == 0)
                    Forget(dropped);
            }
        }
    }

    private void Forget(DeviceRate rate)
    {
        // One that is still queued is forgotten when it comes to the front; by then another may bear its name.
        if (!rate.IsLeft && _devices.TryGetValue(rate.Name, out DeviceRate? known) && known == rate)
            _devices.Remove(rate.Name);
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
