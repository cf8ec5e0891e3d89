using System.Buffers;
using System.Text.Unicode;

namespace Ioc.Profiles.Sparkplug;

/// <summary>What came of a birth.</summary>
internal enum BirthStatus
{
    Read,

    /// <summary>Not a payload, or a metric without a name.</summary>
    Malformed,

    /// <summary>More metrics than one message may have.</summary>
    TooMany,
}

/// <summary>Makes a certificate of a birth's payload. Births are rare: this may allocate.</summary>
internal static class BirthReader
{
    /// <summary>Longest unit that is kept.</summary>
    private const int MaxUnitBytes = 32;

    /// <summary>Reads a birth.</summary>
    /// <param name="bytes">The payload.</param>
    /// <param name="certificate">Its table.</param>
    /// <param name="bdSeq">The number that the death belonging to it will bear; −1 when it names none.</param>
    public static BirthStatus TryRead(ReadOnlySpan<byte> bytes, out BirthCertificate? certificate, out long bdSeq)
    {
        certificate = null;
        bdSeq = -1;
        if (!SparkplugPayload.TryRead(bytes, out SparkplugPayload payload))
            return BirthStatus.Malformed;
        if (payload.MetricCount > SparkplugPayload.MaxMetrics)
            return BirthStatus.TooMany;

        var text = new ArrayBufferWriter<byte>();
        var metrics = new List<MetricEntry>(payload.MetricCount);
        SparkplugPayload.MetricEnumerator walk = payload.Metrics;
        while (walk.TryNext(out SparkplugMetric metric))
        {
            if (!metric.HasName || !Utf8.IsValid(metric.Name))
                return BirthStatus.Malformed;
            if (metric.Name.SequenceEqual("bdSeq"u8) && metric.Kind == ValueKind.Integer)
                bdSeq = (long)(metric.Bits & long.MaxValue);

            ReadOnlySpan<byte> unit = metric.Unit.Length <= MaxUnitBytes && Utf8.IsValid(metric.Unit) ? metric.Unit : default;
            metrics.Add(new MetricEntry(metric.Alias, metric.HasAlias, metric.Type, text.WrittenCount, metric.Name.Length, unit.Length));
            text.Write(metric.Name);
            text.Write(unit);
        }

        if (walk.IsBroken)
            return BirthStatus.Malformed;

        certificate = new BirthCertificate(text.WrittenSpan.ToArray(), [.. metrics]);
        return BirthStatus.Read;
    }

    /// <summary>Reads a death certificate.</summary>
    /// <param name="bytes">The payload.</param>
    /// <param name="bdSeq">Its number; −1 when it names none.</param>
    /// <returns>False when it is not a payload.</returns>
    public static bool TryReadDeath(ReadOnlySpan<byte> bytes, out long bdSeq)
    {
        bdSeq = -1;
        if (!SparkplugPayload.TryRead(bytes, out SparkplugPayload payload))
            return false;

        SparkplugPayload.MetricEnumerator walk = payload.Metrics;
        while (walk.TryNext(out SparkplugMetric metric))
        {
            if (metric.Name.SequenceEqual("bdSeq"u8) && metric.Kind == ValueKind.Integer)
                bdSeq = (long)(metric.Bits & long.MaxValue);
        }

        return !walk.IsBroken;
    }
}
