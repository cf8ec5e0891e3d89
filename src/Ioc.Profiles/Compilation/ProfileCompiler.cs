using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Profiles.Documents;
using Ioc.Profiles.Fields;
using Ioc.Profiles.Modbus;
using Ioc.Profiles.Model;
using Ioc.Profiles.Sparkplug;

namespace Ioc.Profiles.Compilation;

/// <summary>A profile listening to one topic pattern, with the envelope around its body if there is one.</summary>
internal sealed record Binding(ProfileConfig Profile, EnvelopeConfig? Envelope, TopicConfig Topic, TopicPattern Pattern)
{
    /// <summary>Facts that this envelope or another of the same kind tells.</summary>
    public IReadOnlySet<string> Facts { get; init; } = new HashSet<string>();
}

/// <summary>Compiles the bindings of one topic pattern against its shared tree.</summary>
internal sealed class ProfileCompiler(MetricCatalogue metrics, ChannelTable channels, ProfileErrors errors)
{
    private readonly List<DocumentFormat> _formats = [];

    /// <summary>Every format that the compiled profiles use.</summary>
    public IReadOnlyList<DocumentFormat> Formats => _formats;

    /// <summary>Members that no profile may read.</summary>
    public PersonalMembers Personal { get; init; } = PersonalMembers.None;

    public TopicGroup CompileGroup(IReadOnlyList<Binding> bindings)
    {
        var slots = new SlotCounter();
        var tree = new JsonTreeBuilder(slots);
        var documents = new DocumentBuilders(slots, _formats);
        DecodePlan[] plans = [.. bindings.Select(binding => Compile(binding, slots, tree, documents))];
        CheckAmbiguity(bindings, plans);
        return new TopicGroup
        {
            Pattern = bindings[0].Pattern,
            Plans = plans,
            Documents = documents.Build(),
            Tree = tree.IsEmpty && !plans.Any(plan => plan.NeedsJson) ? null : tree.Build(),
            SlotCount = slots.Count,
        };
    }

    private void CheckAmbiguity(IReadOnlyList<Binding> bindings, DecodePlan[] plans)
    {
        Binding[] open = [.. bindings.Where((_, i) => plans[i].Content.Length == 0 && !plans[i].AssignedOnly).DistinctBy(binding => binding.Profile.Name.Value)];
        foreach (Binding later in open.Skip(1))
        {
            errors.Add(
                later.Topic.Pattern.Mark,
                $"topic '{later.Topic.Pattern.Value}' is also that of profile '{open[0].Profile.Name.Value}' ({open[0].Topic.Pattern.Mark}), and nothing tells them apart: add match.content to both, or match.assigned: true");
        }
    }

    private DecodePlan Compile(Binding binding, SlotCounter slots, JsonTreeBuilder tree, DocumentBuilders documents)
    {
        ProfileConfig profile = binding.Profile;
        EnvelopeConfig? envelope = binding.Envelope;
        BodyCodec codec = CodecOf(profile, binding.Topic.Outcome);
        CompileScope outer = Scope(binding, slots, tree) with { Codec = codec };
        (int place, JsonTreeBuilder own) = DocumentOf(binding, outer, documents);
        CompileScope body = outer with
        {
            HasMembers = codec == BodyCodec.Json,
            HasCompanions = profile.Format is SparkplugFormat,
            Prefix = Prefix(profile, envelope, outer),
            Document = own,
            Tree = own,
        };

        // Device and content are settled before any field is read, so they cannot use one.
        CompileScope first = body with { Names = new Dictionary<string, int>(StringComparer.Ordinal) };
        TopicOutcome outcome = binding.Topic.Outcome;
        bool hasReadings = outcome == TopicOutcome.Readings;
        TimePlan? time = profile.Time is { } told ? TimeCompiler.Compile(told, body)
            : envelope?.Time is { } wrapped ? TimeCompiler.Compile(wrapped, outer, isEnvelope: true) : null;
        GroupPlan root = outcome switch
        {
            TopicOutcome.Readings => GroupCompiler.Root(profile.Fields, time, profile.Family, body),
            TopicOutcome.Attributes => GroupCompiler.Root(profile.Attributes, time, profile.Family, body),
            _ => new GroupPlan(),
        };
        if (hasReadings && profile.Fields.Count == 0)
            errors.Add(profile.Mark, $"profile '{profile.Name.Value}' has no 'fields'");
        if (outcome == TopicOutcome.Attributes && profile.Outcome == outcome && profile.Attributes.Count == 0)
            errors.Add(profile.Mark, $"profile '{profile.Name.Value}' has no 'attributes'");
        if (hasReadings && envelope is { Fields.Count: > 0 })
            root = Join(root, GroupCompiler.Entries(envelope.Fields, outer));
        if (profile.Attributes.OfType<FieldConfig>().FirstOrDefault() is { Metric: { } measured })
            errors.Add(measured.Mark, "'attributes' are no readings; write {attribute: …}, or put the field under 'fields'");
        if (profile.Attributes.Count > 0 && profile.Outcome != TopicOutcome.Attributes && profile.Topics.All(topic => topic.Outcome != TopicOutcome.Attributes))
            errors.Add(profile.Attributes[0].Mark, "'attributes' are read from topics with 'outcome: attributes', and the profile has none; put them under 'fields'");
        if (outcome == TopicOutcome.State && profile.State is null)
            errors.Add(binding.Topic.Pattern.Mark, "a topic with 'outcome: state' needs 'state' with the words for online and offline");

        return new DecodePlan
        {
            Profile = profile.Name.Value,
            Family = profile.Family,
            Outcome = outcome,
            Codec = codec,
            NeedsJson = (hasReadings || (outcome == TopicOutcome.Attributes && profile.Attributes.Count > 0)) && (envelope is not null || (codec == BodyCodec.Json && place < 0)),
            Document = place,
            IsSparkplug = profile.Format is SparkplugFormat,
            Modbus = profile.Modbus is { } request ? ModbusPlan.Compile(profile.Name.Value, request, outer.Parameters, errors) : null,
            Envelope = envelope is null ? null : Envelope(envelope, outer, profile),
            Content = ConditionCompiler.Compile(profile.Content, first),
            AssignedOnly = profile.AssignedOnly,
            Device = Device(binding, outer with { Names = first.Names }, first),
            Root = root,
            State = profile.State is { } state && outcome == TopicOutcome.State
                ? new StatePlan(state.Path is { } path ? body.SlotOf(path) : -1, FieldCompiler.Utf8(state.Online), FieldCompiler.Utf8(state.Offline))
                : null,
            Rejected = profile.Codec != BodyCodec.Json ? [] :
            [
                .. profile.Rejected.Select(member => (body.Unguarded().SlotOf(member), $"profile {profile.Name.Value}: member {member.Value} carries personal data"))
                    .Where(rejected => rejected.Item1 >= 0),
            ],
            ParameterNames = [.. profile.Parameters.Select(parameter => parameter.Name.Value)],
            ParameterWords = [.. profile.Parameters.Select(parameter => parameter.Words.Select(word => word.Value).ToArray())],
            ParameterDefaults = [.. profile.Parameters.Select(parameter => parameter.Default ?? double.NaN)],
        };
    }

    // Firmware that says its values as bare text tells about itself in JSON.
    private static BodyCodec CodecOf(ProfileConfig profile, TopicOutcome outcome) =>
        outcome == TopicOutcome.Attributes && profile.Codec == BodyCodec.Text && profile.Attributes.OfType<AttributeConfig>().Any(attribute => attribute.Field.Paths.Count > 0)
            ? BodyCodec.Json
            : profile.Codec;

    private CompileScope Scope(Binding binding, SlotCounter slots, JsonTreeBuilder tree)
    {
        ProfileConfig profile = binding.Profile;
        foreach (ParameterConfig parameter in profile.Parameters)
        {
            if (!parameter.Name.Value.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'))
                errors.Add(parameter.Name.Mark, $"parameter '{parameter.Name.Value}' must be made of letters, digits and _");
        }

        return new CompileScope
        {
            Profile = profile.Name.Value,
            Codec = profile.Codec,
            LittleEndian = profile.LittleEndian,
            HasRegisters = profile.Modbus is not null,
            RejectUnknownTags = profile.RejectUnknownTags,
            Metrics = metrics,
            Channels = channels,
            Errors = errors,
            Captures = binding.Pattern.Captures,
            Slots = slots,
            Document = tree,
            Tree = tree,
            HasMembers = true,
            HasPort = binding.Envelope?.Port is not null,
            Envelope = tree,
            Facts = binding.Envelope?.Facts ?? [],
            KnownFacts = binding.Facts,
            Names = new Dictionary<string, int>(StringComparer.Ordinal),
            Parameters = [.. profile.Parameters.Select(parameter => parameter.Name.Value)],
            ParameterWords = profile.Parameters.Where(parameter => parameter.Words.Count > 0).ToDictionary(parameter => parameter.Name.Value, parameter => parameter.Words),
            NeverStored = Never(profile),
            Semantics = profile.Semantics,
            Personal = Personal,
        };
    }

    private List<IReadOnlyList<string>> Never(ProfileConfig profile)
    {
        var never = new List<IReadOnlyList<string>>();
        foreach (MarkedText member in profile.NeverStored)
        {
            if (JsonPath.TryParse(member.Value, out JsonPath path, out string problem))
                never.Add(CompileScope.MembersOf(path));
            else
                errors.Add(member.Mark, $"path '{member.Value}' cannot be read: {problem}");
        }

        return never;
    }

    private JsonPath? Prefix(ProfileConfig profile, EnvelopeConfig? envelope, CompileScope outer)
    {
        if (envelope is null)
        {
            if (profile.FromDecoded)
                errors.Add(profile.Mark, "'body: {decoded: true}' needs an 'envelope' that decodes");
            return null;
        }

        if (!profile.FromDecoded)
            return null;
        if (profile.Codec != BodyCodec.Json || profile.Format is not null)
            errors.Add(profile.Mark, "'decoded: true' takes the envelope's decoded object, which is JSON; take 'codec' out");
        if (envelope.Decoded is { } decoded && outer.TryPath(decoded, out JsonPath path))
            return path;

        errors.Add(profile.Mark, $"envelope '{envelope.Name.Value}' has no 'decoded' object");
        return null;
    }

    /// <summary>The document that the body's paths lead into, with its place among the topic's; −1 for the payload's own JSON.</summary>
    private static (int Place, JsonTreeBuilder Tree) DocumentOf(Binding binding, CompileScope outer, DocumentBuilders documents)
    {
        ProfileConfig profile = binding.Profile;
        bool isWrapped = binding.Envelope is not null && !profile.FromDecoded;
        bool reads = binding.Topic.Outcome is TopicOutcome.Readings or TopicOutcome.Attributes || profile.Content.Count > 0;
        DocumentFormat? format = profile.Format ?? (isWrapped && profile.Codec == BodyCodec.Json ? new JsonFormat() : null);
        return format is null || !reads ? (-1, outer.Document) : documents.Take(format, isWrapped ? binding.Envelope!.Name.Value : "", profile.Name.Value);
    }

    private EnvelopePlan Envelope(EnvelopeConfig envelope, CompileScope outer, ProfileConfig profile)
    {
        int payload = profile.FromDecoded || envelope.Payload is null ? -1 : outer.SlotOf(envelope.Payload);
        if (!profile.FromDecoded && payload < 0)
            errors.Add(envelope.Mark, $"envelope '{envelope.Name.Value}' has no 'payload'");
        bool hasForms = profile.Decoded is not null;
        int decoded = hasForms && envelope.Decoded is not null ? outer.SlotOf(envelope.Decoded) : -1;
        return new EnvelopePlan(envelope.Name.Value, envelope.Port is { } port ? outer.SlotOf(port) : -1, payload, envelope.Encoding)
        {
            Needs = profile.FromDecoded ? decoded : -1,
            Unless = !profile.IsSecondChoice ? -1 : !profile.FromDecoded ? decoded : envelope.Payload is { } bytes ? outer.SlotOf(bytes) : -1,
        };
    }

    private TemplatePlan? Device(Binding binding, CompileScope outer, CompileScope body)
    {
        if (binding.Topic.Device is { } own)
            return own.Value == "none" ? null : TemplateCompiler.Compile(own, body);
        if (binding.Profile.Device is { } device)
            return TemplateCompiler.Compile(device, body);
        if (binding.Envelope is { } envelope)
            return TemplateCompiler.Compile(envelope.Device, outer);
        if (binding.Topic.Outcome is TopicOutcome.Ignore or TopicOutcome.Attributes && !binding.Pattern.Captures.Contains("device"))
            return null;

        return TemplateCompiler.Compile(new MarkedText("{device}", binding.Topic.Pattern.Mark), body);
    }

    private static GroupPlan Join(GroupPlan root, (FieldPlan[] Fields, AttributePlan[] Attributes, GroupPlan[] Groups) more) =>
        new()
        {
            Fields = [.. root.Fields, .. more.Fields],
            Attributes = [.. root.Attributes, .. more.Attributes],
            Groups = [.. root.Groups, .. more.Groups],
            Time = root.Time,
            Family = root.Family,
        };
}
