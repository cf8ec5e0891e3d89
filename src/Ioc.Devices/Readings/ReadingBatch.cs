using System.Runtime.InteropServices;
using Ioc.Devices.Counters;
using NodaTime;

namespace Ioc.Devices.Readings;

/// <summary>
/// The decoded form of a run of consecutive journal offsets: a row per message, and their readings as columns.
/// </summary>
/// <remarks>
/// Filled by one writer between <see cref="Clear"/> and hand-over, read-only afterwards, then reused: nobody keeps a span or the
/// batch itself past the call that handed it over. Within a message, a reading's place minus <see cref="BatchMessage.FirstReading"/>
/// is its index, which with the offset makes the reading's identity.
/// </remarks>
public sealed class ReadingBatch
{
    private BatchMessage[] _messages = new BatchMessage[256];
    private DeviceId[] _devices = new DeviceId[1024];
    private MetricId[] _metrics = new MetricId[1024];
    private ChannelId[] _channels = new ChannelId[1024];
    private double[] _values = new double[1024];
    private Instant[] _measuredAt = new Instant[1024];
    private Quality[] _qualities = new Quality[1024];
    private SeriesRule?[] _rules = new SeriesRule?[1024];
    private ResetMark[] _marks = new ResetMark[1024];
    private readonly List<LostDevice> _lost = [];
    private BatchAttribute[] _attributes = [];
    private byte[] _attributeBytes = [];
    private int _attributeByteCount;
    private int _committedAttributes;

    /// <summary>First journal offset covered, whether or not it is a message.</summary>
    public long FirstOffset { get; private set; }

    /// <summary>First journal offset not covered; a consumer's cursor moves here.</summary>
    public long NextOffset { get; set; }

    /// <summary>How many messages.</summary>
    public int MessageCount { get; private set; }

    /// <summary>How many readings, over all messages.</summary>
    public int ReadingCount { get; private set; }

    /// <summary>How many facts about devices, over all messages.</summary>
    public int AttributeCount { get; private set; }

    /// <summary>Facts about devices; <see cref="TextOf"/> has their texts.</summary>
    public ReadOnlySpan<BatchAttribute> Attributes => _attributes.AsSpan(0, AttributeCount);

    /// <summary>The messages, in offset order.</summary>
    public ReadOnlySpan<BatchMessage> Messages => _messages.AsSpan(0, MessageCount);

    /// <summary>Who measured, per reading.</summary>
    public ReadOnlySpan<DeviceId> Devices => _devices.AsSpan(0, ReadingCount);

    /// <summary>What was measured, per reading.</summary>
    public ReadOnlySpan<MetricId> Metrics => _metrics.AsSpan(0, ReadingCount);

    /// <summary>Which of several, per reading.</summary>
    public ReadOnlySpan<ChannelId> Channels => _channels.AsSpan(0, ReadingCount);

    /// <summary>Canonical values, per reading.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, ReadingCount);

    /// <summary>Measurement times, per reading.</summary>
    public ReadOnlySpan<Instant> MeasuredAt => _measuredAt.AsSpan(0, ReadingCount);

    /// <summary>Doubts, per reading.</summary>
    public ReadOnlySpan<Quality> Qualities => _qualities.AsSpan(0, ReadingCount);

    /// <summary>How each reading's values follow one another, where its profile says it; null for the metric's own way.</summary>
    public ReadOnlySpan<SeriesRule?> Rules => _rules.AsSpan(0, ReadingCount);

    /// <summary>Since when each reading's register counts, as its message says it.</summary>
    public ReadOnlySpan<ResetMark> Marks => _marks.AsSpan(0, ReadingCount);

    /// <summary>Devices that a message says are gone besides its own, in the order of the messages.</summary>
    public ReadOnlySpan<LostDevice> Lost => CollectionsMarshal.AsSpan(_lost);

    /// <summary>One reading put together from the columns.</summary>
    /// <param name="index">From 0 to <see cref="ReadingCount"/> − 1.</param>
    public Reading this[int index] =>
        new(Devices[index], Metrics[index], Channels[index], Values[index], MeasuredAt[index], Qualities[index]);

    /// <summary>Empties the batch for reuse.</summary>
    /// <param name="firstOffset">The first journal offset that the next content covers.</param>
    public void Clear(long firstOffset)
    {
        // Rows hold strings; drop them so that a large batch does not keep them alive.
        Array.Clear(_messages, 0, MessageCount);
        FirstOffset = NextOffset = firstOffset;
        MessageCount = ReadingCount = 0;
        _lost.Clear();
        AttributeCount = _attributeByteCount = _committedAttributes = 0;
    }

    /// <summary>The text of an attribute, in UTF-8.</summary>
    public ReadOnlySpan<byte> TextOf(in BatchAttribute attribute) => _attributeBytes.AsSpan(attribute.Start, attribute.Length);

    /// <summary>Adds a fact about a device, as the message being decoded tells it.</summary>
    /// <param name="device">Whose; <see cref="DeviceId.None"/> until <see cref="GiveAttributes"/> says it.</param>
    /// <param name="name">What it is called; a text that outlives the batch.</param>
    /// <param name="kind">What the text stands for.</param>
    /// <param name="at">When it was so.</param>
    /// <param name="text">Its text, copied.</param>
    public void AddAttribute(DeviceId device, string name, AttributeKind kind, Instant at, ReadOnlySpan<byte> text)
    {
        if (AttributeCount == _attributes.Length)
            Array.Resize(ref _attributes, Math.Max(64, _attributes.Length * 2));
        if (_attributeBytes.Length - _attributeByteCount < text.Length)
            Array.Resize(ref _attributeBytes, Math.Max(_attributeByteCount + text.Length, Math.Max(1024, _attributeBytes.Length * 2)));

        text.CopyTo(_attributeBytes.AsSpan(_attributeByteCount));
        _attributes[AttributeCount++] = new BatchAttribute(device, name, kind, at, _attributeByteCount, text.Length);
        _attributeByteCount += text.Length;
    }

    /// <summary>Gives attributes that nobody owns yet to a device, or drops them when there is none.</summary>
    /// <param name="firstAttribute">Index of the first one that may be without owner.</param>
    /// <param name="device">Whose they are; <see cref="DeviceId.None"/> to drop them.</param>
    public void GiveAttributes(int firstAttribute, DeviceId device)
    {
        int kept = firstAttribute;
        for (int i = firstAttribute; i < AttributeCount; i++)
        {
            BatchAttribute attribute = _attributes[i];
            if (attribute.Device == DeviceId.None)
                attribute = attribute with { Device = device };
            if (attribute.Device != DeviceId.None)
                _attributes[kept++] = attribute;
        }

        AttributeCount = kept;
    }

    /// <summary>Adds a reading of the message being decoded; <see cref="Commit"/> or <see cref="Rollback"/> closes it.</summary>
    /// <param name="reading">The reading.</param>
    /// <param name="rule">How its values follow one another; null for the metric's own way.</param>
    /// <param name="mark">Since when its register counts, as the message says it.</param>
    public void Add(in Reading reading, SeriesRule? rule = null, ResetMark mark = default)
    {
        if (ReadingCount == _values.Length)
            GrowReadings();

        int i = ReadingCount++;
        _devices[i] = reading.Device;
        _metrics[i] = reading.Metric;
        _channels[i] = reading.Channel;
        _values[i] = reading.Value;
        _measuredAt[i] = reading.MeasuredAt;
        _qualities[i] = reading.Quality;
        _rules[i] = rule;
        _marks[i] = mark;
    }

    /// <summary>Says of a device that the message being decoded announces its loss.</summary>
    public void AddLost(DeviceId device) => _lost.Add(new LostDevice(MessageCount, device));

    /// <summary>Adds doubts to readings already added, as when a fault flag follows the values it taints.</summary>
    /// <param name="firstReading">Index of the first reading to mark; all from there on are.</param>
    /// <param name="quality">Flags to add.</param>
    public void MarkFrom(int firstReading, Quality quality)
    {
        for (int i = firstReading; i < ReadingCount; i++)
            _qualities[i] |= quality;
    }

    /// <summary>Closes a message whose readings were added since <paramref name="firstReading"/>.</summary>
    public void Commit(long offset, Instant receivedAt, DeviceId device, MessageOutcome outcome, int firstReading, Availability availability = Availability.Unsaid, string? profile = null) =>
        AddMessage(new BatchMessage(offset, receivedAt, device, outcome, QuarantineReason.None, null, availability, firstReading, ReadingCount - firstReading) { Profile = profile });

    /// <summary>Throws away the readings added since <paramref name="firstReading"/> and sets the message aside.</summary>
    public void Rollback(long offset, Instant receivedAt, DeviceId device, QuarantineReason reason, string detail, int firstReading, string? profile = null)
    {
        ReadingCount = firstReading;
        AttributeCount = _committedAttributes;
        AddMessage(new BatchMessage(offset, receivedAt, device, MessageOutcome.Quarantined, reason, detail, Availability.Unsaid, firstReading, 0) { Profile = profile });
    }

    private void AddMessage(in BatchMessage message)
    {
        if (MessageCount == _messages.Length)
            Array.Resize(ref _messages, _messages.Length * 2);

        _messages[MessageCount++] = message with { FirstAttribute = _committedAttributes, AttributeCount = AttributeCount - _committedAttributes };
        _committedAttributes = AttributeCount;
        NextOffset = message.Offset + 1;
    }

    private void GrowReadings()
    {
        int size = _values.Length * 2;
        Array.Resize(ref _devices, size);
        Array.Resize(ref _metrics, size);
        Array.Resize(ref _channels, size);
        Array.Resize(ref _values, size);
        Array.Resize(ref _measuredAt, size);
        Array.Resize(ref _qualities, size);
        Array.Resize(ref _rules, size);
        Array.Resize(ref _marks, size);
    }
}
