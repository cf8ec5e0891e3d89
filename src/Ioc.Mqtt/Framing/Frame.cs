using System.Buffers;
using Ioc.Mqtt.Packets;

namespace Ioc.Mqtt.Framing;

/// <summary>One whole control packet, not yet interpreted. A view over the pipe's buffer: dead once the pipe advances.</summary>
/// <param name="header">First byte: packet type and flags, already known to be a legal pair.</param>
/// <param name="body">Everything behind the remaining length.</param>
public readonly ref struct Frame(byte header, ReadOnlySequence<byte> body)
{
    /// <summary>Everything behind the remaining length.</summary>
    public ReadOnlySequence<byte> Body { get; } = body;

    /// <summary>The packet's type, never zero.</summary>
    public PacketType Type => (PacketType)(header >> 4);

    /// <summary>The lower four bits of the first byte.</summary>
    public int Flags => header & 0x0F;
}
