namespace Ioc.Profiles.Sparkplug;

/// <summary>Which member of a metric carries its value.</summary>
internal enum ValueKind : byte
{
    /// <summary>None, or one that is no single value: bytes, data set, template.</summary>
    None,

    /// <summary>32 or 64 bits in <see cref="SparkplugMetric.Bits"/>; the type says whether they have a sign.</summary>
    Integer,
    Float,
    Double,
    Boolean,
    Text,
}

/// <summary>One metric of a payload, as on the wire. A view: dead with the payload.</summary>
internal ref struct SparkplugMetric
{
    /// <summary>Good as OPC counts it; what a metric without the property has.</summary>
    public const int QualityGood = 192;

    /// <summary>The node has lost its source: the value is the last one it knew.</summary>
    public const int QualityStale = 500;

    public ReadOnlySpan<byte> Name;
    public bool HasName;
    public ulong Alias;
    public bool HasAlias;

    /// <summary>Milliseconds since 1970; zero when the metric has no time of its own.</summary>
    public ulong Timestamp;
    public DataType Type;
    public bool IsHistorical;
    public bool IsNull;
    public ValueKind Kind;

    /// <summary>The value's bits as sent, for all kinds but text.</summary>
    public ulong Bits;
    public ReadOnlySpan<byte> Text;

    /// <summary>0 bad, 192 good, 500 stale.</summary>
    public int Quality;

    /// <summary>Unit as the property <c>engUnit</c> says it; empty when it does not.</summary>
    public ReadOnlySpan<byte> Unit;

    /// <summary>Reads one metric; false when the bytes are not one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out SparkplugMetric metric)
    {
        var read = new SparkplugMetric { Quality = QualityGood };
        var reader = new WireReader(bytes);
        bool isWhole = true;
        while (isWhole && reader.TryReadTag(out int field, out WireType type))
            isWhole = TryField(ref reader, field, type, ref read);

        metric = read;
        return isWhole && !reader.IsBroken;
    }

    private static bool TryField(scoped ref WireReader reader, int field, WireType type, scoped ref SparkplugMetric metric)
    {
        switch (field, type)
        {
            case (1, WireType.Bytes):
                metric.HasName = reader.TryReadBytes(out ReadOnlySpan<byte> name);
                metric.Name = name;
                return metric.HasName;
            case (2, WireType.Varint):
                return metric.HasAlias = reader.TryReadVarint(out metric.Alias);
            case (3, WireType.Varint):
                return reader.TryReadVarint(out metric.Timestamp);
            case (4, WireType.Varint):
                bool hasType = reader.TryReadVarint(out ulong code);
                metric.Type = code <= (ulong)DataType.LastKnown ? (DataType)code : DataType.Unknown;
                return hasType;
            case (5, WireType.Varint):
                return TryFlag(ref reader, out metric.IsHistorical);
            case (7, WireType.Varint):
                return TryFlag(ref reader, out metric.IsNull);
            case (9, WireType.Bytes):
                return reader.TryReadBytes(out ReadOnlySpan<byte> properties) && PropertySet.TryRead(properties, ref metric);
            case (10 or 11, WireType.Varint):
                metric.Kind = ValueKind.Integer;
                return reader.TryReadVarint(out metric.Bits);
            case (12, WireType.Fixed32):
                metric.Kind = ValueKind.Float;
                bool hasFloat = reader.TryReadFixed32(out uint single);
                metric.Bits = single;
                return hasFloat;
            case (13, WireType.Fixed64):
                metric.Kind = ValueKind.Double;
                return reader.TryReadFixed64(out metric.Bits);
            case (14, WireType.Varint):
                metric.Kind = ValueKind.Boolean;
                return reader.TryReadVarint(out metric.Bits);
            case (15, WireType.Bytes):
                metric.Kind = ValueKind.Text;
                return reader.TryReadBytes(out metric.Text);
            default:
                // Metadata, byte strings, data sets, templates, extensions: not values that a reading could have.
                return reader.TrySkip(type);
        }
    }

    private static bool TryFlag(scoped ref WireReader reader, out bool flag)
    {
        bool there = reader.TryReadVarint(out ulong value);
        flag = value != 0;
        return there;
    }

    /// <summary>The properties that matter to a reading: quality and unit. Nested sets are passed over.</summary>
    private static class PropertySet
    {
        // A metric has a handful; more of them than this are not looked at.
        private const int Most = 64;

        public static bool TryRead(ReadOnlySpan<byte> bytes, scoped ref SparkplugMetric metric)
        {
            Span<Wanted> keys = stackalloc Wanted[Most];
            int keyCount = 0;
            var names = new WireReader(bytes);
            while (names.TryReadTag(out int field, out WireType type))
            {
                if (field != 1 || type != WireType.Bytes)
                {
                    names.TrySkip(type);
                    continue;
                }

                if (names.TryReadBytes(out ReadOnlySpan<byte> key) && keyCount < Most)
                    keys[keyCount++] = key.SequenceEqual("Quality"u8) ? Wanted.Quality : key.SequenceEqual("engUnit"u8) ? Wanted.Unit : Wanted.No;
            }

            return !names.IsBroken && TryValues(new WireReader(bytes), keys[..keyCount], ref metric);
        }

        // Keys and values are two lists side by side.
        private static bool TryValues(WireReader reader, scoped ReadOnlySpan<Wanted> keys, scoped ref SparkplugMetric metric)
        {
            int next = 0;
            while (reader.TryReadTag(out int field, out WireType type))
            {
                if (field != 2 || type != WireType.Bytes)
                {
                    reader.TrySkip(type);
                    continue;
                }

                Wanted wanted = next < keys.Length ? keys[next] : Wanted.No;
                next++;
                if (reader.TryReadBytes(out ReadOnlySpan<byte> value) && wanted != Wanted.No && !TryValue(value, wanted, ref metric))
                    return false;
            }

            return !reader.IsBroken;
        }

        private static bool TryValue(ReadOnlySpan<byte> bytes, Wanted wanted, scoped ref SparkplugMetric metric)
        {
            var reader = new WireReader(bytes);
            while (reader.TryReadTag(out int field, out WireType type))
            {
                if (wanted == Wanted.Quality && field is 3 or 4 && type == WireType.Varint && reader.TryReadVarint(out ulong code))
                    metric.Quality = (int)Math.Min(code, int.MaxValue);
                else if (wanted == Wanted.Unit && field == 8 && type == WireType.Bytes && reader.TryReadBytes(out ReadOnlySpan<byte> unit))
                    metric.Unit = unit;
                else if (!reader.IsBroken)
                    reader.TrySkip(type);
            }

            return !reader.IsBroken;
        }

        private enum Wanted : byte
        {
            No,
            Quality,
            Unit,
        }
    }
}
