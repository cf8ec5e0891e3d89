namespace Ioc.Broker.Sessions;

/// <summary>Room for waiting deliveries over all sessions. Held in blocks that grow with the queue, so that sessions rarely meet here and one message to each of very many takes little. Thread-safe.</summary>
/// <param name="capacity">Deliveries of all sessions together.</param>
internal sealed class DeliveryRoom(long capacity)
{
    private const int FirstBlock = 4;
    private const int LargestBlock = 256;

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

        int block = Math.Max(count - reserved, Math.Clamp(reserved, FirstBlock, LargestBlock));
        if (Interlocked.Add(ref _held, block) > most)
        {
            Interlocked.Add(ref _held, -block);
            return false;
        }

        reserved += block;
        return true;
    }

    /// <summary>Gives back what is held for more than <paramref name="count"/>, but for some slack while there are any.</summary>
    public void Release(ref int reserved, int count)
    {
        int needed = count == 0 ? 0 : count + Math.Clamp(count, FirstBlock, 2 * LargestBlock);
        if (needed >= reserved)
            return;

        Interlocked.Add(ref _held, needed - reserved);
        reserved = needed;
    }
}
