using System.Text;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Profiles.Compilation;
using Ioc.Profiles.Documents;
using Ioc.Profiles.Fields;
using Ioc.Profiles.Sparkplug;
using NodaTime;

namespace Ioc.Profiles.Preview;

/// <summary>Tells which profiles listen to a message and how far each fits. For people and tools: it allocates, the decoder does not.</summary>
public static class CandidateSearch
{
    /// <summary>Every profile that the message's topic leads to.</summary>
    /// <param name="set">The profiles.</param>
    /// <param name="metrics">The catalogue they were compiled with.</param>
    /// <param name="topic">The topic name, as UTF-8.</param>
    /// <param name="payload">The payload; may be anything.</param>
    /// <param name="receivedAt">Arrival time.</param>
    /// <param name="births">Sparkplug births up to this message, itself included; only its own when left out.</param>
    public static IReadOnlyList<Candidate> Find(
        ProfileSet set, MetricCatalogue metrics, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, Instant receivedAt, BirthBook? births = null)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(metrics);
        var captures = new TextRange[TopicPattern.MaxCaptures];
        topic = topic.StartsWith("/"u8) ? topic[1..] : topic;
        if (set.Topics.Find(topic, captures) is not { } group)
            return [];

        var message = new RawMessage { Offset = long.MaxValue, ReceivedAt = receivedAt, Source = "default"u8, Topic = topic, Payload = payload };
        if (births is null)
            (births = new BirthBook()).Replay(message);

        payload = payload.StartsWith("\uFEFF"u8) ? payload[3..] : payload;
        var frame = new Frame
        {
            Topic = topic,
            Payload = payload,
            PayloadLength = payload.Length,
            Captures = captures,
            Slots = new JsonSlot[group.SlotCount],
            Keys = new JsonSlot[GroupPlan.MaxDepth],
            KeyCaptures = new TextRange[GroupPlan.MaxDepth * GroupPlan.MaxKeyCaptures],
            Indexes = new int[GroupPlan.MaxDepth],
            Named = new double[FieldCompiler.MaxNames],
            Port = -1,
            ReceivedAt = receivedAt,
            Batch = new ReadingBatch(),
            Detail = "",
        };
        frame.Named.Fill(double.NaN);
        var bodies = new BodyReader(set, new SparkplugDesk(births));
        bodies.Begin(group, ref frame);
        var found = new List<Candidate>(group.Plans.Length);
        foreach (DecodePlan plan in group.Plans)
        {
            bool hasBody = bodies.Open(plan, group, in message, ref frame) == BodyStatus.There;
            bool fits = hasBody && !payload.IsEmpty && ConditionPlan.AllHold(plan.Content, ref frame);
            found.Add(new Candidate(
                plan.Profile, plan.Envelope?.Name, KeyOf(plan, ref frame), plan.Outcome.ToString().ToLowerInvariant(), fits, plan.AssignedOnly, fits ? AbsentIn(plan, ref frame, metrics) : []));
        }

        return found;
    }

    private static string? KeyOf(DecodePlan plan, scoped ref Frame frame)
    {
        byte[] buffer = new byte[TemplatePlan.MaxBytes];
        return plan.Device is not null && plan.Device.TryRender(ref frame, buffer, out ReadOnlySpan<byte> key) && key.Length is > 0 and <= TemplatePlan.MaxBytes
            ? Encoding.UTF8.GetString(key)
            : null;
    }

    private static List<AbsentField> AbsentIn(DecodePlan plan, scoped ref Frame frame, MetricCatalogue metrics)
    {
        var absent = new List<AbsentField>();
        foreach (FieldPlan field in plan.Root.Fields)
        {
            if (field.Metric.Value == 0)
                continue;

            string metric = metrics[field.Metric].Name;
            if (!ConditionPlan.AllHold(field.When, ref frame))
                absent.Add(new AbsentField(metric, "condition"));
            else if (field.Source is not (FieldSource.Expression or FieldSource.Count) && field.Read(ref frame, out _) == ReadStatus.Absent)
                absent.Add(new AbsentField(metric, ReasonOf(field, ref frame)));
        }

        return absent;
    }

    private static string? ReasonOf(FieldPlan field, scoped ref Frame frame)
    {
        switch (field.Source)
        {
            case FieldSource.Member:
                foreach (int place in field.Slots)
                {
                    JsonSlot slot = frame.Slots[place];
                    if (slot.Kind != SlotKind.Absent)
                        return slot.Kind == SlotKind.Null ? "null" : slot.Kind < SlotKind.Object ? ReasonOf(field.Value, slot.Of(frame.Payload)) : null;
                }

                return "missing";
            case FieldSource.Text:
                return ReasonOf(field.Value, frame.Body);
            case FieldSource.Capture:
                return ReasonOf(field.Value, frame.Captures[field.Capture].Of(frame.Topic));
            case FieldSource.Binary:
                return field.Binary.TryRead(frame.Body, out double number) ? double.IsFinite(number) ? "sentinel" : "nan" : "missing";
            default:
                return null;
        }
    }

    private static string? ReasonOf(ValuePlan value, ReadOnlySpan<byte> text)
    {
        text = NumberText.Trim(text);
        if (text.IsEmpty)
            return "missing";
        if (NumberText.TryParse(text, out double number) && double.IsFinite(number))
            return number < value.SentinelBelow || number > value.SentinelAbove || Array.IndexOf(value.Sentinels, number) >= 0 ? "sentinel" : null;
        foreach (byte[] sentinel in value.SentinelTexts)
        {
            if (text.SequenceEqual(sentinel))
                return "sentinel";
        }

        return text.SequenceEqual("nan"u8) || text.SequenceEqual("NaN"u8) ? "nan" : null;
    }
}
