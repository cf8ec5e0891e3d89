using System.Buffers;
using Ioc.Mqtt.Packets;

namespace Ioc.Mqtt.Framing;

/// <summary>One whole control packet, not yet interpreted. A view over the pipe's buffer: dead once the pipe advances or its <see cref="FrameCursor"/> goes on.</summary>
public readonly ref struct Frame
{
    private readonly ReadOnlySequence<byte> _source;
    private readonly int _start;
    private readonly int _length;

    /// <summary>A frame wherever its body lies.</summary>
    /// <param name="header">First byte: packet type and flags, already known to be a legal pair.</param>
    /// <param name="body">Everything behind the remaining length.</param>
    public Frame(byte header, ReadOnlySequence<byte> body)
    {
        Header = header;
        _source = body;
        _length = (int)body.Length;
        IsContiguous = body.IsSingleSegment;
        Span = IsContiguous ? body.FirstSpan : default;
    }

    /// <summary>A frame in one piece; its place in the pipe's buffer is only worked out when somebody asks.</summary>
    /// <param name="span">The body.</param>
    /// <param name="source">A sequence whose first segment has the body.</param>
    /// <param name="start">Where in it.</param>
    internal Frame(byte header, ReadOnlySpan<byte> span, scoped in ReadOnlySequence<byte> source, int start)
    {
        Header = header;
        Span = span;
        IsContiguous = true;
        _source = source;
        _start = start;
        _length = span.Length;
    }

    /// <summary>First byte of the packet.</summary>
    internal byte Header { get; }

    /// <summary>The body in one piece; empty when it is not <see cref="IsContiguous"/>.</summary>
    public ReadOnlySpan<byte> Span { get; }

    /// <summary>Whether <see cref="Span"/> is the whole body.</summary>
    public bool IsContiguous { get; }

    /// <summary>Everything behind the remaining length.</summary>
    public ReadOnlySequence<byte> Body => _source.Slice(_start, _length);

    /// <summary>The packet's type, never zero.</summary>
    public PacketType Type => (PacketType)(Header >> 4);

    /// <summary>The lower four bits of the first byte.</summary>
    public int Flags => Header & 0x0F;
}
