using System.Buffers;

namespace Ioc.Testing;

/// <summary>The same bytes, cut in other places: what a pipe may hand over.</summary>
public static class Segments
{
    /// <summary>One buffer per position, cut in two there.</summary>
    public static IEnumerable<ReadOnlySequence<byte>> AtEveryPosition(byte[] bytes)
    {
        for (int cut = 0; cut <= bytes.Length; cut++)
            yield return Of(bytes.AsMemory(0, cut), bytes.AsMemory(cut));
    }

    /// <summary>Each byte in a segment of its own.</summary>
    public static ReadOnlySequence<byte> OneByteEach(byte[] bytes) =>
        bytes.Length == 0 ? ReadOnlySequence<byte>.Empty : Of([.. Enumerable.Range(0, bytes.Length).Select(i => (ReadOnlyMemory<byte>)bytes.AsMemory(i, 1))]);

    /// <summary>These pieces in a row, empty ones included.</summary>
    public static ReadOnlySequence<byte> Of(params ReadOnlyMemory<byte>[] pieces)
    {
        var first = new Segment(pieces[0], 0);
        Segment last = first;
        foreach (ReadOnlyMemory<byte> piece in pieces.Skip(1))
            last = last.Append(piece);

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long runningIndex)
        {
            Memory = memory;
            RunningIndex = runningIndex;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
