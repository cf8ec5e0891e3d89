using System.Buffers;
using Ioc.Mqtt.Framing;

namespace Ioc.Mqtt.Packets;

/// <summary>PINGREQ and PINGRESP: a type and nothing else.</summary>
public static class PingPacket
{
    /// <summary>Both are two bytes.</summary>
    public const int EncodedBytes = 2;

    /// <summary>Reads a PINGREQ or PINGRESP frame: only an empty body is legal.</summary>
    public static ReadStatus TryRead(in Frame frame) => frame.Body.IsEmpty ? ReadStatus.Complete : ReadStatus.Malformed;

    /// <summary>Writes what a client sends.</summary>
    public static void WriteRequest(IBufferWriter<byte> output) => Write(output, PacketType.Pingreq);

    /// <summary>Writes what a server answers.</summary>
    public static void WriteResponse(IBufferWriter<byte> output) => Write(output, PacketType.Pingresp);

    private static void Write(IBufferWriter<byte> output, PacketType type)
    {
        Span<byte> span = output.GetSpan(EncodedBytes);
        span[0] = (byte)((int)type << 4);
        span[1] = 0;
        output.Advance(EncodedBytes);
    }
}
