namespace Ioc.Profiles.Sparkplug;

/// <summary>Keys of the book: source, group, node and device in one run of bytes, looked up without making an array.</summary>
internal sealed class Utf8Key : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    /// <summary>Longest key: a source, the ids, and what stands between them.</summary>
    public const int MaxBytes = 256 + SparkplugTopic.MaxIdBytes + 3;

    public static readonly Utf8Key Comparer = new();

    /// <summary>Puts a key together. Neither a source nor a topic level can hold a slash or a NUL, so no two of them look alike.</summary>
    public static ReadOnlySpan<byte> Write(Span<byte> into, ReadOnlySpan<byte> source, ReadOnlySpan<byte> group, ReadOnlySpan<byte> node, ReadOnlySpan<byte> device)
    {
        int length = 0;
        Append(into, ref length, source, 0);
        Append(into, ref length, group, (byte)'/');
        Append(into, ref length, node, (byte)'/');
        device.CopyTo(into[length..]);
        return into[..(length + device.Length)];
    }

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    // HashCode is seeded per process, so nobody can choose keys that collide.
    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = new HashCode();
        hash.AddBytes(alternate);
        return hash.ToHashCode();
    }

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

    private static void Append(Span<byte> into, ref int length, ReadOnlySpan<byte> part, byte after)
    {
        part.CopyTo(into[length..]);
        length += part.Length;
        into[length++] = after;
    }
}
