namespace Ioc.Profiles.Sparkplug;

/// <summary>A whole payload: when it was made, its place in the node's sequence, and its metrics one by one. A view.</summary>
internal readonly ref struct SparkplugPayload
{
    /// <summary>Most metrics of one message; the largest birth certificates in the field have some thousands.</summary>
    public const int MaxMetrics = 16_384;

    private readonly ReadOnlySpan<byte> _bytes;

    private SparkplugPayload(ReadOnlySpan<byte> bytes, ulong timestamp, int sequence, int metricCount)
    {
        _bytes = bytes;
        Timestamp = timestamp;
        Sequence = sequence;
        MetricCount = metricCount;
    }

    /// <summary>Milliseconds since 1970; zero when there is none.</summary>
    public ulong Timestamp { get; }

    /// <summary>0 to 255; −1 when there is none, as in a death certificate.</summary>
    public int Sequence { get; }

    /// <summary>How many metrics; may exceed <see cref="MaxMetrics"/>, which the caller judges.</summary>
    public int MetricCount { get; }

    public MetricEnumerator Metrics => new(_bytes);

    /// <summary>The metrics among the last bytes of the payload, where an earlier walk stopped.</summary>
    public MetricEnumerator LastMetrics(int left) => new(_bytes[^left..]);

    /// <summary>Reads the outer layer; false when the bytes are not a payload. Metrics are judged as they are walked.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out SparkplugPayload payload)
    {
        ulong timestamp = 0;
        ulong sequence = 0;
        bool hasSequence = false;
        int metricCount = 0;
        var reader = new WireReader(bytes);
        while (reader.TryReadTag(out int field, out WireType type))
        {
            switch (field, type)
            {
                case (1, WireType.Varint):
                    reader.TryReadVarint(out timestamp);
                    break;
                case (2, WireType.Bytes):
                    metricCount++;
                    reader.TrySkip(type);
                    break;
                case (3, WireType.Varint):
                    hasSequence = reader.TryReadVarint(out sequence);
                    break;
                default:
                    reader.TrySkip(type);
                    break;
            }
        }

        payload = new SparkplugPayload(bytes, timestamp, hasSequence && sequence <= byte.MaxValue ? (int)sequence : -1, metricCount);
        return !reader.IsBroken;
    }

    /// <summary>Walks the metrics of a payload.</summary>
    public ref struct MetricEnumerator(ReadOnlySpan<byte> bytes)
    {
        private WireReader _reader = new(bytes);

        /// <summary>The next metric; false after the last, and when one cannot be read.</summary>
        public bool TryNext(out SparkplugMetric metric)
        {
            metric = default;
            while (_reader.TryReadTag(out int field, out WireType type))
            {
                if (field != 2 || type != WireType.Bytes)
                {
                    _reader.TrySkip(type);
                    continue;
                }

                if (_reader.TryReadBytes(out ReadOnlySpan<byte> inner) && SparkplugMetric.TryRead(inner, out metric))
                    return true;

                IsBroken = true;
                return false;
            }

            return false;
        }

        /// <summary>Bytes that were not walked yet.</summary>
        public readonly int Left => _reader.Left;

        /// <summary>The walk ended before its time.</summary>
        public bool IsBroken { get; private set; }
    }
}
