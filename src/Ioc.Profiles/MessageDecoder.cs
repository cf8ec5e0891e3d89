using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Profiles.Compilation;
using Ioc.Profiles.Documents;
using Ioc.Profiles.Fields;
using Ioc.Profiles.Model;
using Ioc.Profiles.Sparkplug;
using Ioc.Profiles.Tracing;

namespace Ioc.Profiles;

/// <summary>Turns messages into readings by the profiles. One per reader: its scratch memory is touched only by the thread that calls it.</summary>
/// <remarks>
/// A profile is chosen in three steps: topic, content, and where those leave several, the registry's assignment of the device.
/// Nothing is guessed: what stays ambiguous is set aside as <see cref="QuarantineReason.ProfileUnknown"/>.
/// </remarks>
public sealed class MessageDecoder
{
    private readonly TopicIndex _topics;
    private readonly DeviceRegistry _registry;
    private readonly FieldRunner _runner;
    private readonly BodyReader _bodies;
    private readonly SparkplugDesk _sparkplug;
    private readonly DeathReader _deaths;
    private readonly TextRange[] _captures = new TextRange[TopicPattern.MaxCaptures];
    private readonly TextRange[] _keyCaptures = new TextRange[GroupPlan.MaxDepth * GroupPlan.MaxKeyCaptures];
    private readonly JsonSlot[] _keys = new JsonSlot[GroupPlan.MaxDepth];
    private readonly int[] _indexes = new int[GroupPlan.MaxDepth];
    private readonly double[] _named = new double[FieldCompiler.MaxNames];
    private readonly JsonSlot[] _slots;
    private readonly byte[] _key = new byte[TemplatePlan.MaxBytes];

    /// <summary>Makes a decoder.</summary>
    /// <param name="set">The profiles.</param>
    /// <param name="registry">Resolves devices, creating them at first contact where its policy allows.</param>
    /// <param name="births">What all decoders of a journal know of Sparkplug births; one of its own when left out.</param>
    public MessageDecoder(ProfileSet set, DeviceRegistry registry, BirthBook? births = null)
    {
        _sparkplug = new SparkplugDesk(births ?? new BirthBook());
        _topics = set.Topics;
        _registry = registry;
        _runner = new FieldRunner(registry);
        _bodies = new BodyReader(set, _sparkplug);
        _deaths = new DeathReader(_topics, registry, _sparkplug.Births);
        _slots = new JsonSlot[_topics.MaxSlots];
    }

    /// <summary>Is told of every step of the next messages; null, as in production, when nobody asks.</summary>
    public DecodeTrace? Trace { get; set; }

    /// <summary>Collects the nodes that should publish their births again. Set only where messages are live: what a replay meets has long passed.</summary>
    public RebirthWishes? Wishes
    {
        get => _sparkplug.Wishes;
        set => _sparkplug.Wishes = value;
    }

    /// <summary>Decodes one message into exactly one row of the batch, whatever the message holds.</summary>
    /// <param name="message">The message.</param>
    /// <param name="into">Gets the row: stored with its readings, ignored, or quarantined with a reason.</param>
    public void Decode(in RawMessage message, ReadingBatch into)
    {
        ReadOnlySpan<byte> topic = message.Topic;
        if (topic.Length > 0 && topic[0] == '/')
            topic = topic[1..];

        ReadOnlySpan<byte> payload = message.Payload.StartsWith("\uFEFF"u8) ? message.Payload[3..] : message.Payload;
        var frame = new Frame
        {
            Topic = topic,
            Payload = payload,
            PayloadLength = payload.Length,
            Source = message.Source,
            Captures = _captures,
            Keys = _keys,
            KeyCaptures = _keyCaptures,
            Indexes = _indexes,
            Named = _named,
            Port = -1,
            ReceivedAt = message.ReceivedAt,
            RetainedDelivery = message.RetainedDelivery,
            Batch = into,
            Trace = Trace,
            FirstReading = into.ReadingCount,
            FirstAttribute = into.AttributeCount,
            Detail = "",
        };

        Trace?.Begin();
        DeviceId device = DeviceId.None;
        var availability = Availability.Unsaid;
        var outcome = MessageOutcome.Ignored;
        string? profile = null;
        SparkplugTopic sparkplug = SparkplugTopic.Of(topic);
        SparkplugVerdict verdict = _sparkplug.Note(message, sparkplug);
        if (verdict == SparkplugVerdict.Ignored)
            TellEmpty(_topics.Find(topic, _captures), ref frame);
        else if (_topics.Find(topic, _captures) is not { } group)
            frame.Fail(QuarantineReason.ProfileUnknown, "no profile listens to the topic");
        else if (verdict is SparkplugVerdict.Death or SparkplugVerdict.Malformed && Array.Exists(group.Plans, static plan => plan.IsSparkplug))
            outcome = _deaths.Read(group, verdict, sparkplug, ref frame, out device, out availability);
        else if (message.Payload.IsEmpty)
            TellEmpty(group, ref frame);
        else if (Choose(group, in message, ref frame) is { } plan)
        {
            profile = plan.Profile;
            outcome = Run(plan, group, in message, ref frame, out device, out availability);
        }

        if (frame.Reason == QuarantineReason.None)
            into.Commit(message.Offset, message.ReceivedAt, device, outcome, frame.FirstReading, availability, profile);
        else
            into.Rollback(message.Offset, message.ReceivedAt, device, frame.Reason, frame.Detail, frame.FirstReading, profile);
    }

    // A cleared retained message, or a death that came too late, is for everyone who listens and for nobody to decode.
    private void TellEmpty(TopicGroup? group, scoped ref Frame frame)
    {
        if (Trace is not { } trace || group is null)
            return;

        frame.Slots = _slots.AsSpan(0, group.SlotCount);
        frame.Slots.Clear();
        foreach (DecodePlan plan in group.Plans)
            trace.Consider(plan, ref frame, hasBody: false, isAssigned: false);
        trace.Choose(null);
    }

    /// <summary>Content, then registry. Null with a reason when none or several are left; null without one when there is nothing to decode.</summary>
    private DecodePlan? Choose(TopicGroup group, in RawMessage message, scoped ref Frame frame)
    {
        frame.Slots = _slots.AsSpan(0, group.SlotCount);
        _bodies.Begin(group, ref frame);
        DecodePlan? only = null;
        DecodePlan? assigned = null;
        DecodePlan? opened = null;
        int fitting = 0;
        int assignedCount = 0;
        bool isEmpty = false;
        (QuarantineReason Reason, string Detail) wrong = (QuarantineReason.None, "");
        foreach (DecodePlan plan in group.Plans)
        {
            BodyStatus body = _bodies.Open(plan, group, in message, ref frame);
            opened = plan;
            if (body == BodyStatus.Malformed && wrong.Reason == QuarantineReason.None)
                wrong = (_bodies.Reason, _bodies.Detail);
            isEmpty |= body == BodyStatus.None;
            bool fits = body == BodyStatus.There && ConditionPlan.AllHold(plan.Content, ref frame);
            bool isAssigned = fits && (group.Plans.Length > 1 || plan.AssignedOnly) && IsAssigned(plan, ref frame);
            Trace?.Consider(plan, ref frame, body == BodyStatus.There, isAssigned);
            if (fits && !plan.AssignedOnly)
            {
                fitting++;
                only = plan;
            }

            if (isAssigned)
            {
                assigned = plan;
                assignedCount++;
            }
        }

        DecodePlan? chosen = assignedCount == 1 ? assigned : fitting == 1 ? only : null;
        Trace?.Choose(chosen);
        if (chosen is not null && chosen != opened)
            _bodies.Open(chosen, group, in message, ref frame);
        if (chosen is not null || (fitting == 0 && isEmpty))
            return chosen;

        if (fitting == 0 && wrong.Reason != QuarantineReason.None)
            frame.Fail(wrong.Reason, wrong.Detail);
        else
            frame.Fail(QuarantineReason.ProfileUnknown, fitting == 0 ? group.NoneFits : group.SeveralFit);
        return null;
    }

    private bool IsAssigned(DecodePlan plan, scoped ref Frame frame)
    {
        if (plan.Device is null || !plan.Device.TryRender(ref frame, _key, out ReadOnlySpan<byte> key))
            return false;

        DeviceId device = _registry.Find(frame.Source, key);
        return device != DeviceId.None && _registry[device].Profile == plan.Profile;
    }

    private MessageOutcome Run(DecodePlan plan, TopicGroup group, in RawMessage message, scoped ref Frame frame, out DeviceId device, out Availability availability)
    {
        device = DeviceId.None;
        availability = Availability.Unsaid;
        ReadOnlySpan<byte> key = default;
        if (plan.Device is not null)
        {
            bool hasKey = plan.Device.TryRender(ref frame, _key, out key) && !key.IsEmpty && key.Length <= TemplatePlan.MaxBytes;
            if (hasKey)
            {
                device = _registry.Find(frame.Source, key);
                if (device != DeviceId.None && _registry.WhyRefused(device, frame.ReceivedAt) is var refused and not QuarantineReason.None)
                    frame.Fail(refused, plan.DeviceOutOfService);
            }
            else if (plan.Outcome == TopicOutcome.Readings)
                frame.Fail(QuarantineReason.DeviceUnknown, plan.NoDevice);
        }

        LookForPersonalData(plan, ref frame);
        if (frame.Reason != QuarantineReason.None || plan.Outcome == TopicOutcome.Ignore)
            return MessageOutcome.Ignored;
        if (plan.Outcome == TopicOutcome.State)
            return ReadState(plan, ref frame, device, out availability);

        device = _runner.Run(plan, ref frame, device, key);
        while (frame.Reason == QuarantineReason.None && _bodies.TryNext(plan, group, in message, ref frame))
        {
            LookForPersonalData(plan, ref frame);
            if (frame.Reason == QuarantineReason.None)
                device = _runner.Run(plan, ref frame, device, key);
        }

        Trace?.Finish(plan, frame.Batch, frame.FirstReading);

        // A Sparkplug node reports whatever has changed, wanted or not.
        bool toldSomething = frame.Batch.ReadingCount > frame.FirstReading || frame.Batch.AttributeCount > frame.FirstAttribute;
        bool mustTell = plan.Outcome == TopicOutcome.Readings && !plan.IsSparkplug;
        if (frame.Reason == QuarantineReason.None && !toldSomething && frame.SkippedCount == 0 && frame.FactCount == 0 && mustTell)
            frame.Fail(QuarantineReason.NoReadings, plan.NoReadings);
        return toldSomething ? MessageOutcome.Stored : MessageOutcome.Ignored;
    }

    private static void LookForPersonalData(DecodePlan plan, scoped ref Frame frame)
    {
        foreach ((int slot, string detail) in plan.Rejected)
        {
            JsonSlot member = frame.Slots[slot];
            bool isEmpty = !member.HasValue || member.Length == 0 || (member.Kind >= SlotKind.Object && member.Length == 2);
            if (!isEmpty)
                frame.Fail(QuarantineReason.PersonalData, detail);
        }
    }

    /// <summary>A state says something about a device that is known; it does not bring one into being.</summary>
    private static MessageOutcome ReadState(DecodePlan plan, scoped ref Frame frame, DeviceId device, out Availability availability)
    {
        availability = Availability.Unsaid;
        StatePlan state = plan.State!;
        ReadOnlySpan<byte> word = frame.Body;
        if (state.Slot >= 0 && frame.Slots[state.Slot].HasValue)
            word = frame.Slots[state.Slot].Of(frame.Payload);

        word = NumberText.Trim(word);
        if (IsOneOf(state.Online, word))
            availability = Availability.Online;
        else if (IsOneOf(state.Offline, word))
            availability = Availability.Offline;
        else
            frame.Fail(QuarantineReason.Malformed, plan.Malformed);

        if (device != DeviceId.None)
            return MessageOutcome.Stored;

        availability = Availability.Unsaid;
        return MessageOutcome.Ignored;
    }

    private static bool IsOneOf(byte[][] words, ReadOnlySpan<byte> word)
    {
        foreach (byte[] candidate in words)
        {
            if (word.SequenceEqual(candidate))
                return true;
        }

        return false;
    }
}
