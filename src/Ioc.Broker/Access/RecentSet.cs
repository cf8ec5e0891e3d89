namespace Ioc.Broker.Access;

/// <summary>A set that keeps what was added or asked for lately. Thread-safe.</summary>
/// <remarks>Two generations: when the young one is full it becomes the old one, and the old one is let go.</remarks>
internal sealed class RecentSet(int capacity)
{
    private readonly Lock _gate = new();
    private HashSet<UInt128> _young = [];
    private HashSet<UInt128> _old = [];

    public bool Contains(UInt128 item)
    {
        lock (_gate)
        {
            if (_young.Contains(item))
                return true;
            if (!_old.Contains(item))
                return false;

            AddYoung(item);
            return true;
        }
    }

    public void Add(UInt128 item)
    {
        lock (_gate)
            AddYoung(item);
    }

    private void AddYoung(UInt128 item)
    {
        if (_young.Count >= capacity / 2)
            (_old, _young) = (_young, []);
        _young.Add(item);
    }
}
