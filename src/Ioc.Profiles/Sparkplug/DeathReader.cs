using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Profiles.Compilation;
using Ioc.Profiles.Fields;

namespace Ioc.Profiles.Sparkplug;

/// <summary>What a death says: the device is gone, and when it is a node, so are all devices behind it. Touched only by its decoder.</summary>
/// <remarks>Which device of the registry a topic means is for the profiles to say; of the topic alone, since a death has no metrics.</remarks>
internal sealed class DeathReader(TopicIndex topics, DeviceRegistry registry, BirthBook births)
{
    private readonly JsonSlot[] _slots = new JsonSlot[topics.MaxSlots];
    private readonly TextRange[] _captures = new TextRange[TopicPattern.MaxCaptures];
    private readonly byte[] _key = new byte[TemplatePlan.MaxBytes];
    private readonly byte[] _topic = new byte[SparkplugTopic.MaxTopicBytes];

    /// <summary>Reads a death.</summary>
    /// <param name="group">The profiles of its topic.</param>
    /// <param name="verdict">Death, or a certificate that cannot be read.</param>
    /// <param name="topic">Its topic.</param>
    /// <param name="frame">The message; the devices behind a node go into its batch.</param>
    /// <param name="device">Who is gone; none when the registry does not know it.</param>
    /// <param name="availability">Offline when there is a device.</param>
    public MessageOutcome Read(TopicGroup group, SparkplugVerdict verdict, in SparkplugTopic topic, scoped ref Frame frame, out DeviceId device, out Availability availability)
    {
        device = Known(group, ref frame);
        availability = Availability.Unsaid;
        if (verdict == SparkplugVerdict.Malformed)
        {
            frame.Fail(QuarantineReason.Malformed, group.Plans[0].Malformed);
            return MessageOutcome.Ignored;
        }

        int lost = topic.Device.IsEmpty && births.Find(frame.Source, topic) is { } node ? ReadDevices(node, topic, ref frame) : 0;
        if (device != DeviceId.None)
            availability = Availability.Offline;
        return lost > 0 || device != DeviceId.None ? MessageOutcome.Stored : MessageOutcome.Ignored;
    }

    private int ReadDevices(NodeBirths node, in SparkplugTopic topic, scoped ref Frame frame)
    {
        int lost = 0;
        foreach (DeviceBirths behind in node.Devices)
        {
            frame.Topic = SparkplugTopic.WriteDeath(_topic, topic, behind.Device);
            frame.Captures = _captures;
            if (topics.Find(frame.Topic, _captures) is not { } group || Known(group, ref frame) is not { Value: > 0 } device)
                continue;

            frame.Batch.AddLost(device);
            lost++;
        }

        return lost;
    }

    private DeviceId Known(TopicGroup group, scoped ref Frame frame)
    {
        frame.Slots = _slots.AsSpan(0, group.SlotCount);
        foreach (DecodePlan plan in group.Plans)
        {
            if (!plan.IsSparkplug || plan.Device is null || !plan.Device.TryRender(ref frame, _key, out ReadOnlySpan<byte> key))
                continue;

            DeviceId device = registry.Find(frame.Source, key);
            if (device != DeviceId.None)
                return device;
        }

        return DeviceId.None;
    }
}
