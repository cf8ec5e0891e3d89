using System.Buffers;
using BenchmarkDotNet.Attributes;
using Ioc.Mqtt;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;

namespace Ioc.Bench.Mqtt;

/// <summary>Cuts and reads 64 PUBACKs of one buffer, as a subscriber that keeps up sends them.</summary>
[MemoryDiagnoser]
public class AckReading
{
    private const int AcksPerBuffer = 64;

    private ReadOnlySequence<byte> _plain;
    private ReadOnlySequence<byte> _withReason;

    [GlobalSetup]
    public void Setup()
    {
        _plain = Acks(ReasonCode.Success);
        _withReason = Acks(ReasonCode.NoMatchingSubscribers);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = AcksPerBuffer)]
    public long Plain() => Read(_plain);

    [Benchmark(OperationsPerInvoke = AcksPerBuffer)]
    public long WithReason() => Read(_withReason);

    private static long Read(in ReadOnlySequence<byte> buffer)
    {
        long ids = 0;
        using var cursor = new FrameCursor(buffer, 256 * 1024);
        while (cursor.TryRead(out Frame frame) == ReadStatus.Complete)
        {
            if (AckPacket.TryRead(frame, ProtocolVersion.V5, out AckPacket ack) != ReadStatus.Complete)
                throw new InvalidOperationException("The bench's own packets are wrong.");

            ids += ack.PacketId;
            cursor.Consume();
        }

        return ids;
    }

    private static ReadOnlySequence<byte> Acks(ReasonCode reason)
    {
        var output = new ArrayBufferWriter<byte>();
        for (ushort id = 1; id <= AcksPerBuffer; id++)
            output.Advance(AckPacket.WritePlain(output.GetSpan(AckPacket.MaxPlainBytes), PacketType.Puback, id, reason));
        return new ReadOnlySequence<byte>(output.WrittenMemory);
    }
}
