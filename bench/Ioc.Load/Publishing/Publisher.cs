using System.Diagnostics;
using Ioc.Load.Figures;
using Ioc.Load.Messages;
using Ioc.Load.Wire;

namespace Ioc.Load.Publishing;

/// <summary>One publishing connection: fills its window, many frames to a write, and reads the acknowledgements.</summary>
internal sealed class Publisher
{
    private static readonly byte[] Ping = [0xC0, 0x00];

    private readonly WireSocket _socket;
    private readonly MeterMessage _message;
    private readonly int _index, _qos, _window, _batch, _frameBytes;
    private readonly byte[] _frames;
    private readonly byte[] _answers = new byte[16 * 1024];
    private readonly long[] _sentAt;
    private readonly LatencyHistogram _latency;
    private readonly AckStream _acks = new();
    private int _unsentAt, _unsentEnd;
    private bool _pinged;

    /// <param name="batch">Places that must be free before a full-speed connection writes; the last frames go anyway.</param>
    public Publisher(WireSocket socket, MeterMessage message, int index, int qos, int window, int batch, LatencyHistogram latency)
    {
        (_socket, _message, _index, _qos, _window, _batch, _latency) = (socket, message, index, qos, window, Math.Min(batch, window), latency);
        _frameBytes = message.FrameBytes;
        _frames = new byte[window * _frameBytes];
        _sentAt = new long[window];
        for (int i = 0; i < window; i++)
            message.CopyTo(_frames.AsSpan(i * _frameBytes, _frameBytes));
    }

    /// <summary>Messages handed to the kernel, or being handed.</summary>
    public long Sent { get; private set; }

    /// <summary>System calls that handed them.</summary>
    public long Writes { get; private set; }

    public long Acknowledged => _qos == 0 ? Sent : _acks.Acknowledged;

    /// <summary>Part of a write is left because the kernel's buffer is full.</summary>
    public bool IsBlocked => _unsentAt < _unsentEnd;

    /// <summary>At QoS 0, where nothing is acknowledged, the broker has answered a ping that came behind the last message.</summary>
    public bool HasPong => _acks.HasPong;

    /// <summary>Sends as many messages as the window, the kernel and <paramref name="allowed"/> let.</summary>
    /// <param name="allowed">Messages of this connection that may have been sent by now.</param>
    /// <param name="last">Messages after which an incomplete batch goes too.</param>
    public int Fill(long allowed, long last)
    {
        if (IsBlocked && !Flush())
            return 0;

        long wanted = Math.Min(allowed - Sent, _window - (Sent - Acknowledged));
        if (wanted <= 0 || (wanted < _batch && Sent + wanted < last))
            return 0;

        int count = (int)wanted;
        for (int i = 0; i < count; i++)
        {
            long message = Sent + i;
            _message.Patch(_frames.AsSpan(i * _frameBytes, _frameBytes), _index, message, AckStream.PacketIdOf(message));
        }

        if (_qos > 0)
        {
            long now = Stopwatch.GetTimestamp();
            for (int i = 0; i < count; i++)
                _sentAt[(Sent + i) % _window] = now;
        }

        Sent += count;
        (_unsentAt, _unsentEnd) = (0, count * _frameBytes);
        Flush();
        return count;
    }

    /// <summary>Asks for a sign that everything before was read.</summary>
    public void AskForPong()
    {
        if (!_pinged && !IsBlocked)
            _pinged = _socket.Send(Ping) == Ping.Length;
    }

    /// <summary>Reads what the broker says.</summary>
    /// <returns>Messages acknowledged by it.</returns>
    public int Read()
    {
        long before = _acks.Acknowledged;
        int received = _socket.Receive(_acks.Free(_answers));
        _acks.Take(_answers, received, _qos == 0 ? 0 : Sent);
        long after = _acks.Acknowledged;
        if (after > before)
        {
            long now = Stopwatch.GetTimestamp();
            for (long i = before; i < after; i++)
                _latency.Record(Stopwatch.GetElapsedTime(_sentAt[i % _window], now));
        }

        return (int)(after - before);
    }

    public void Leave() => _socket.Leave();

    private bool Flush()
    {
        _unsentAt += _socket.Send(_frames.AsSpan(_unsentAt, _unsentEnd - _unsentAt));
        Writes++;
        return !IsBlocked;
    }
}
