using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Ioc.Mqtt;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Properties;

namespace Ioc.Bench.Mqtt;

/// <summary>Cuts and reads 64 PUBLISHes of one buffer, as a gateway sends them: a 32-byte topic and 200 bytes of JSON.</summary>
[MemoryDiagnoser]
public class FrameParsing
{
    private const int FramesPerBuffer = 64;

    // What Kestrel's memory pool hands out.
    private const int PipeSegmentBytes = 4096;

    private ReadOnlySequence<byte> _whole;
    private ReadOnlySequence<byte> _segmented;

    [Params(0, 1)]
    public int Qos { get; set; }

    [Params(ProtocolVersion.V311, ProtocolVersion.V5)]
    public ProtocolVersion Version { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        byte[] topic = Encoding.UTF8.GetBytes("tele/gia-lai/quy-nhon/meter-0042");
        byte[] payload = Encoding.UTF8.GetBytes("{\"Time\":\"2026-11-22T10:00:00\",\"ENERGY\":{\"Total\":1234.567,\"Power\":230,\"Voltage\":229,\"Current\":1.02}}".PadRight(200));
        var output = new ArrayBufferWriter<byte>();
        for (int i = 1; i <= FramesPerBuffer; i++)
        {
            new PublishPacket { Qos = Qos, PacketId = (ushort)(Qos * i), Topic = new(topic), Properties = PropertyList.Empty, Payload = new(payload) }
                .Write(output, Version);
        }

        _whole = new ReadOnlySequence<byte>(output.WrittenMemory);
        _segmented = Cut(output.WrittenMemory, PipeSegmentBytes);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = FramesPerBuffer)]
    public long OneSegment() => Read(_whole);

    [Benchmark(OperationsPerInvoke = FramesPerBuffer)]
    public long PipeSegments() => Read(_segmented);

    [Benchmark(OperationsPerInvoke = FramesPerBuffer)]
    public long OneSegmentAsSequences() => ReadSequences(_whole);

    private long Read(in ReadOnlySequence<byte> buffer)
    {
        long payloadBytes = 0;
        using var cursor = new FrameCursor(buffer, 256 * 1024);
        while (cursor.TryRead(out Frame frame) == ReadStatus.Complete)
        {
            if (PublishView.TryRead(frame, Version, out PublishView view) != ReadStatus.Complete)
                throw new InvalidOperationException("The bench's own packets are wrong.");

            payloadBytes += view.Payload.Length;
            cursor.Consume();
        }

        return payloadBytes;
    }

    private long ReadSequences(ReadOnlySequence<byte> buffer)
    {
        long payloadBytes = 0;
        while (FrameReader.TryReadFrame(ref buffer, 256 * 1024, out Frame frame) == ReadStatus.Complete)
        {
            if (PublishPacket.TryRead(frame, Version, out PublishPacket packet) != ReadStatus.Complete)
                throw new InvalidOperationException("The bench's own packets are wrong.");

            payloadBytes += packet.Payload.Length;
        }

        return payloadBytes;
    }

    private static ReadOnlySequence<byte> Cut(ReadOnlyMemory<byte> bytes, int segmentBytes)
    {
        var first = new Segment(bytes[..segmentBytes], 0);
        Segment last = first;
        for (int start = segmentBytes; start < bytes.Length; start += segmentBytes)
            last = last.Append(bytes.Slice(start, Math.Min(segmentBytes, bytes.Length - start)));

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
