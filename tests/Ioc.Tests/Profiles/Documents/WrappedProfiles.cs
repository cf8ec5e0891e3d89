using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Profiles;
using Ioc.Testing;

namespace Ioc.Tests.Profiles.Documents;

/// <summary>An envelope of the tests' own with some profiles in it.</summary>
internal static class WrappedProfiles
{
    private const string Envelope = """
        schema: 1
        envelope: lab
        carries: lab
        match: {topics: ["lab/{device}"]}
        device: "{device}"
        time: {path: at}
        port: port
        payload: {path: data, encoding: ENCODING}
        decoded: object
        facts: {model: [info.model, old.model], firmware: info.version}
        fields:
          - {metric: rssi, path: rssi, unit: "dB[mW]"}
        """;

    public static DecoderUnderTest Load(string encoding, params string[] profiles)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("lab.envelope.yaml"), Envelope.Replace("ENCODING", encoding, StringComparison.Ordinal));
        for (int i = 0; i < profiles.Length; i++)
            File.WriteAllText(folder.File($"own{i}.profile.yaml"), profiles[i]);
        MetricCatalogue metrics = DecoderUnderTest.Catalogue();
        var channels = new ChannelTable();
        return new DecoderUnderTest(ProfileSet.Load(folder.FullName, metrics, channels), metrics, channels);
    }
}
