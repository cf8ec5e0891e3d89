namespace Ioc.Broker.Sessions;

/// <summary>Room for waiting deliveries over all sessions. Held in blocks, so that sessions rarely meet here. Thread-safe.</summary>
/// <param name="capacity">Deliveries of all sessions together.</param>
internal sealed class DeliveryRoom(long capacity)
{
    private const int Block = 256;

    private long _held;

    /// <summary>Deliveries that room is held for.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>Sees to it that <paramref name="reserved"/> covers <paramref name="count"/>; false when all room is taken.</summary>
    public bool TryHold(ref int reserved, int count) => TryHold(ref reserved, count, capacity);

    /// <summary>The same for many at once that the client asked for: they leave half of all room to messages that nobody sends again.</summary>
    public bool TryHoldAsked(ref int reserved, int count) => TryHold(ref reserved, count, capacity / 2);

    private bool TryHold(ref int reserved, int count, long most)
    {
        if (count <= reserved)
            return true;

        int more = (count - reserved + Block - 1) / Block * Block;
        if (Interlocked.Add(ref _held, more) > most)
        {
            Interlocked.Add(ref _held, -more);
            return false;
        }

        reserved += more;
        return true;
    }

    /// <summary>Gives back what is held for more than <paramref name="count"/>, but for one block of slack while there are any.</summary>
    public void Release(ref int reserved, int count)
    {
        int needed = count == 0 ? 0 : ((count / Block) + 2) * Block;
        if (needed >= reserved)
            return;

        Interlocked.Add(ref _held, needed - reserved);
        reserved = needed;
    }
}
