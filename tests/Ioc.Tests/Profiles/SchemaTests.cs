using System.Text.Json;
using Ioc.Profiles.Preview;
using Xunit;

namespace Ioc.Tests.Profiles;

/// <summary>The JSON Schema files that editors read.</summary>
public sealed class SchemaTests
{
    private static readonly JsonElement Profile = JsonElement.Parse(ProfileSchema.OfProfiles(DecoderUnderTest.Folder, DecoderUnderTest.Catalogue()));

    [Fact]
    public void The_files_in_the_profile_folder_are_what_the_loader_reads_today()
    {
        // Mend: ioc profile schema > firmware-profiles/profile.schema.json, and with --envelope > envelope.schema.json.
        Assert.Equal(ProfileSchema.OfProfiles(DecoderUnderTest.Folder, DecoderUnderTest.Catalogue()), File.ReadAllText(Path.Combine(DecoderUnderTest.Folder, "profile.schema.json")));
        Assert.Equal(ProfileSchema.OfEnvelopes(DecoderUnderTest.Folder, DecoderUnderTest.Catalogue()), File.ReadAllText(Path.Combine(DecoderUnderTest.Folder, "envelope.schema.json")));
    }

    [Fact]
    public void What_the_loader_demands_is_required_and_what_it_does_not_know_is_refused()
    {
        Assert.Contains("name", Profile.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        Assert.False(Profile.GetProperty("additionalProperties").GetBoolean());
        Assert.False(Definition("field").GetProperty("additionalProperties").GetBoolean());
    }

    [Fact]
    public void Words_metrics_and_families_are_completed()
    {
        Assert.Contains("air_temperature", Words(Definition("field").GetProperty("properties").GetProperty("metric")));
        Assert.Equal(["epoch-ms", "epoch-s", "iso", "pattern"], Words(Definition("time").GetProperty("properties").GetProperty("form")).Where(word => !word.Contains("obis", StringComparison.Ordinal)).Take(4));
        Assert.Contains("water-level", Words(Profile.GetProperty("properties").GetProperty("family")));
    }

    [Fact]
    public void Every_reference_leads_somewhere_and_groups_hold_fields_and_groups()
    {
        string[] references = [.. References(Profile).Distinct()];
        Assert.All(references, reference => Definition(reference["#/$defs/".Length..]));
        Assert.Contains("#/$defs/groupOfFields", References(Definition("groupOfFields")));
        Assert.Contains("#/$defs/field", References(Definition("groupOfFields")));
        Assert.Contains("#/$defs/parameter", References(Profile.GetProperty("properties").GetProperty("parameters")));
    }

    private static JsonElement Definition(string name) => Profile.GetProperty("$defs").GetProperty(name);

    private static IEnumerable<string> Words(JsonElement value) => value.GetProperty("enum").EnumerateArray().Select(word => word.GetString()!);

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => member.Name == "$ref" ? [member.Value.GetString()!] : References(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
