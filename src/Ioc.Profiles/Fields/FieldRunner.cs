using System.Globalization;
using System.Text.Json;
using Ioc.Devices.Counters;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Profiles.Compilation;
using Ioc.Profiles.Model;
using Ioc.Profiles.Texts;
using Ioc.Profiles.Tracing;
using NodaTime;

namespace Ioc.Profiles.Fields;

/// <summary>Runs the compiled fields of a profile over a message and adds the readings to the batch. Touched only by its decoder.</summary>
internal sealed class FieldRunner(DeviceRegistry registry)
{
    /// <summary>Most readings of one message: a gateway of two hundred meters with twenty values each.</summary>
    public const int MaxReadings = 4096;

    /// <summary>Most facts about devices that one message may tell.</summary>
    public const int MaxAttributes = 1024;

    private readonly byte[] _channel = new byte[ChannelTable.MaxNameBytes * 4];
    private readonly byte[] _text = new byte[AttributePlan.ScratchBytes];
    private readonly byte[][] _keys = [.. Enumerable.Range(0, GroupPlan.MaxDepth * 2).Select(_ => new byte[TemplatePlan.MaxBytes])];
    private readonly Dictionary<(DecodePlan Plan, DeviceId Device), (Device Known, double[] Values)> _parameters = [];

    /// <summary>Runs a plan.</summary>
    /// <param name="plan">The chosen plan.</param>
    /// <param name="frame">The message; gets a reason when it has to be set aside.</param>
    /// <param name="device">The message's device, where the registry knows it.</param>
    /// <param name="key">The message's device key; empty when the message has no device of its own.</param>
    /// <returns>The message's device, which its first reading may have created.</returns>
    public DeviceId Run(DecodePlan plan, scoped ref Frame frame, DeviceId device, ReadOnlySpan<byte> key)
    {
        frame.Named.Fill(double.NaN);
        var owner = new Owner { Id = device, Key = key, Family = plan.Family, At = frame.ReceivedAt };
        Enter(plan, ref frame, ref owner);
        if (plan.Modbus is null || plan.Modbus.TryOpen(ref frame))
            RunGroup(plan.Root, plan, ref frame, ref owner, 0);

        // A concentrator whose meters were heard was heard itself.
        if (frame.Reason == QuarantineReason.None && frame.Batch.ReadingCount > frame.FirstReading && !key.IsEmpty && owner.Id == DeviceId.None)
            Own(plan, ref frame, ref owner);

        // A fact is about a device that is known; it does not bring one into being, as a reading does.
        frame.Batch.GiveAttributes(frame.FirstAttribute, owner.Id);
        return owner.Id;
    }

    private void Enter(DecodePlan plan, scoped ref Frame frame, scoped ref Owner owner)
    {
        Device? known = owner.Id == DeviceId.None ? null : registry[owner.Id];
        owner.Zone = known?.TimeZone ?? VietnamTime.Zone;
        frame.Parameters = plan.ParameterNames.Length == 0 ? default : ParametersOf(plan, known);
    }

    private double[] ParametersOf(DecodePlan plan, Device? known)
    {
        if (known is null)
            return plan.ParameterDefaults;
        if (_parameters.TryGetValue((plan, known.Id), out var cached) && ReferenceEquals(cached.Known, known))
            return cached.Values;

        double[] values = [.. plan.ParameterDefaults];
        for (int i = 0; i < values.Length; i++)
        {
            if (!known.Parameters.TryGetValue(plan.ParameterNames[i], out string? text))
                continue;
            if (plan.ParameterWords[i].Length > 0)
                values[i] = Array.IndexOf(plan.ParameterWords[i], text) is >= 0 and int word ? word : double.NaN;
            else if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
                values[i] = value;
        }

        _parameters[(plan, known.Id)] = (known, values);
        return values;
    }

    private bool RunGroup(GroupPlan group, DecodePlan plan, scoped ref Frame frame, scoped ref Owner outer, int level)
    {
        if (!ConditionPlan.AllHold(group.When, ref frame))
        {
            frame.Trace?.Skip(group);
            return true;
        }

        if (group.Stream.Length > 0)
            return RunStream(group, plan, ref frame, ref outer, level);
        if (group.Repeat is { } times)
            return RunAgain(group, times, plan, ref frame, ref outer, level);
        if (group.Text is { } text)
            return RunText(group, text, plan, ref frame, ref outer, level);
        if (group.Container < 0)
            return RunHere(group, plan, ref frame, ref outer, level);

        JsonSlot container = frame.Slots[group.Container];
        if (container.Kind < SlotKind.Object)
            return true;

        // The whole document was walked before, so this part of it is well formed and cannot throw.
        var reader = new Utf8JsonReader(container.Of(frame.Payload));
        reader.Read();
        bool isObject = container.Kind == SlotKind.Object;
        int texts = Math.Max(frame.Scratch.Length, frame.PayloadLength);
        Span<int> beside = stackalloc int[BesidePlan.MaxCount];
        beside.Clear();
        for (int index = 0; reader.Read() && reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject); index++)
        {
            frame.Indexes[group.Depth] = index;
            frame.Scratch.CutTo(texts);
            for (int i = 0; i < group.Beside.Length; i++)
                group.Beside[i].Step(ref frame, ref beside[i]);
            bool isWanted = true;
            if (isObject)
            {
                JsonSlot key = JsonWalk.Scalar(ref reader, container.Start);
                if (key.Kind == SlotKind.EscapedString)
                    key = frame.Unescape(key);
                frame.Keys[group.Depth] = key;
                isWanted = WantsKey(group, ref frame, key);
                reader.Read();
            }

            if (!isWanted || !Wants(group.Only, reader.TokenType))
            {
                reader.Skip();
                continue;
            }

            foreach (int slot in group.Slots)
                frame.Slots[slot] = default;
            JsonWalk.Value(ref reader, container.Start, group.Element!, frame.Slots, frame.Scratch);
            if (frame.Scratch.HasEscapes)
                frame.Unescape(group.Slots);
            Forget(group, ref frame);
            if (!RunHere(group, plan, ref frame, ref outer, level))
                return false;
        }

        return true;
    }

    /// <summary>A text, taken apart turn by turn.</summary>
    private bool RunText(GroupPlan group, TextPlan text, DecodePlan plan, scoped ref Frame frame, scoped ref Owner outer, int level)
    {
        ReadOnlySpan<byte> body = frame.Body;
        int at = frame.Cursor;
        if (text.TryOpen(ref frame, out TextCursor cursor))
        {
            int texts = Math.Max(frame.Scratch.Length, frame.PayloadLength);
            while (text.TryNext(ref frame, ref cursor))
            {
                frame.Indexes[group.Depth] = cursor.Turn - 1;
                frame.Keys[group.Depth] = default;
                Forget(group, ref frame);
                if (!RunHere(group, plan, ref frame, ref outer, level))
                    return false;
                frame.Scratch.CutTo(texts);
            }
        }

        frame.Body = body;
        frame.Cursor = at;
        return frame.Reason == QuarantineReason.None;
    }

    /// <summary>A tag stream: each tag says what follows it, until the frame ends or a tag is not known.</summary>
    private bool RunStream(GroupPlan stream, DecodePlan plan, scoped ref Frame frame, scoped ref Owner outer, int level)
    {
        ReadOnlySpan<byte> whole = frame.Body;
        int cursor = frame.Cursor;
        bool went = true;
        while (went && cursor < whole.Length)
        {
            GroupPlan? part = PartAt(stream, whole[cursor..], ref frame);
            if (part is null)
            {
                went = stream.UnknownTag is null || frame.Fail(QuarantineReason.Malformed, stream.UnknownTag);
                break;
            }

            TagPlan tag = part.Tag!;
            if (!tag.TryMeasure(frame.Body, out int length))
            {
                went = frame.Fail(QuarantineReason.TooShort, tag.TooShort);
                break;
            }

            frame.Tag = whole.Slice(cursor, tag.Bytes.Length);
            frame.Body = frame.Body[..length];
            frame.Cursor = 0;
            Forget(part, ref frame);
            went = RunHere(part, plan, ref frame, ref outer, level);
            cursor += tag.Bytes.Length + length;
        }

        frame.Body = whole;
        frame.Tag = default;
        frame.Cursor = Math.Min(cursor, whole.Length);
        return went;
    }

    /// <summary>The part that the rest of the frame begins with; the frame's body is then what follows its tag.</summary>
    private static GroupPlan? PartAt(GroupPlan stream, ReadOnlySpan<byte> rest, scoped ref Frame frame)
    {
        foreach (GroupPlan part in stream.Stream)
        {
            if (!part.Tag!.Begins(rest))
                continue;

            frame.Body = rest[part.Tag.Bytes.Length..];
            if (ConditionPlan.AllHold(part.When, ref frame))
                return part;
        }

        return null;
    }

    /// <summary>A group of a binary body, over and over from where the one before it ended.</summary>
    private bool RunAgain(GroupPlan group, int times, DecodePlan plan, scoped ref Frame frame, scoped ref Owner outer, int level)
    {
        double turns = times < 0 ? double.PositiveInfinity : frame.Named[times];
        for (int turn = 0; turn < turns && (times >= 0 || frame.Cursor < frame.Body.Length); turn++)
        {
            Forget(group, ref frame);
            if (!RunHere(group, plan, ref frame, ref outer, level))
                return false;
        }

        return true;
    }

    private static void Forget(GroupPlan group, scoped ref Frame frame)
    {
        foreach (int name in group.Names)
            frame.Named[name] = double.NaN;
    }

    private static bool WantsKey(GroupPlan group, scoped ref Frame frame, JsonSlot key)
    {
        foreach (byte[] except in group.Except)
        {
            if (key.Of(frame.Payload).SequenceEqual(except))
                return false;
        }

        if (group.Personal.Has(key.Of(frame.Payload)))
            return false;

        int next = 0;
        return group.Keys is null
            || group.Keys.TryMatch(frame.Payload, key.Start, key.Length, frame.KeyCaptures.Slice(group.Depth * GroupPlan.MaxKeyCaptures, GroupPlan.MaxKeyCaptures), ref next);
    }

    private static bool Wants(ElementKind only, JsonTokenType token) =>
        only switch
        {
            ElementKind.Objects => token == JsonTokenType.StartObject,
            ElementKind.Arrays => token == JsonTokenType.StartArray,
            ElementKind.Values => token is not (JsonTokenType.StartObject or JsonTokenType.StartArray),
            _ => true,
        };

    /// <summary>The fields of a group for the element at hand, for its own device and time if it has them.</summary>
    private bool RunHere(GroupPlan group, DecodePlan plan, scoped ref Frame frame, scoped ref Owner outer, int level)
    {
        if (group.Device is null)
        {
            (Instant at, Quality doubt, TimeSource source) = (outer.At, outer.Doubt, outer.TimeSource);
            SetTime(group, ref frame, ref outer);
            outer.Doubt |= group.Quality;
            bool went = RunFields(group, plan, ref frame, ref outer, level);
            (outer.At, outer.Doubt, outer.TimeSource) = (at, doubt, source);
            return went;
        }

        // An element without a key of its own is skipped: it cannot be tied to a device.
        if (!group.Device.TryRender(ref frame, _keys[level], out ReadOnlySpan<byte> key) || key.IsEmpty)
            return true;

        var owner = new Owner
        {
            Id = registry.Find(frame.Source, key),
            Key = key,
            Family = group.Family.Length > 0 ? group.Family : plan.Family,
            At = outer.At,
            Doubt = outer.Doubt,
            TimeSource = outer.TimeSource,
        };
        // One retired meter does not take its concentrator's message with it.
        if (owner.Id != DeviceId.None && registry.WhyRefused(owner.Id, frame.ReceivedAt) != QuarantineReason.None)
        {
            frame.SkippedCount++;
            return true;
        }

        ReadOnlySpan<double> parameters = frame.Parameters;
        int firstAttribute = frame.Batch.AttributeCount;
        Enter(plan, ref frame, ref owner);
        SetTime(group, ref frame, ref owner);
        owner.Doubt |= group.Quality;
        bool done = RunFields(group, plan, ref frame, ref owner, level);
        frame.Parameters = parameters;
        frame.Batch.GiveAttributes(firstAttribute, owner.Id);
        return done;
    }

    private static void SetTime(GroupPlan group, scoped ref Frame frame, scoped ref Owner owner)
    {
        if (group.Time is null)
            return;

        ReadStatus status = group.Time.TryRead(ref frame, owner.Zone, out owner.At);
        owner.TimeSource = group.Time.SourceOf(status);
        owner.Doubt = (owner.Doubt & ~Quality.Clock) | (status == ReadStatus.Malformed ? Quality.Clock : Quality.Good);
    }

    private bool RunFields(GroupPlan group, DecodePlan plan, scoped ref Frame frame, scoped ref Owner owner, int level)
    {
        foreach (FieldPlan field in group.Fields)
        {
            if (!RunField(field, plan, ref frame, ref owner))
                return false;
        }

        foreach (AttributePlan attribute in group.Attributes)
        {
            if (!RunAttribute(attribute, plan, ref frame, ref owner))
                return false;
        }

        foreach (GroupPlan inner in group.Groups)
        {
            if (!RunGroup(inner, plan, ref frame, ref owner, level + 1))
                return false;
        }

        return true;
    }

    private bool RunAttribute(AttributePlan attribute, DecodePlan plan, scoped ref Frame frame, scoped ref Owner owner)
    {
        switch (attribute.TryRead(ref frame, _text, out AttributeKind kind, out ReadOnlySpan<byte> text))
        {
            case ReadStatus.Value:
                break;
            case ReadStatus.TooShort:
                return frame.Fail(QuarantineReason.TooShort, attribute.Field!.TooShort);
            default:
                return true;
        }

        if (frame.Batch.AttributeCount - frame.FirstAttribute >= MaxAttributes)
            return frame.Fail(QuarantineReason.LimitExceeded, plan.TooManyReadings);

        frame.FactCount++;
        frame.Batch.AddAttribute(owner.Id, attribute.Name, kind, owner.At, text);
        return true;
    }

    private bool RunField(FieldPlan field, DecodePlan plan, scoped ref Frame frame, scoped ref Owner owner)
    {
        if (field.When.Length > 0 && !ConditionPlan.AllHold(field.When, ref frame))
        {
            frame.Trace?.Skip(field, ref frame);
            return true;
        }

        int cursor = frame.Cursor;
        ReadStatus read = field.Read(ref frame, out double raw);
        if (read != ReadStatus.Value)
        {
            frame.Trace?.Absent(field, ref frame, cursor);
            return read switch
            {
                ReadStatus.TooShort => frame.Fail(QuarantineReason.TooShort, field.TooShort),
                ReadStatus.Malformed => frame.Fail(QuarantineReason.Malformed, field.Malformed),
                _ => true,
            };
        }

        double value = field.Value.Invert ? 1 - raw : field.Value.Scale.Apply(raw);
        frame.Trace?.Value(field, ref frame, cursor, raw, value);
        if (field.Name >= 0)
            frame.Named[field.Name] = value;
        if (field.Marks != Quality.Good && value != 0)
            frame.Batch.MarkFrom(frame.FirstReading, field.Marks);
        if (field.Marks != Quality.Good && value != 0)
            frame.Marks |= field.Marks;
        return field.Metric.Value == 0 || Add(field, value, plan, ref frame, ref owner);
    }

    private bool Add(FieldPlan field, double value, DecodePlan plan, scoped ref Frame frame, scoped ref Owner owner)
    {
        value = field.Value.Unit.Apply(value);
        Quality quality = owner.Doubt | frame.Marks;
        if (!double.IsFinite(value))
        {
            frame.Trace?.Drop(AbsentReason.Nan);
            return true;
        }

        if (field.Companions is not null)
            quality |= field.Companions.Doubts(field.Slots, ref frame);
        if (value < field.Min || value > field.Max)
        {
            if (field.DropOutside)
            {
                frame.Trace?.Drop(AbsentReason.OutOfRange);
                return true;
            }

            quality |= Quality.OutOfRange;
        }

        ChannelId channel = ChannelId.None;
        ReadStatus found = field.Channel?.TryGet(ref frame, _channel, out channel) ?? ReadStatus.Value;
        if (found != ReadStatus.Value)
        {
            frame.Trace?.Drop(AbsentReason.Unreadable);
            return found != ReadStatus.Limit || frame.Fail(QuarantineReason.LimitExceeded, field.Limit);
        }

        Instant at = owner.At;
        TimeSource source = owner.TimeSource;
        if (field.Time is not null)
        {
            ReadStatus status = field.Time.TryRead(ref frame, owner.Zone, out at);
            source = field.Time.SourceOf(status);
            quality = (quality & ~Quality.Clock) | (status == ReadStatus.Malformed ? Quality.Clock : Quality.Good);
        }

        if (frame.RetainedDelivery && source == TimeSource.Receive)
        {
            frame.Trace?.Drop(AbsentReason.RetainedCopy);
            frame.SkippedCount++;
            return true;
        }

        if (frame.Batch.ReadingCount - frame.FirstReading >= MaxReadings)
            return frame.Fail(QuarantineReason.LimitExceeded, plan.TooManyReadings);
        if (owner.Id == DeviceId.None && !Own(plan, ref frame, ref owner))
            return false;

        ResetMark mark = field.ResetSlot < 0 ? ResetMark.None : MarkOf(field, ref frame, owner.Zone);
        var reading = new Reading(owner.Id, field.Metric, channel, value, at, quality);
        frame.Trace?.Reading(reading, frame.Batch.ReadingCount - frame.FirstReading, source);
        frame.Batch.Add(reading, field.Rule, mark);
        return true;
    }

    /// <summary>Since when a register counts: a time where it reads as one, else any text.</summary>
    private static ResetMark MarkOf(FieldPlan field, scoped ref Frame frame, DateTimeZone zone)
    {
        JsonSlot slot = frame.Slots[field.ResetSlot];
        if (!slot.HasValue || slot.Kind >= SlotKind.Object)
            return ResetMark.None;

        ReadOnlySpan<byte> text = NumberText.Trim(slot.Of(frame.Payload));
        if (slot.Kind != SlotKind.String || !TimeText.TryIso(text, out long ticks, out bool isLocal))
            return ValuePlan.MeansNothing(text) ? ResetMark.None : ResetMark.Of(text);

        return ResetMark.Of(NodaTime.Instant.FromUnixTimeTicks(isLocal ? LocalTime.ToUtc(ticks, zone, frame.ReceivedAt) : ticks));
    }

    /// <summary>First contact: a device comes into being with its first reading, never with a broken message.</summary>
    private bool Own(DecodePlan plan, scoped ref Frame frame, scoped ref Owner owner)
    {
        owner.Id = owner.Key.IsEmpty ? DeviceId.None : registry.Resolve(frame.Source, owner.Key, plan.Profile, owner.Family);
        return owner.Id != DeviceId.None || frame.Fail(QuarantineReason.DeviceUnknown, owner.Key.IsEmpty ? plan.NoDevice : plan.DeviceRefused);
    }

    /// <summary>Whose readings are being added, and when they were measured.</summary>
    private ref struct Owner
    {
        public DeviceId Id;
        public ReadOnlySpan<byte> Key;
        public string Family;
        public DateTimeZone Zone;
        public Instant At;
        public Quality Doubt;

        /// <summary>Whose clock says so.</summary>
        public TimeSource TimeSource;
    }
}
