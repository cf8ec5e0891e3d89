using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Profiles.Tracing;
using Xunit;

namespace Ioc.Tests.Profiles;

public sealed class DecodeTraceTests
{
    private const string Meter = """
        schema: 1
        name: meter
        family: electricity
        match: {topics: ["m/{device}"], content: [{exists: a}]}
        time: {path: ts}
        fields:
          - {metric: voltage, path: a, unit: mV, scale: 10, as: u}
          - {metric: current, paths: [b, c], unit: A, sentinel: 99, channel: L1}
          - {metric: active_power, expr: u / 1000 * 2, unit: W, when: [{path: kind, equals: dc}]}
          - each: phases
            channel: "{$key}"
            fields: [{metric: power_factor, path: pf}]
          - when: [{exists: extra}]
            fields: [{metric: frequency, path: extra.f, unit: Hz}]
        """;

    [Theory]
    [InlineData("""{"a":23}""", "voltage= current=L1 Missing active_power= Condition power_factor= Missing frequency= Missing")]
    [InlineData("""{"a":null,"b":99}""", "voltage= Null current=L1 Sentinel active_power= Condition power_factor= Missing frequency= Missing")]
    [InlineData("""{"a":"nan","c":"NaN","kind":"dc"}""", "voltage= Nan current=L1 Nan active_power= Missing power_factor= Missing frequency= Missing")]
    [InlineData("""{"a":[1],"c":"5 A","extra":{}}""", "voltage= Unreadable current=L1 Unreadable active_power= Condition frequency= Missing power_factor= Missing")]
    [InlineData("""{"a":1,"phases":{"x":{},"y":{"pf":0.5}}}""", "voltage= current=L1 Missing active_power= Condition power_factor=x Missing power_factor=y frequency= Missing")]
    public void Each_field_says_why_it_has_no_value(string payload, string expected)
    {
        (DecoderUnderTest decoder, DecodeTrace trace) = Traced(Meter);
        decoder.Decode("m/1", payload);

        Assert.Equal(expected, string.Join(' ', trace.Fields.Select(step =>
            $"{decoder.Metrics[step.Metric!.Value].Name}={decoder.Channels.NameOf(step.Channel)}{(step.Absent is { } absent ? $" {absent}" : "")}")));
    }

    [Fact]
    public void A_reading_says_where_it_came_from_and_what_was_done_to_it()
    {
        (DecoderUnderTest decoder, DecodeTrace trace) = Traced(Meter);
        decoder.Decode("m/1", """{"ts":"2026-11-22T02:59:00Z","a":23012,"c":1.5}""");

        FieldStep volts = trace.Fields[0];
        Assert.Equal((0, "a", "23012", 23012.0, 230120.0, "mV", 230.12), (volts.Reading, volts.Place, volts.Raw, volts.Number, volts.Scaled, volts.Unit, volts.Canonical));
        Assert.Equal(("own.profile.yaml:7", "u", TimeSource.Payload), (volts.WrittenAt, volts.Name, volts.TimeSource));
        Assert.Equal((1, "b, c", "1.5"), (trace.Fields[1].Reading, trace.Fields[1].Place, trace.Fields[1].Raw));
        Assert.Equal(decoder.Batch[1].MeasuredAt, trace.Fields[1].At);
    }

    [Fact]
    public void Bytes_are_told_in_hexadecimal_with_their_place()
    {
        (DecoderUnderTest decoder, DecodeTrace trace) = Traced("""
            schema: 1
            name: frame
            family: other
            match: {topics: ["f/{device}"]}
            body: {codec: binary}
            fields:
              - {metric: air_temperature, at: 0, type: i16, scale: 0.1, unit: Cel}
              - {metric: battery_level, at: -1, type: u8, bits: {from: 0, count: 7}, unit: "%", sentinel: 127}
            """);
        decoder.Decode("f/1", [0xFF, 0x9C, 0xFF]);

        Assert.Equal(("byte 0, i16", "0xff9c", -10.0), (trace.Fields[0].Place, trace.Fields[0].Raw, trace.Fields[0].Canonical));
        Assert.Equal(("byte -1, u8, bits 0+7", "0xff", AbsentReason.Sentinel), (trace.Fields[1].Place, trace.Fields[1].Raw, trace.Fields[1].Absent));
    }

    [Fact]
    public void The_choice_is_told_with_the_test_that_failed_and_the_registrys_word()
    {
        var assigned = new Device { Key = "canal", Name = "canal", Family = "water-level", Profile = "dragino-ldds75" };
        DecoderUnderTest decoder = DecoderUnderTest.Shared(assigned);
        var trace = new DecodeTrace();
        decoder.Trace = trace;
        decoder.Decode("v3/water@city/devices/canal/up", """{"received_at":"2026-11-22T02:59:58Z","uplink_message":{"f_port":2,"frm_payload":"C0QAEwA="}}""");

        Assert.Equal(("dragino-ldds75", "tts-v3", "canal", true), (trace.Chosen!.Profile, trace.Chosen.Envelope, trace.Chosen.DeviceKey, trace.Chosen.IsAssigned));
        Assert.Contains(trace.Candidates, one => one is { Profile: "parametric-pcr2-ext", Verdict: CandidateVerdict.OtherContent, FailedTest: 1 });
        Assert.Single(trace.Candidates, one => one.Verdict == CandidateVerdict.Chosen);
        Assert.Contains(trace.Fields, step => step.TimeSource == TimeSource.Envelope);

        decoder.Decode("v3/water@city/devices/stranger/up", """{"received_at":"2026-11-22T02:59:58Z","uplink_message":{"f_port":2,"frm_payload":"C0QAEwA="}}""");
        Assert.Null(trace.Chosen);
        Assert.Empty(trace.Fields);
        Assert.Contains(trace.Candidates, one => one is { Profile: "dragino-ldds75", Verdict: CandidateVerdict.NotAssigned });
    }

    [Fact]
    public void A_later_fault_flag_shows_on_the_steps_before_it()
    {
        (DecoderUnderTest decoder, DecodeTrace trace) = Traced("""
            schema: 1
            name: flagged
            family: air
            match: {topics: ["x/{device}"]}
            fields:
              - {metric: co2, path: co2, unit: "[ppm]"}
              - {path: fault, marks: suspect}
            """);
        decoder.Decode("x/1", """{"co2":400,"fault":true}""");

        Assert.Equal(Quality.Suspect, trace.Fields[0].Quality);
    }

    [Fact]
    public void Tracing_changes_nothing_of_what_comes_out()
    {
        foreach (string path in Directory.EnumerateFiles(DecoderUnderTest.Folder, "*.samples.json", SearchOption.AllDirectories))
        {
            foreach (Ioc.Server.ProfileTools.Sample sample in Ioc.Server.ProfileTools.SampleFile.Read(path))
            {
                DecoderUnderTest plain = DecoderUnderTest.Shared();
                DecoderUnderTest traced = DecoderUnderTest.Shared();
                traced.Trace = new DecodeTrace();
                BatchMessage one = plain.Decode(sample.Message.Topic, sample.Message.Payload);
                BatchMessage two = traced.Decode(sample.Message.Topic, sample.Message.Payload);

                Assert.Equal(one, two);
                Assert.Equal(plain.All(), traced.All());
                Assert.Equal(two.ReadingCount, traced.Trace.Fields.Count(step => step.Reading >= 0));
            }
        }
    }

    private static (DecoderUnderTest Decoder, DecodeTrace Trace) Traced(string yaml)
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(yaml);
        decoder.Trace = new DecodeTrace();
        return (decoder, decoder.Trace);
    }
}
