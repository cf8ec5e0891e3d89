using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Ioc.Mqtt;
using Ioc.Mqtt.Packets;

namespace Ioc.Bench.Mqtt;

/// <summary>Writes 64 deliveries of one message, as to a subscriber that takes all: a 32-byte topic and 200 bytes of JSON at QoS 1.</summary>
[MemoryDiagnoser]
public class DeliveryWriting
{
    private const int PacketsPerRound = 64;

    private static readonly uint[] OneId = [300];

    private readonly byte[] _topic = Encoding.UTF8.GetBytes("tele/gia-lai/quy-nhon/meter-0042");
    private readonly byte[] _payload = Encoding.UTF8.GetBytes("{\"Time\":\"2026-11-22T10:00:00\",\"ENERGY\":{\"Total\":1234.567}}".PadRight(200));
    private readonly byte[] _properties = [0x01, 1, 0x02, 0, 0, 0, 60];
    private readonly ArrayBufferWriter<byte> _output = new(64 * 1024);

    [GlobalSetup]
    public void Setup() => _output.ResetWrittenCount();

    [Benchmark(Baseline = true, OperationsPerInvoke = PacketsPerRound)]
    public long V311() => Write(ProtocolVersion.V311, [], null);

    [Benchmark(OperationsPerInvoke = PacketsPerRound)]
    public long V5() => Write(ProtocolVersion.V5, [], null);

    [Benchmark(OperationsPerInvoke = PacketsPerRound)]
    public long V5WithIdAndExpiry() => Write(ProtocolVersion.V5, OneId, 55);

    private long Write(ProtocolVersion version, ReadOnlySpan<uint> ids, uint? expiry)
    {
        _output.ResetWrittenCount();
        for (ushort id = 1; id <= PacketsPerRound; id++)
        {
            new DeliveryPacket { Qos = 1, PacketId = id, Topic = _topic, Properties = _properties, SubscriptionIds = ids, RemainingExpirySeconds = expiry, Payload = _payload }
                .Write(_output, version);
        }

        return _output.WrittenCount;
    }
}
