using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Profiles;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Profiles;

public sealed class PersonalListTests
{
    private const string List = "schema: 1\nmembers: [license_plate, ssid, customer_number]\n";
    private const string Head = "schema: 1\nname: own\nfamily: air\nmatch: {topics: [\"lab/{device}\"]}\n";

    [Theory]
    [InlineData("fields: [{metric: value, path: license_plate}]")]
    [InlineData("fields: [{metric: value, path: car.licensePlate.length}]")]
    [InlineData("fields: [{metric: value, path: v, channel: \"{.Wifi.SSId}\"}]")]
    [InlineData("fields: [{metric: value, path: v, when: [{path: SSID, equals: home}]}]")]
    [InlineData("fields: [{metric: value, path: v, time: {path: customer-number, form: epoch-s}}]")]
    [InlineData("fields: [{metric: value, path: v}, {attribute: network, path: ssid}]")]
    [InlineData("fields:\n  - each: customers\n    device: \"{.customerNumber}\"\n    fields: [{metric: value, path: v}]")]
    [InlineData("fields:\n  - text: {in: s, split: \",\", parts: [ssid, v]}\n    fields: [{metric: value, path: ssid}]")]
    [InlineData("fields: [{metric: value, count: list, where: [{path: license_plate, equals: a}]}]")]
    [InlineData("device: \"{.ssid}\"\nfields: [{metric: value, path: v}]")]
    public void No_profile_may_read_a_personal_member(string rest)
    {
        ProfileException told = Assert.Throws<ProfileException>(() => Load(Head + rest + "\n"));
        Assert.Contains(told.Errors, error => error.StartsWith("own.profile.yaml:", StringComparison.Ordinal) && error.Contains("is a personal member", StringComparison.Ordinal));
    }

    [Fact]
    public void A_message_may_be_refused_for_one_and_told_apart_by_its_presence()
    {
        DecoderUnderTest decoder = Load(Head + "personal: {reject: [license_plate]}\nfields: [{metric: value, path: v, when: [{missing: ssid}]}]\n");
        Assert.Equal(QuarantineReason.PersonalData, decoder.Decode("lab/x", """{"v":1,"license_plate":"81A-123.45"}""").Reason);
        Assert.Equal(MessageOutcome.Stored, decoder.Decode("lab/x", """{"v":1}""").Outcome);
        Assert.Equal(QuarantineReason.NoReadings, decoder.Decode("lab/x", """{"v":1,"ssid":"home"}""").Reason);
    }

    [Fact]
    public void An_iteration_passes_personal_keys_over()
    {
        DecoderUnderTest decoder = Load(Head + "fields:\n  - each: .\n    channel: \"{$key}\"\n    fields: [{metric: value, path: .}]\n");
        decoder.Decode("lab/x", """{"flow":1,"CustomerNumber":104455,"level":2,"\u0053SID":7}""");
        Assert.Equal(["flow", "level"], decoder.All().Select(reading => decoder.Channels.NameOf(reading.Channel)));
    }

    [Theory]
    [InlineData("schema: 2\nmembers: [a]\n", "personal.yaml:1", "schema: 1")]
    [InlineData("schema: 1\nmember: [a]\n", "personal.yaml:2", "'member' is not known")]
    [InlineData("schema: 1\nmembers: [\"?\"]\n", "personal.yaml:2", "must have letters")]
    [InlineData("schema: 1\n", "personal.yaml:1", "'members' is missing")]
    public void A_mistake_in_the_list_is_told(string list, string where, string what)
    {
        ProfileException told = Assert.Throws<ProfileException>(() => Load(Head + "fields: [{metric: value, path: v}]\n", list));
        Assert.Contains(told.Errors, error => error.StartsWith(where, StringComparison.Ordinal) && error.Contains(what, StringComparison.Ordinal));
    }

    private static DecoderUnderTest Load(string yaml, string list = List)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("own.profile.yaml"), yaml);
        File.WriteAllText(folder.File("personal.yaml"), list);
        MetricCatalogue metrics = DecoderUnderTest.Catalogue();
        var channels = new ChannelTable();
        return new DecoderUnderTest(ProfileSet.Load(folder.FullName, metrics, channels), metrics, channels);
    }
}
