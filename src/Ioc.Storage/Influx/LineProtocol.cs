using System.Buffers;
using System.Globalization;
using System.Text;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;

namespace Ioc.Storage.Influx;

/// <summary>Readings as lines: <c>active_power,channel=L1,device=EM-1,source=default value=229.75,quality=0i 1795400000000000000</c>. Touched only by the commit.</summary>
/// <remarks>
/// Measurement = metric; tags = lasting identity; a point per reading, in nanoseconds. The part before the fields is written once per series and kept.
/// Readings stamped by arrival add their place in the message as nanoseconds, so that none covers another. Two readings of one series with the same
/// device time are one point: the later one wins, because that is how InfluxDB identifies points.
/// </remarks>
internal sealed class LineProtocol(DeviceRegistry registry, MetricCatalogue metrics, ChannelTable channels)
{
    private readonly Dictionary<(DeviceId, MetricId, ChannelId), byte[]> _series = [];

    /// <summary>Nanoseconds of a reading: its identity in InfluxDB together with its series.</summary>
    public static long Nanoseconds(long measuredMicros, long receivedMicros, int index) =>
        (measuredMicros * 1_000) + (measuredMicros == receivedMicros ? index % 1_000 : 0);

    /// <summary>Writes one line.</summary>
    public void Write(IBufferWriter<byte> to, DeviceId device, MetricId metric, ChannelId channel, double value, Quality quality, long nanoseconds)
    {
        byte[] series = Series(device, metric, channel);
        Span<byte> line = to.GetSpan(series.Length + (3 * FixedPoint.MaxBytes) + 16);
        series.CopyTo(line);
        int length = series.Length;
        length += FixedPoint.Write(line[length..], value);
        length += Copy(",quality="u8, line[length..]);
        length += FixedPoint.Write(line[length..], (long)quality);
        length += Copy("i "u8, line[length..]);
        length += FixedPoint.Write(line[length..], nanoseconds);
        line[length++] = (byte)'\n';
        to.Advance(length);
    }

    private static int Copy(ReadOnlySpan<byte> text, Span<byte> to)
    {
        text.CopyTo(to);
        return text.Length;
    }

    private byte[] Series(DeviceId device, MetricId metric, ChannelId channel)
    {
        if (_series.TryGetValue((device, metric, channel), out byte[]? series))
            return series;

        // Tags in order of their names: InfluxDB would sort them otherwise.
        var text = new StringBuilder(TagText.Escape(metrics[metric].Name));
        if (channel != ChannelId.None)
            text.Append(CultureInfo.InvariantCulture, $",channel={TagText.Escape(channels.NameOf(channel))}");

        Device identity = registry[device];
        text.Append(CultureInfo.InvariantCulture, $",device={TagText.Escape(identity.Key)},source={TagText.Escape(identity.Source)} value=");
        return _series[(device, metric, channel)] = Encoding.UTF8.GetBytes(text.ToString());
    }
}
