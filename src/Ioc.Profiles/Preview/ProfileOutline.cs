using System.Security.Cryptography;
using Ioc.Profiles.Model;

namespace Ioc.Profiles.Preview;

/// <summary>What a profile says it reads, before compilation: units as the device means them, and where its times come from.</summary>
/// <param name="Name">The profile's name.</param>
/// <param name="Version">First twelve hexadecimal digits of the SHA-256 of its file.</param>
/// <param name="Fields">Stored fields, those of groups included.</param>
/// <param name="HasTime">It says where the message's time is.</param>
/// <param name="HasInnerTime">It says where times of single readings or elements are.</param>
/// <param name="Kinds">Semantics by metric, where they differ from the catalogue's.</param>
public sealed record ProfileOutline(string Name, string Version, IReadOnlyList<OutlineField> Fields, bool HasTime, bool HasInnerTime, IReadOnlyDictionary<string, string> Kinds)
{
    /// <summary>Reads the outlines of a folder whose files load without error.</summary>
    /// <returns>Those of profiles and of envelopes, by name; an envelope's name is preceded by "envelope ".</returns>
    public static IReadOnlyDictionary<string, ProfileOutline> ReadAll(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var reader = new ConfigReader(new ProfileErrors());
        var outlines = new Dictionary<string, ProfileOutline>(StringComparer.Ordinal);
        foreach ((string version, YamlMap map) in Open(folder, "*.profile.yaml", reader))
        {
            ProfileConfig profile = reader.ReadProfile(map);
            outlines[profile.Name.Value] = Of(profile.Name.Value, version, profile.Fields, profile.Time, profile.Semantics);
        }

        foreach ((string version, YamlMap map) in Open(folder, "*.envelope.yaml", reader))
        {
            EnvelopeConfig envelope = reader.ReadEnvelope(map);
            outlines[$"envelope {envelope.Name.Value}"] = Of(envelope.Name.Value, version, envelope.Fields, envelope.Time, []);
        }

        return outlines;
    }

    private static IEnumerable<(string Version, YamlMap Map)> Open(string folder, string pattern, ConfigReader reader)
    {
        foreach (string path in Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (reader.Open(path, Path.GetRelativePath(folder, path)) is { } map)
                yield return (Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))[..12], map);
        }
    }

    private static ProfileOutline Of(string name, string version, IReadOnlyList<EntryConfig> entries, TimeConfig? time, IReadOnlyList<SemanticsConfig> semantics)
    {
        List<(FieldConfig Field, ChannelConfig? Channel, bool HasTime)> fields = [.. Flatten(entries, null, false)];
        var kinds = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (SemanticsConfig entry in semantics)
        {
            if (entry.Kind is { } kind)
                kinds[entry.Metric.Value] = kind;
        }

        return new ProfileOutline(
            name,
            version,
            [.. fields.Where(item => item.Field.Metric is not null).Select(item => new OutlineField(item.Field.Metric!.Value, item.Field.Unit?.Value, ConstantOf(item.Channel)))],
            time is not null,
            fields.Any(item => item.HasTime),
            kinds);
    }

    private static IEnumerable<(FieldConfig Field, ChannelConfig? Channel, bool HasTime)> Flatten(IReadOnlyList<EntryConfig> entries, ChannelConfig? channel, bool hasTime)
    {
        foreach (EntryConfig entry in entries)
        {
            if (entry is FieldConfig field)
            {
                yield return (field, field.Channel ?? channel, hasTime || field.Time is not null);
                continue;
            }

            if (entry is not GroupConfig group)
                continue;
            foreach (var inner in Flatten(group.Fields, group.Channel ?? channel, hasTime || group.Time is not null))
                yield return inner;
        }
    }

    // Null when the name depends on the message.
    private static string? ConstantOf(ChannelConfig? channel) =>
        channel is null ? "" : channel.Map.Count == 0 && !channel.Template.Value.Contains('{', StringComparison.Ordinal) ? channel.Template.Value : null;
}

/// <summary>One stored field as written.</summary>
/// <param name="Metric">What it measures.</param>
/// <param name="Unit">The device's unit; null when the profile says none.</param>
/// <param name="Channel">Empty when there is one only; null when the name depends on the message.</param>
public sealed record OutlineField(string Metric, string? Unit, string? Channel);
