using Ioc.Devices.Readings;
using NodaTime;

namespace Ioc.Storage;

/// <summary>A message as a store needs it.</summary>
internal readonly record struct PendingMessage(
    long Offset,
    long ReceivedMicros,
    MessageOutcome Outcome,
    QuarantineReason Reason,
    Availability Availability,
    int FirstReading,
    int ReadingCount,
    bool HasAttributes = false)
{
    /// <summary>It counts as stored though it brings no new reading: it says that its device is there or gone, or facts about it alone.</summary>
    public bool IsStoredWithout => Availability != Availability.Unsaid || (HasAttributes && ReadingCount == 0);
}

/// <summary>Copies of batches on their way into one commit. Filled under the lock of <see cref="GroupCommit"/>, then touched only by its loop; reused.</summary>
internal sealed class PendingGroup
{
    private PendingMessage[] _messages = new PendingMessage[1024];
    private DeviceId[] _devices = new DeviceId[4096];
    private MetricId[] _metrics = new MetricId[4096];
    private ChannelId[] _channels = new ChannelId[4096];
    private double[] _values = new double[4096];
    private long[] _measuredMicros = new long[4096];
    private Quality[] _qualities = new Quality[4096];

    /// <summary>The cursor after this group; moves even when batches carry no message.</summary>
    public long NextOffset { get; private set; }

    public int MessageCount { get; private set; }

    public int ReadingCount { get; private set; }

    public ReadOnlySpan<PendingMessage> Messages => _messages.AsSpan(0, MessageCount);

    public ReadOnlySpan<DeviceId> Devices => _devices.AsSpan(0, ReadingCount);

    public ReadOnlySpan<MetricId> Metrics => _metrics.AsSpan(0, ReadingCount);

    public ReadOnlySpan<ChannelId> Channels => _channels.AsSpan(0, ReadingCount);

    public ReadOnlySpan<double> Values => _values.AsSpan(0, ReadingCount);

    /// <summary>Microseconds since 1970 UTC.</summary>
    public ReadOnlySpan<long> MeasuredMicros => _measuredMicros.AsSpan(0, ReadingCount);

    public ReadOnlySpan<Quality> Qualities => _qualities.AsSpan(0, ReadingCount);

    /// <summary>Microseconds since 1970 UTC: the grain in which stores keep time.</summary>
    public static long Micros(Instant instant) => instant.ToUnixTimeTicks() / 10;

    public void Clear(long nextOffset)
    {
        MessageCount = ReadingCount = 0;
        NextOffset = nextOffset;
    }

    /// <summary>Copies the messages at or above a cursor. A reading without a number or a device is left out: no store could find it again.</summary>
    public void Add(ReadingBatch batch, long fromOffset)
    {
        foreach (ref readonly BatchMessage message in batch.Messages)
        {
            if (message.Offset >= fromOffset)
                Add(batch, message);
        }

        NextOffset = Math.Max(NextOffset, batch.NextOffset);
    }

    private void Add(ReadingBatch batch, in BatchMessage message)
    {
        int first = ReadingCount;
        for (int i = message.FirstReading; i < message.FirstReading + message.ReadingCount; i++)
        {
            if (!double.IsFinite(batch.Values[i]) || batch.Devices[i] == DeviceId.None)
                continue;
            if (ReadingCount == _values.Length)
                GrowReadings();

            _devices[ReadingCount] = batch.Devices[i];
            _metrics[ReadingCount] = batch.Metrics[i];
            _channels[ReadingCount] = batch.Channels[i];
            _values[ReadingCount] = batch.Values[i];
            _measuredMicros[ReadingCount] = Micros(batch.MeasuredAt[i]);
            _qualities[ReadingCount] = batch.Qualities[i];
            ReadingCount++;
        }

        if (MessageCount == _messages.Length)
            Array.Resize(ref _messages, _messages.Length * 2);

        _messages[MessageCount++] = new PendingMessage(
            message.Offset, Micros(message.ReceivedAt), message.Outcome, message.Reason, message.Availability, first, ReadingCount - first, message.AttributeCount > 0);
    }

    private void GrowReadings()
    {
        int size = _values.Length * 2;
        Array.Resize(ref _devices, size);
        Array.Resize(ref _metrics, size);
        Array.Resize(ref _channels, size);
        Array.Resize(ref _values, size);
        Array.Resize(ref _measuredMicros, size);
        Array.Resize(ref _qualities, size);
    }
}
