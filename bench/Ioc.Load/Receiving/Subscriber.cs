using Ioc.Load.Wire;

namespace Ioc.Load.Receiving;

/// <summary>One connection that takes everything and acknowledges in batches.</summary>
internal sealed class Subscriber(WireSocket socket, Deliveries deliveries)
{
    private const int MostPerRead = 256 * 1024;

    private readonly byte[] _buffer = new byte[MostPerRead];
    private readonly byte[] _acks = new byte[MostPerRead];
    private int _kept, _ackAt, _ackEnd;

    public Deliveries Deliveries => deliveries;

    /// <summary>Different messages of this run.</summary>
    public long Received => deliveries.Received;

    /// <summary>System calls that brought something.</summary>
    public long Reads { get; private set; }

    public bool OwesAcks => _ackAt < _ackEnd;

    /// <summary>Takes what is there and acknowledges it. While acknowledgements cannot be sent nothing is read.</summary>
    public void Read()
    {
        if (OwesAcks && !SendAcks())
            return;

        int received = socket.Receive(_buffer.AsSpan(_kept));
        if (received == 0)
            return;
        Reads++;
        int end = _kept + received;
        int taken = deliveries.Take(_buffer.AsSpan(0, end), _acks, out _ackEnd);
        _buffer.AsSpan(taken, end - taken).CopyTo(_buffer);
        _kept = end - taken;
        SendAcks();
    }

    public void Leave() => socket.Leave();

    private bool SendAcks()
    {
        if (OwesAcks)
            _ackAt += socket.Send(_acks.AsSpan(_ackAt, _ackEnd - _ackAt));
        if (OwesAcks)
            return false;
        (_ackAt, _ackEnd) = (0, 0);
        return true;
    }
}
