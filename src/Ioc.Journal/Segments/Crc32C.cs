using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Ioc.Journal.Segments;

/// <summary>CRC-32C (Castagnoli): the processor's own instruction where there is one, the runtime's table otherwise.</summary>
internal static class Crc32C
{
    /// <summary>A running value before the first byte.</summary>
    public const uint Start = uint.MaxValue;

    public static uint Compute(ReadOnlySpan<byte> bytes) => End(Append(Start, bytes));

    /// <summary>Takes more bytes into a running value.</summary>
    public static uint Append(uint running, ReadOnlySpan<byte> bytes)
    {
        uint crc = running;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));

        foreach (byte rest in bytes[(words.Length * sizeof(ulong))..])
            crc = BitOperations.Crc32C(crc, rest);

        return crc;
    }

    /// <summary>The checksum that a running value stands for.</summary>
    public static uint End(uint running) => ~running;
}
