using Ioc.Devices.Counters;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Profiles.Compilation;
using Ioc.Profiles.Documents;
using Ioc.Profiles.Fields;
using Ioc.Profiles.Model;

namespace Ioc.Profiles;

/// <summary>All firmware profiles of a folder, compiled. Immutable and shared by every decoder; a reload makes a new one.</summary>
public sealed class ProfileSet
{
    private readonly IReadOnlyDictionary<(string Profile, MetricId Metric), SeriesRule> _rules;

    private ProfileSet(
        IReadOnlyList<ProfileModel> profiles,
        TopicIndex topics,
        IReadOnlyList<DocumentFormat> formats,
        IReadOnlyDictionary<(string Profile, MetricId Metric), SeriesRule> rules)
    {
        _rules = rules;
        Profiles = profiles;
        Topics = topics;
        Formats = formats;
    }

    /// <summary>What was loaded, by name.</summary>
    public IReadOnlyList<ProfileModel> Profiles { get; }

    /// <summary>How the values of a metric follow one another on the devices of a profile; null when the profile leaves it to the metric.</summary>
    public SeriesRule? RuleOf(string profile, MetricId metric) => _rules.GetValueOrDefault((profile, metric));

    internal TopicIndex Topics { get; }

    /// <summary>Every format in use; each decoder opens one codec for each.</summary>
    internal IReadOnlyList<DocumentFormat> Formats { get; }

    /// <summary>Loads and compiles every <c>*.profile.yaml</c> and <c>*.envelope.yaml</c> below a folder.</summary>
    /// <param name="folder">The profile folder.</param>
    /// <param name="metrics">The catalogue that fixes each metric's unit, type and range.</param>
    /// <param name="channels">Takes the channel names that profiles write out.</param>
    /// <exception cref="ProfileException">Something is wrong in at least one file; it lists everything as "file:line: message".</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static ProfileSet Load(string folder, MetricCatalogue metrics, ChannelTable channels)
    {
        var errors = new ProfileErrors();
        var reader = new ConfigReader(errors);
        List<EnvelopeConfig> envelopes = [.. Open(folder, "*.envelope.yaml", reader).Select(reader.ReadEnvelope)];
        List<ProfileConfig> profiles = [.. Open(folder, "*.profile.yaml", reader).Select(reader.ReadProfile)];
        CheckNames(profiles, envelopes, errors);
        foreach (ProfileConfig profile in profiles)
            SemanticsCompiler.Check(profile, metrics, errors);

        var compiler = new ProfileCompiler(metrics, channels, errors) { Personal = PersonalMembers.Load(folder, reader, errors) };
        List<TopicGroup> groups =
        [
            .. profiles.SelectMany(profile => BindingsOf(profile, envelopes, errors))
                .GroupBy(binding => binding.Pattern.Shape)
                .Select(group => compiler.CompileGroup([.. group])),
        ];
        errors.ThrowIfAny();
        return new ProfileSet([.. profiles.Select(profile => new ProfileModel(profile)).OrderBy(profile => profile.Name, StringComparer.Ordinal)], new TopicIndex(groups), compiler.Formats, RulesOf(groups));
    }

    private static IEnumerable<YamlMap> Open(string folder, string pattern, ConfigReader reader) =>
        Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(path => reader.Open(path, Path.GetRelativePath(folder, path).Replace('\\', '/')))
            .OfType<YamlMap>();

    private static Dictionary<(string Profile, MetricId Metric), SeriesRule> RulesOf(List<TopicGroup> groups)
    {
        var rules = new Dictionary<(string, MetricId), SeriesRule>();
        foreach (DecodePlan plan in groups.SelectMany(group => group.Plans))
        {
            foreach (FieldPlan field in FieldsOf(plan.Root))
            {
                if (field.Rule is { } rule)
                    rules.TryAdd((plan.Profile, field.Metric), rule);
            }
        }

        return rules;
    }

    private static IEnumerable<FieldPlan> FieldsOf(GroupPlan group) =>
        group.Fields.Concat(group.Groups.Concat(group.Stream).SelectMany(FieldsOf));

    private static void CheckNames(List<ProfileConfig> profiles, List<EnvelopeConfig> envelopes, ProfileErrors errors)
    {
        foreach (IGrouping<string, MarkedText> same in profiles.Select(profile => profile.Name).GroupBy(name => name.Value))
        {
            foreach (MarkedText later in same.Skip(1))
                errors.Add(later.Mark, $"profile '{same.Key}' is already defined in {same.First().Mark}");
        }

        foreach (IGrouping<string, MarkedText> same in envelopes.Select(envelope => envelope.Name).GroupBy(name => name.Value))
        {
            foreach (MarkedText later in same.Skip(1))
                errors.Add(later.Mark, $"envelope '{same.Key}' is already defined in {same.First().Mark}");
        }
    }

    private static List<Binding> BindingsOf(ProfileConfig profile, List<EnvelopeConfig> envelopes, ProfileErrors errors)
    {
        EnvelopeConfig[] fitting = [.. envelopes.Where(envelope => envelope.Carries.Value == profile.Envelope?.Value)];
        HashSet<string> facts = [.. fitting.SelectMany(envelope => envelope.Facts).Select(fact => fact.Name.Value)];
        var bindings = new List<Binding>();
        void Bind(ProfileConfig form, TopicConfig topic, EnvelopeConfig? envelope)
        {
            if (TopicPattern.TryParse(topic.Pattern.Value, out TopicPattern pattern, out string problem))
                bindings.Add(new Binding(form, envelope, topic, pattern) { Facts = facts });
            else
                errors.Add(topic.Pattern.Mark, $"topic '{topic.Pattern.Value}' cannot be read: {problem}");
        }

        foreach (TopicConfig topic in profile.Topics)
            Bind(profile, topic, null);

        if (profile.Envelope is { } carried && fitting.Length == 0)
            errors.Add(carried.Mark, $"no envelope carries '{carried.Value}'; there are {string.Join(", ", envelopes.Select(envelope => envelope.Carries.Value).Distinct())}");
        if (profile.Envelope is null && profile.Topics.Count == 0)
            errors.Add(profile.Mark, "'match' needs at least one topic, or the profile an 'envelope'");
        if (profile.Decoded is { } decoded && (profile.Envelope is null || profile.FromDecoded))
            errors.Add(decoded.Mark, "'decoded' is a second form beside the bytes of an 'envelope'; take it or 'body.decoded' out");
        foreach (EnvelopeConfig envelope in fitting)
        {
            foreach (TopicConfig topic in envelope.Topics)
            {
                foreach (ProfileConfig form in FormsOf(profile))
                    Bind(form, topic with { Outcome = profile.Outcome }, envelope);
            }
        }

        return bindings;
    }

    /// <summary>A profile that reads bytes or the envelope's decoded object, whichever there is, is two that stand back for each other.</summary>
    private static IEnumerable<ProfileConfig> FormsOf(ProfileConfig profile)
    {
        if (profile.Decoded is not { } decoded)
            return [profile];

        return
        [
            profile with { IsSecondChoice = !decoded.BytesFirst },
            profile with
            {
                IsSecondChoice = decoded.BytesFirst,
                FromDecoded = true,
                Codec = BodyCodec.Json,
                Format = null,
                Modbus = null,
                Content = [.. profile.Content.Where(condition => condition.Port || condition.Topic is not null || CompileScope.IsFact(condition.Path ?? condition.Exists ?? condition.Missing))],
                Time = decoded.Time,
                Fields = decoded.Fields,
            },
        ];
    }
}
