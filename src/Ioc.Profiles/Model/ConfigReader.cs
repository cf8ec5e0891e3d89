using Ioc.Devices.Registry;
using Ioc.Profiles.Documents;
using Ioc.Profiles.Modbus;
using Ioc.Profiles.Sparkplug;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ioc.Profiles.Model;

/// <summary>Reads profile and envelope files into what a person wrote, telling of everything that does not belong.</summary>
internal sealed class ConfigReader(ProfileErrors errors)
{
    private const string ModbusRtu = "modbus-rtu";

    private static readonly string[] Kinds = ["gauge", "counter", "delta", "state", "event"];

    private static readonly Dictionary<string, BodyCodec> Codecs = new()
    {
        ["json"] = BodyCodec.Json,
        ["text"] = BodyCodec.Text,
        ["binary"] = BodyCodec.Binary,
    };

    /// <summary>Codecs that write a document; each may ask the body's map for settings of its own.</summary>
    private static readonly Dictionary<string, Func<YamlMap, DocumentFormat>> Formats = new()
    {
        ["sparkplug"] = _ => new SparkplugFormat(),
        ["ultralight"] = _ => new UltraLightFormat(),
        ["senml"] = _ => new SenmlFormat(),
        ["senml-cbor"] = _ => new SenmlCborFormat(),
        ["cbor"] = _ => new CborFormat(),
        ["xml"] = body => new XmlFormat(string.Join(' ', body.Texts("lists").Select(name => name.Value).Order(StringComparer.Ordinal))),
    };

    private static readonly Dictionary<string, BodyEncoding> Encodings = new()
    {
        ["base64"] = BodyEncoding.Base64,
        ["hex"] = BodyEncoding.Hex,
        ["text"] = BodyEncoding.Text,
    };

    private static readonly Dictionary<string, TopicOutcome> Outcomes = new()
    {
        ["readings"] = TopicOutcome.Readings,
        ["state"] = TopicOutcome.State,
        ["attributes"] = TopicOutcome.Attributes,
        ["ignore"] = TopicOutcome.Ignore,
    };

    private static readonly Dictionary<string, bool> Endians = new() { ["big"] = false, ["little"] = true };

    private readonly EntryReader _entries = new(errors);

    /// <summary>Reads one file's only document; null when it cannot be read at all.</summary>
    public YamlMap? Open(string path, string name)
    {
        var start = new SourceMark(name, 1);
        try
        {
            using var text = new StreamReader(path);
            var stream = new YamlStream();
            stream.Load(text);
            if (stream.Documents is [{ RootNode: YamlMappingNode root }])
                return new YamlMap(root, name, errors);

            errors.Add(start, "the file must hold one mapping (key: value)");
        }
        catch (YamlException broken)
        {
            errors.Add(new SourceMark(name, broken.Start.Line), $"not YAML: {broken.InnerException?.Message ?? broken.Message}");
        }

        return null;
    }

    public ProfileConfig ReadProfile(YamlMap map)
    {
        CheckSchema(map);
        YamlMap? match = map.Map("match");
        TopicOutcome outcome = match?.Word("outcome", Outcomes) ?? TopicOutcome.Readings;
        YamlMap? body = map.Map("body");
        YamlMap? personal = map.Map("personal");
        (BodyCodec codec, DocumentFormat? format, ModbusConfig? modbus) = body is null ? default : Codec(body);
        var config = new ProfileConfig
        {
            Mark = map.Mark,
            Name = map.RequiredText("name"),
            Family = Family(map, "family") ?? "other",
            Vendor = map.Text("vendor")?.Value ?? "",
            Model = map.Text("model")?.Value ?? "",
            Firmware = map.Text("firmware")?.Value ?? "",
            Outcome = outcome,
            Topics = match is null ? [] : Topics(match, outcome),
            Content = match is null ? [] : _entries.Conditions(match, "content"),
            AssignedOnly = match?.Flag("assigned") ?? false,
            Envelope = map.Text("envelope"),
            Codec = codec,
            Format = format,
            Modbus = modbus,
            LittleEndian = body?.Word("endian", Endians) ?? false,
            RejectUnknownTags = body?.Word("unknown", new Dictionary<string, bool> { ["stop"] = false, ["reject"] = true }) ?? false,
            FromDecoded = body?.Flag("decoded") ?? false,
            Decoded = Decoded(map),
            Device = map.Text("device"),
            Time = _entries.Time(map, "time"),
            Fields = _entries.Entries(map, "fields"),
            Attributes = _entries.Entries(map, "attributes"),
            Parameters = Parameters(map),
            Semantics = Semantics(map),
            NeverStored = personal?.Texts("never") ?? [],
            Rejected = personal?.Texts("reject") ?? [],
            State = State(map),
        };

        if (!map.Has("family"))
            errors.Add(map.Mark, $"'family' is missing; it is one of {string.Join(", ", Families.All)}");
        match?.Finish("match");
        body?.Finish("body");
        personal?.Finish("personal");
        map.Finish("a profile");
        return config;
    }

    public EnvelopeConfig ReadEnvelope(YamlMap map)
    {
        CheckSchema(map);
        YamlMap? match = map.Map("match");
        YamlMap? payload = map.Map("payload");
        var config = new EnvelopeConfig
        {
            Mark = map.Mark,
            Name = map.RequiredText("envelope"),
            Carries = map.RequiredText("carries"),
            Topics = match is null ? [] : Topics(match),
            Device = map.RequiredText("device"),
            Time = _entries.Time(map, "time"),
            Port = map.Text("port"),
            Payload = payload?.RequiredText("path"),
            Encoding = payload?.Word("encoding", Encodings) ?? BodyEncoding.Base64,
            Decoded = map.Text("decoded"),
            Facts = Facts(map),
            Fields = _entries.Entries(map, "fields"),
        };

        if (config.Topics.Count == 0)
            errors.Add(map.Mark, "an envelope needs 'match' with at least one topic");
        match?.Finish("match");
        payload?.Finish("payload");
        map.Finish("an envelope");
        return config;
    }

    internal static string? Family(YamlMap map, string key) =>
        map.Choice(key, Families.All);

    private static (BodyCodec Codec, DocumentFormat? Format, ModbusConfig? Modbus) Codec(YamlMap body)
    {
        string name = body.Choice("codec", [.. Codecs.Keys, .. Formats.Keys, ModbusRtu]) ?? "json";
        if (name == ModbusRtu)
            return (BodyCodec.Binary, null, ModbusConfig.Read(body));
        return Formats.TryGetValue(name, out Func<YamlMap, DocumentFormat>? make) ? (BodyCodec.Json, make(body), null) : (Codecs[name], null, null);
    }

    private DecodedConfig? Decoded(YamlMap map)
    {
        if (map.Map("decoded") is not { } decoded)
            return null;

        bool bytesFirst = decoded.Word("prefer", new Dictionary<string, bool> { ["decoded"] = false, ["bytes"] = true }) ?? false;
        var config = new DecodedConfig(decoded.Mark, bytesFirst, _entries.Time(decoded, "time"), _entries.Entries(decoded, "fields"));
        decoded.Finish("decoded");
        return config;
    }

    private static List<(MarkedText Name, IReadOnlyList<MarkedText> Paths)> Facts(YamlMap map) =>
        map.Map("facts") is { } facts ? [.. facts.Keys.ToList().Select(name => (new MarkedText(name, facts.MarkOf(name)), facts.Texts(name)))] : [];

    private void CheckSchema(YamlMap map)
    {
        if (map.Text("schema") is not { Value: "1" })
            errors.Add(map.MarkOf("schema"), "the file must say 'schema: 1'");
    }

    private static List<TopicConfig> Topics(YamlMap match, TopicOutcome outcome = TopicOutcome.Readings)
    {
        var topics = new List<TopicConfig>();
        foreach (YamlNode item in match.Items("topics"))
        {
            if (item is not YamlMappingNode)
            {
                if (match.TextOf(item, "topics") is { } pattern)
                    topics.Add(new TopicConfig(pattern, outcome, null));
                continue;
            }

            YamlMap map = match.AsMap(item, "topics")!;
            topics.Add(new TopicConfig(map.RequiredText("topic"), map.Word("outcome", Outcomes) ?? outcome, map.Text("device")));
            map.Finish("a topic");
        }

        return topics;
    }

    private static List<ParameterConfig> Parameters(YamlMap map)
    {
        var parameters = new List<ParameterConfig>();
        if (map.Map("parameters") is not { } list)
            return parameters;

        foreach (string name in list.Keys.ToList())
        {
            if (list.Map(name) is not { } parameter)
                continue;

            IReadOnlyList<MarkedText> words = parameter.Texts("words");
            parameters.Add(new ParameterConfig(
                new MarkedText(name, list.MarkOf(name)), parameter.RequiredText("about").Value, words.Count == 0 ? parameter.Number("default") : Place(parameter, words), words));
            parameter.Finish("a parameter");
        }

        return parameters;
    }

    private static double? Place(YamlMap parameter, IReadOnlyList<MarkedText> words)
    {
        if (parameter.Choice("default", [.. words.Select(word => word.Value)]) is not { } word)
            return null;

        return words.Select(known => known.Value).ToList().IndexOf(word);
    }

    private static List<SemanticsConfig> Semantics(YamlMap map)
    {
        var semantics = new List<SemanticsConfig>();
        if (map.Map("semantics") is not { } list)
            return semantics;

        foreach (string name in list.Keys.ToList())
        {
            if (list.Map(name) is not { } entry)
                continue;

            semantics.Add(new SemanticsConfig(
                new MarkedText(name, list.MarkOf(name)), entry.Choice("kind", Kinds), entry.Number("wrap"), entry.Text("reset"), entry.Flag("volatile")));
            entry.Finish("semantics");
        }

        return semantics;
    }

    private static StateConfig? State(YamlMap map)
    {
        if (map.Map("state") is not { } state)
            return null;

        var config = new StateConfig(
            state.Mark, state.Text("path"), [.. state.Texts("online").Select(word => word.Value)], [.. state.Texts("offline").Select(word => word.Value)]);
        if (config.Online.Count == 0 || config.Offline.Count == 0)
            state.Error("online", "'state' needs the words for 'online' and for 'offline'");
        state.Finish("state");
        return config;
    }
}
