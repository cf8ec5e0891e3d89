using System.Buffers;
using System.IO.Pipelines;

namespace Ioc.Broker.Connections;

/// <summary>Takes a packet that may still be taken back: nothing has left before <see cref="Commit"/>.</summary>
/// <remarks>Touched only by the connection's writer.</remarks>
internal sealed class TentativeWriter(PipeWriter output) : IBufferWriter<byte>
{
    private Memory<byte> _room;
    private int _written;

    /// <summary>Begins a packet; forgets one that was not committed.</summary>
    /// <param name="bytes">Most that it takes.</param>
    public void Begin(int bytes)
    {
        _room = output.GetMemory(bytes);
        _written = 0;
    }

    public void Advance(int count) => _written += count;

    public Memory<byte> GetMemory(int sizeHint = 0) => _room[_written..];

    public Span<byte> GetSpan(int sizeHint = 0) => _room.Span[_written..];

    /// <summary>The packet leaves with the next flush.</summary>
    public void Commit() => output.Advance(_written);
}
