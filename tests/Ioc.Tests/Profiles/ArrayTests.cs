using System.Text;
using Ioc.Devices.Readings;
using Ioc.Profiles;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Profiles;

public sealed class ArrayTests
{
    private const string Head = "schema: 1\nname: own\nfamily: traffic\nmatch: {topics: [\"lab/{device}\"]}\nfields:\n";
    private const string Labels = "  - each: labels\n    with: {score: scores, box: boxes}\n    channel: \"{.}\"\n    fields:\n      - {metric: value, path: score}\n      - {metric: observation, path: box.w}\n";

    [Theory]
    [InlineData("""{"labels":["car","bus"],"scores":[0.5, 0.25],"boxes":[{"w":3},{"w":4}]}""", "car=0.5 bus=0.25", "car=3 bus=4")]
    [InlineData("""{"labels":["car","bus"],"scores": [ 0.5 ] ,"boxes":[null,{"x":[1,2],"w":4}]}""", "car=0.5", "bus=4")]
    [InlineData("""{"labels":["car","\u0062us"],"scores":["0\u002e5",{}],"boxes":7}""", "car=0.5", "")]
    [InlineData("""{"labels":["car"],"scores":[],"boxes":[[1,[2]],{"w":1}]}""", "", "")]
    [InlineData("""{"labels":[],"scores":[1],"boxes":[]}""", "", "")]
    [InlineData("""{"labels":["a","b","c"],"scores":[true,-1e2,3],"boxes":[{"w":"5"}]}""", "b=-100 c=3", "a=5")]
    public void Parallel_arrays_are_joined_by_place(string payload, string scores, string widths)
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Head + Labels);
        decoder.Decode("lab/x", payload);
        Assert.Equal(scores, Told(decoder, "value"));
        Assert.Equal(widths, Told(decoder, "observation"));
    }

    [Fact]
    public void Long_parallel_arrays_are_walked_once()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Head + Labels);
        string many = string.Join(',', Enumerable.Repeat("1", 60_000));
        decoder.Decode("lab/x", $$"""{"labels":[{{many}}],"scores":[{{many.Replace("1", "{}", StringComparison.Ordinal)}}],"boxes":[]}""");
        Assert.Equal(QuarantineReason.NoReadings, decoder.Batch.Messages[^1].Reason);
    }

    [Theory]
    [InlineData("[{path: state, equals: occupied}]", 2)]
    [InlineData("[{path: state, not: occupied}, {path: level, min: 5}]", 1)]
    [InlineData("[{path: level, min: 1}, {any: [{path: state, equals: free}, {exists: extra}]}]", 2)]
    [InlineData("[{path: state, equals: none}]", 0)]
    public void Elements_that_match_are_counted(string where, int count)
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of($"{Head}  - {{metric: objects_now, count: places, where: {where}}}\n");
        decoder.Decode("lab/x", """{"places":[{"state":"occupied","level":1,"extra":0},{"state":"\u006fccupied"},{"state":"free","level":7},5,null]}""");
        Assert.Equal(count, decoder.Reading("objects_now").Value);
    }

    [Theory]
    [InlineData("  - {metric: objects_now, path: places, where: [{exists: a}]}\n", "'where' says which elements")]
    [InlineData("  - with: {a: b}\n    fields: [{metric: value, path: a}]\n", "'with' are about the elements")]
    [InlineData("  - each: a\n    with: {b: b, c: c, d: d, e: e, f: f}\n    fields: [{metric: value, path: b}]\n", "more than 4 arrays")]
    public void An_array_that_cannot_be_is_told(string field, string what)
    {
        ProfileException told = Assert.Throws<ProfileException>(() => DecoderUnderTest.Of(Head + field));
        Assert.Contains(told.Errors, error => error.StartsWith("own.profile.yaml:6", StringComparison.Ordinal) && error.Contains(what, StringComparison.Ordinal));
    }

    [Fact]
    public void None_of_it_allocates()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Head + Labels
            + "  - {metric: objects_now, count: labels, where: [{path: ., matches: \"^[a-c]\"}]}\n"
            + "  - {as: v, path: v}\n  - {metric: active_power, path: v, unit: {path: u, default: W}, when: [{expr: \"v > 1 and not v == 3\"}]}\n"
            + "  - {metric: water_level, path: l, unit: {after: \"*\"}, number: {decimal: \",\"}}\n");
        byte[] payload = Encoding.UTF8.GetBytes("""{"labels":["car","bus"],"scores":[0.5,0.25],"boxes":[{"w":3},{"w":4}],"v":2,"u":"kW","l":"3,25*m"}""");
        for (int i = 0; i < 50; i++)
            Assert.Equal(MessageOutcome.Stored, decoder.Decode("lab/x", payload).Outcome);
        Assert.Equal((2000, 3.25, 2), (decoder.Reading("active_power").Value, decoder.Reading("water_level").Value, decoder.Reading("objects_now").Value));

        byte[] name = [];
        long harness = Allocations.Fewest(_ => name = Encoding.UTF8.GetBytes("lab/x"));
        Assert.Equal(harness, Allocations.Fewest(_ => decoder.Decode("lab/x", payload)));
        GC.KeepAlive(name);
    }

    private static string Told(DecoderUnderTest decoder, string metric) =>
        string.Join(' ', decoder.All().Where(reading => decoder.Metrics[reading.Metric].Name == metric)
            .Select(reading => FormattableString.Invariant($"{decoder.Channels.NameOf(reading.Channel)}={reading.Value}")));
}
