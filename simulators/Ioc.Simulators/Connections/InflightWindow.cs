namespace Ioc.Simulators.Connections;

/// <summary>
/// Messages sent and not yet acknowledged, by packet id. It outlives the connection: what is in it when the connection
/// breaks is sent again. Filled by the writer, emptied by the reader; thread-safe.
/// </summary>
internal sealed class InflightWindow : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _free;
    private readonly Stack<ushort> _freeIds;
    private readonly (OutgoingMessage? Message, long Order)[] _slots;
    private long _order;

    /// <param name="size">1 to 65,535; packet ids are 1 to size.</param>
    public InflightWindow(int size)
    {
        _free = new SemaphoreSlim(size, size);
        _slots = new (OutgoingMessage?, long)[size + 1];
        _freeIds = new Stack<ushort>(Enumerable.Range(1, size).Reverse().Select(id => (ushort)id));
    }

    /// <summary>Messages in it.</summary>
    public int Count => _slots.Length - 1 - _free.CurrentCount;

    /// <summary>Takes a place; false when the window is full.</summary>
    public bool TryTakePlace() => _free.Wait(0);

    /// <summary>Waits for a place; false when none became free in time.</summary>
    public Task<bool> TakePlaceAsync(TimeSpan patience, CancellationToken ct) => _free.WaitAsync(patience, ct);

    /// <summary>Gives a place back that was not used.</summary>
    public void ReturnPlace() => _free.Release();

    /// <summary>Puts a message on a place that was taken.</summary>
    /// <returns>Its packet id until it is acknowledged.</returns>
    public ushort Add(OutgoingMessage message)
    {
        lock (_gate)
        {
            ushort id = _freeIds.Pop();
            _slots[id] = (message, ++_order);
            return id;
        }
    }

    /// <summary>Takes a message out; false when no such packet is out, as after an acknowledgement that came twice.</summary>
    public bool TryRemove(ushort id)
    {
        lock (_gate)
        {
            if (id >= _slots.Length || _slots[id].Message is null)
                return false;

            _slots[id] = default;
            _freeIds.Push(id);
        }

        _free.Release();
        return true;
    }

    /// <summary>What is in it, in the order it was first sent.</summary>
    public IReadOnlyList<(ushort Id, OutgoingMessage Message)> InOrder()
    {
        lock (_gate)
        {
            return [.. _slots.Select((slot, id) => (slot.Order, Id: (ushort)id, slot.Message))
                .Where(slot => slot.Message is not null)
                .OrderBy(slot => slot.Order)
                .Select(slot => (slot.Id, slot.Message!))];
        }
    }

    public void Dispose() => _free.Dispose();
}
