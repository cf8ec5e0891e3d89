using System.Text;
using Ioc.Devices.Readings;
using Ioc.Profiles.Compilation;
using Ioc.Profiles.Fields;

namespace Ioc.Profiles.Tracing;

/// <summary>
/// What the decoder did with its last message, told by the decoder itself: which profiles listened, which was chosen, and each field on its
/// way from the message to a reading. For people and tools; a decoder without a trace pays for a null test.
/// </summary>
/// <remarks>Touched only by the thread of its decoder. Fields read personal data no more than readings do, so neither does a trace.</remarks>
public sealed class DecodeTrace
{
    /// <summary>Most steps kept of one message.</summary>
    public const int MaxSteps = 20_000;

    private readonly List<(CandidateStep Step, DecodePlan Plan)> _considered = [];
    private readonly List<FieldStep> _fields = [];
    private readonly HashSet<FieldPlan> _met = [];
    private readonly Dictionary<GroupPlan, AbsentReason> _skipped = [];
    private readonly byte[] _buffer = new byte[ChannelTable.MaxNameBytes * 4];

    /// <summary>The profiles that the topic leads to, in the order in which they were tried.</summary>
    public IReadOnlyList<CandidateStep> Candidates { get; private set; } = [];

    /// <summary>The one that decoded the message; null when none did.</summary>
    public CandidateStep? Chosen { get; private set; }

    /// <summary>Fields in the order in which they were read, once per element of an iteration; then those that were never come to.</summary>
    public IReadOnlyList<FieldStep> Fields => _fields;

    /// <summary>There were more than <see cref="MaxSteps"/>; the rest is not told.</summary>
    public bool IsCut { get; private set; }

    internal void Begin()
    {
        _considered.Clear();
        _fields.Clear();
        _met.Clear();
        _skipped.Clear();
        Candidates = [];
        Chosen = null;
        IsCut = false;
    }

    internal void Consider(DecodePlan plan, scoped ref Frame frame, bool hasBody, bool isAssigned)
    {
        int failed = 0;
        for (int i = 0; hasBody && failed == 0 && i < plan.Content.Length; i++)
            failed = ConditionPlan.AllHold([plan.Content[i]], ref frame) ? 0 : i + 1;

        byte[] buffer = new byte[TemplatePlan.MaxBytes];
        string? key = plan.Device is not null && plan.Device.TryRender(ref frame, buffer, out ReadOnlySpan<byte> text) && text.Length is > 0 and <= TemplatePlan.MaxBytes
            ? Encoding.UTF8.GetString(text)
            : null;
        CandidateVerdict verdict = !hasBody ? CandidateVerdict.NoBody : failed > 0 ? CandidateVerdict.OtherContent : CandidateVerdict.Ambiguous;
        string carries = plan.Outcome.ToString().ToLowerInvariant();
        _considered.Add((new CandidateStep(plan.Profile, plan.Envelope?.Name, key, carries, hasBody && failed == 0, plan.AssignedOnly, isAssigned, failed, verdict), plan));
    }

    internal void Choose(DecodePlan? chosen)
    {
        bool isByRegistry = _considered.Exists(one => one.Plan == chosen && one.Step.IsAssigned);
        Candidates = [.. _considered.Select(one => one.Step.Fits ? one.Step with { Verdict = VerdictOf(one.Step, one.Plan == chosen, isByRegistry) } : one.Step)];
        Chosen = Candidates.FirstOrDefault(one => one.Verdict == CandidateVerdict.Chosen);
    }

    /// <summary>A group is left out because a condition of it does not hold.</summary>
    internal void Skip(GroupPlan group) => _skipped[group] = ReasonOf(group.When);

    /// <summary>A field is left out because a condition of it does not hold.</summary>
    internal void Skip(FieldPlan field, scoped ref Frame frame) =>
        Add(field, ref frame, new FieldStep { Place = field.Origin.Place, WrittenAt = field.Origin.WrittenAt, Absent = ReasonOf(field.When) });

    /// <summary>A field has no value, or none that can be read.</summary>
    internal void Absent(FieldPlan field, scoped ref Frame frame, int cursor) =>
        Add(field, ref frame, new FieldStep
        {
            Place = field.Origin.Place,
            WrittenAt = field.Origin.WrittenAt,
            Raw = RawToken.Of(field, ref frame, cursor),
            Unit = field.Origin.Unit,
            Absent = AbsentReasons.Of(field, ref frame, cursor),
        });

    /// <summary>A field has a value.</summary>
    internal void Value(FieldPlan field, scoped ref Frame frame, int cursor, double number, double scaled) =>
        Add(field, ref frame, new FieldStep
        {
            Place = field.Origin.Place,
            WrittenAt = field.Origin.WrittenAt,
            Raw = RawToken.Of(field, ref frame, cursor),
            Number = number,
            Scaled = scaled,
            Unit = field.Origin.Unit,
        });

    /// <summary>The value just told becomes a reading.</summary>
    internal void Reading(in Reading reading, int place, TimeSource source)
    {
        if (IsCut)
            return;

        FieldStep step = _fields[^1];
        (step.Reading, step.Canonical, step.Channel, step.Quality, step.At, step.TimeSource) =
            (place, reading.Value, reading.Channel, reading.Quality, reading.MeasuredAt, source);
    }

    /// <summary>The value just told is not kept.</summary>
    internal void Drop(AbsentReason reason)
    {
        if (!IsCut)
            _fields[^1].Absent = reason;
    }

    /// <summary>Later fault flags taint readings before them.</summary>
    internal void Finish(DecodePlan plan, ReadingBatch batch, int firstReading)
    {
        foreach (FieldStep step in _fields)
        {
            if (step.Reading >= 0 && firstReading + step.Reading < batch.ReadingCount)
                step.Quality = batch.Qualities[firstReading + step.Reading];
        }

        TellUnmet(plan.Root, null);
    }

    private static CandidateVerdict VerdictOf(CandidateStep step, bool isChosen, bool isByRegistry) =>
        isChosen ? CandidateVerdict.Chosen
        : step is { AssignedOnly: true, IsAssigned: false } ? CandidateVerdict.NotAssigned
        : isByRegistry ? CandidateVerdict.OtherAssigned
        : CandidateVerdict.Ambiguous;

    // What a presence mask or a test for a member rules out is not in the message; what another test rules out may be.
    private static AbsentReason ReasonOf(ConditionPlan[] when) =>
        Array.TrueForAll(when, test => test.Subject == ConditionSubject.Exists || (test.Subject == ConditionSubject.Named && test.Bit >= 0))
            ? AbsentReason.Missing
            : AbsentReason.Condition;

    private void Add(FieldPlan field, scoped ref Frame frame, FieldStep step)
    {
        _met.Add(field);
        if (_fields.Count == MaxSteps)
        {
            IsCut = true;
            return;
        }

        ChannelId channel = ChannelId.None;
        field.Channel?.TryGet(ref frame, _buffer, out channel);
        step.Channel = channel;
        _fields.Add(step with { Metric = field.Metric.Value == 0 ? null : field.Metric, Name = field.Origin.Name });
    }

    private void TellUnmet(GroupPlan group, AbsentReason? because)
    {
        because = _skipped.TryGetValue(group, out AbsentReason reason) ? reason : because;
        foreach (FieldPlan field in group.Fields)
        {
            if (field.Metric.Value == 0 || _met.Contains(field))
                continue;

            _fields.Add(new FieldStep
            {
                Metric = field.Metric,
                Name = field.Origin.Name,
                Place = field.Origin.Place,
                WrittenAt = field.Origin.WrittenAt,
                Channel = field.Channel?.Constant ?? ChannelId.None,
                Unit = field.Origin.Unit,
                Absent = because ?? AbsentReason.Missing,
            });
        }

        foreach (GroupPlan inner in group.Groups.Concat(group.Stream))
            TellUnmet(inner, because);
    }
}
