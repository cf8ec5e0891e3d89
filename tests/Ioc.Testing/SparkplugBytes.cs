using System.Buffers.Binary;
using System.Text;

namespace Ioc.Testing;

/// <summary>Writes Sparkplug B payloads field by field from the published message description, and knows nothing of how the product reads them.</summary>
public sealed class SparkplugBytes
{
    private readonly List<byte> _bytes = [];

    /// <summary>Int8 1, Int16 2, Int32 3, Int64 4, UInt8 5, UInt32 7, UInt64 8, Float 9, Double 10, Boolean 11, String 12, DateTime 13.</summary>
    public static SparkplugBytes Payload(ulong timestamp, int? sequence = null)
    {
        SparkplugBytes payload = new SparkplugBytes().Varint(1, timestamp);
        return sequence is { } number ? payload.Varint(3, (ulong)number) : payload;
    }

    public static SparkplugBytes Metric(string? name, ulong? alias = null, int type = 0, ulong timestamp = 0)
    {
        var metric = new SparkplugBytes();
        if (name is not null)
            metric.Text(1, name);
        if (alias is { } number)
            metric.Varint(2, number);
        if (timestamp > 0)
            metric.Varint(3, timestamp);
        return type > 0 ? metric.Varint(4, (ulong)type) : metric;
    }

    /// <summary>A birth of a node: its number, and the metric through which it takes the request for another one.</summary>
    public static SparkplugBytes NodeBirth(ulong timestamp, ulong bdSeq, params SparkplugBytes[] metrics) =>
        Payload(timestamp, 0)
            .With(Metric("bdSeq", type: 4).U64(bdSeq), Metric("Node Control/Rebirth", type: 11).Boolean(false))
            .With(metrics);

    public static byte[] NodeDeath(ulong bdSeq) => new SparkplugBytes().With(Metric("bdSeq", type: 4).U64(bdSeq)).ToArray();

    public SparkplugBytes With(params SparkplugBytes[] metrics)
    {
        foreach (SparkplugBytes metric in metrics)
            Message(2, metric);
        return this;
    }

    public SparkplugBytes U32(uint value) => Varint(10, value);

    public SparkplugBytes U64(ulong value) => Varint(11, value);

    public SparkplugBytes F32(float value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return Tag(12, 5).Raw(bytes);
    }

    public SparkplugBytes F64(double value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        return Tag(13, 1).Raw(bytes);
    }

    public SparkplugBytes Boolean(bool value) => Varint(14, value ? 1UL : 0);

    public SparkplugBytes Words(string value) => Text(15, value);

    public SparkplugBytes Historical() => Varint(5, 1);

    public SparkplugBytes Null() => Varint(7, 1);

    /// <summary>The property set of a metric: two lists side by side, names and values.</summary>
    public SparkplugBytes Properties(int? quality = null, string? unit = null)
    {
        var set = new SparkplugBytes();
        if (unit is not null)
            set.Text(1, "engUnit");
        if (quality is not null)
            set.Text(1, "Quality");
        if (unit is not null)
            set.Message(2, new SparkplugBytes().Varint(1, 12).Text(8, unit));
        if (quality is { } code)
            set.Message(2, new SparkplugBytes().Varint(1, 3).Varint(3, (uint)code));
        return Message(9, set);
    }

    public SparkplugBytes Message(int field, SparkplugBytes inner) => Bytes(field, inner.ToArray());

    public SparkplugBytes Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    public SparkplugBytes Bytes(int field, ReadOnlySpan<byte> bytes) => Tag(field, 2).Number((ulong)bytes.Length).Raw(bytes);

    public SparkplugBytes Varint(int field, ulong value) => Tag(field, 0).Number(value);

    public byte[] ToArray() => [.. _bytes];

    private SparkplugBytes Tag(int field, int wire) => Number((ulong)((field << 3) | wire));

    private SparkplugBytes Number(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.Add((byte)(value | 0x80));
        _bytes.Add((byte)value);
        return this;
    }

    private SparkplugBytes Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }
}
