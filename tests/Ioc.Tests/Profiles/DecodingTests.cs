using System.Text;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Server.ProfileTools;
using Ioc.Testing;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Profiles;

public sealed class DecodingTests
{
    private const string Thermometer = """
        schema: 1
        name: thermometer
        family: air
        match: {topics: ["lab/{device}/t"]}
        time: {path: ts}
        personal: {reject: [who]}
        fields:
          - {metric: air_temperature, paths: [new, old], unit: "[degF]"}
        """;

    [Fact]
    public void A_topic_of_no_profile_is_set_aside()
    {
        BatchMessage row = DecoderUnderTest.Of(Thermometer).Decode("elsewhere/1", "{}");
        Assert.Equal((MessageOutcome.Quarantined, QuarantineReason.ProfileUnknown), (row.Outcome, row.Reason));
    }

    [Fact]
    public void Half_a_document_is_malformed_and_creates_no_device()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Thermometer);
        BatchMessage row = decoder.Decode("lab/a/t", """{"new": 50""");
        Assert.Equal(QuarantineReason.Malformed, row.Reason);
        Assert.Equal(0, decoder.Registry.Count);
        Assert.DoesNotContain("50", row.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_is_converted_and_takes_the_first_path_that_has_one()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Thermometer);
        decoder.Decode("/lab/a/t", """{"ts":"2026-11-22T02:59:00.123456789Z","old":"50","new":null}""");
        Assert.Equal(10, decoder.Reading("air_temperature").Value, 9);
        Assert.Equal(Instant.FromUtc(2026, 11, 22, 2, 59).PlusTicks(1_234_567), decoder.Reading("air_temperature").MeasuredAt);
    }

    [Theory]
    [InlineData("1970-01-01T00:00:00Z")]
    [InlineData("2026-11-22T03:11:00Z")]
    [InlineData("soon")]
    public void A_clock_that_cannot_be_right_gives_arrival_time_and_a_flag(string ts)
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Thermometer);
        decoder.Decode("lab/a/t", $$"""{"ts":"{{ts}}","new":50}""");
        Assert.Equal((DecoderUnderTest.Arrival, Quality.Clock), (decoder.Reading("air_temperature").MeasuredAt, decoder.Reading("air_temperature").Quality));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"nan\"")]
    [InlineData("\"\"")]
    [InlineData("{}")]
    public void What_is_absent_is_never_zero(string value)
    {
        BatchMessage row = DecoderUnderTest.Of(Thermometer).Decode("lab/a/t", $$"""{"new":{{value}}}""");
        Assert.Equal(QuarantineReason.NoReadings, row.Reason);
    }

    [Fact]
    public void An_impossible_value_is_kept_and_flagged()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Thermometer);
        decoder.Decode("lab/a/t", """{"ts":"2026-11-22T02:59:00Z","new":5000}""");
        Assert.Equal(Quality.OutOfRange, decoder.Reading("air_temperature").Quality);
    }

    [Fact]
    public void A_member_with_personal_data_refuses_the_message_and_an_empty_one_does_not()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Thermometer);
        Assert.Equal(QuarantineReason.PersonalData, decoder.Decode("lab/a/t", """{"new":50,"who":["An"]}""").Reason);
        Assert.Equal(MessageOutcome.Stored, decoder.Decode("lab/a/t", """{"new":50,"who":[]}""").Outcome);
    }

    [Fact]
    public void An_empty_payload_is_a_cleared_retained_message()
    {
        Assert.Equal(MessageOutcome.Ignored, DecoderUnderTest.Of(Thermometer).Decode("lab/a/t", "").Outcome);
    }

    [Fact]
    public void A_retained_copy_without_device_time_is_no_new_measurement()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Thermometer);
        Assert.Equal(MessageOutcome.Ignored, decoder.Decode("lab/a/t", """{"new":50}""", retained: true).Outcome);
        Assert.Equal(MessageOutcome.Stored, decoder.Decode("lab/a/t", """{"ts":"2026-11-22T02:59:00Z","new":50}""", retained: true).Outcome);
    }

    [Fact]
    public void A_level_is_computed_from_the_mounting_height_and_is_absent_without_it()
    {
        string up = Lorawan("C7gL4AA=");
        DecoderUnderTest decoder = DecoderUnderTest.Shipped(Ldds75("canal", new() { ["mount_m"] = "8.2" }), Ldds75("ditch", []));
        decoder.Decode("v3/water@gialai/devices/canal/up", up);
        Assert.Equal(8.2 - 3.04, decoder.Reading("water_level").Value, 9);
        Assert.Equal(3040, decoder.Reading("water_distance").Value);
        decoder.Decode("v3/water@gialai/devices/ditch/up", up);
        Assert.False(decoder.Has("water_level"));
    }

    [Fact]
    public void A_frame_that_ends_early_names_profile_and_field()
    {
        BatchMessage row = DecoderUnderTest.Shipped(Ldds75("canal", [])).Decode("v3/water@gialai/devices/canal/up", Lorawan("C7g="));
        Assert.Equal(QuarantineReason.TooShort, row.Reason);
        Assert.Contains("dragino-ldds75, field water_distance", row.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_that_many_kinds_share_is_not_guessed()
    {
        BatchMessage row = DecoderUnderTest.Shipped().Decode("v3/water@gialai/devices/stranger/up", Lorawan("C7gL4AA="));
        Assert.Equal(QuarantineReason.ProfileUnknown, row.Reason);
    }

    [Fact]
    public void Base64_that_is_none_is_malformed()
    {
        Assert.Equal(QuarantineReason.Malformed, DecoderUnderTest.Shipped().Decode("v3/water@gialai/devices/x/up", Lorawan("***")).Reason);
    }

    [Fact]
    public void Profiles_of_one_topic_are_told_apart_by_content()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Shipped();
        decoder.Decode("tele/roof/SENSOR", """{"Time":"2026-11-22T09:59:00","RG-15":{"Total":1.5}}""");
        Assert.Equal("rain", decoder.Registry[decoder.Reading("rain_total").Device].Family);
        Assert.Equal(Instant.FromUtc(2026, 11, 22, 2, 59), decoder.Reading("rain_total").MeasuredAt);
        Assert.Equal(QuarantineReason.ProfileUnknown, decoder.Decode("tele/roof/SENSOR", """{"Time":"2026-11-22T09:59:00"}""").Reason);
    }

    [Fact]
    public void A_concentrator_speaks_for_its_meters()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Shipped();
        BatchMessage row = decoder.Decode("dcu/D1/v1/gateway/telemetry", """{"EM-1":[{"ts":1795316340000,"values":{"voltage":231.5}}],"EM-2":[{"ts":1795316340000,"values":{"voltage":229.0}}]}""");
        Assert.Equal("D1", decoder.Registry[row.Device].Key);
        Assert.Equal(["EM-1", "EM-2"], decoder.All().Select(reading => decoder.Registry[reading.Device].Key));
        Assert.All(decoder.All(), reading => Assert.Equal("electricity", decoder.Registry[reading.Device].Family));
    }

    [Fact]
    public void A_last_will_changes_a_known_device_and_creates_none()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Shipped(new Device { Key = "pump", Name = "pump", Family = "electricity" });
        Assert.Equal(Availability.Offline, decoder.Decode("tele/pump/LWT", "Offline").Availability);
        Assert.Equal(MessageOutcome.Ignored, decoder.Decode("tele/stranger/LWT", "Online").Outcome);
        Assert.Equal(1, decoder.Registry.Count);
    }

    [Fact]
    public void Decoding_known_devices_allocates_nothing()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Shipped(
            Ldds75("canal", new() { ["mount_m"] = "8.2" }),
            new Device { Key = "phong-1", Name = "phong-1", Family = "air", Profile = "milesight-am319" },
            new Device { Key = "gieng-3", Name = "gieng-3", Family = "water-level", Profile = "decentlab-dl-pr26" },
            new Device { Key = "pow", Name = "pow", Family = "electricity" });
        (string Topic, byte[] Payload)[] messages =
        [
            ("tele/pow/SENSOR", """{"Time":"2026-11-22T09:59:00","ENERGY":{"Total":6.294,"Power":2635,"Voltage":227}}"""u8.ToArray()),
            ("v3/water@gialai/devices/canal/up", Encoding.UTF8.GetBytes(Lorawan("C7gL4AA="))),
            ("shellies/shellyem3-AB/emeter/0/power", "12.5"u8.ToArray()),
            // With a reset mark, with attributes, a tag stream, a presence mask, facts alone.
            ("tele/pow/SENSOR", """{"Time":"2026-11-22T09:59:00","ENERGY":{"TotalStartTime":"2026-01-05T08:00:00","Total":6.294,"Power":2635}}"""u8.ToArray()),
            ("airgradient/readings/84fce602a1b2", """{"rco2":512,"pm02":21,"firmware":"3.1.9","model":"O-1PST"}"""u8.ToArray()),
            ("v3/ioc@gialai/devices/phong-1/up", """{"received_at":"2026-11-22T02:59:58.25Z","uplink_message":{"f_port":85,"frm_payload":"A2cIAQUAAAd9vAIIfX0ACn0DAAt9GQA="}}"""u8.ToArray()),
            ("v3/ioc@gialai/devices/gieng-3/up", """{"received_at":"2026-11-22T02:59:58.25Z","uplink_message":{"f_port":1,"frm_payload":"AgIDAANgAGMADBw="}}"""u8.ToArray()),
            ("tele/pow/INFO1", """{"Info1":{"Module":"Plug","Version":"13.4.0(tasmota)"}}"""u8.ToArray()),
            ("dcu/D1/v1/gateway/telemetry", """{"EM-1":[{"ts":1795316340000,"values":{"voltage":231.5}}]}"""u8.ToArray()),
        ];
        foreach ((string topic, byte[] payload) in messages)
        {
            for (int i = 0; i < 50; i++)
                Assert.Equal(MessageOutcome.Stored, decoder.Decode(topic, payload).Outcome);

            // The harness itself makes the topic's bytes; the decoder is what is left.
            byte[] name = [];
            long harness = Allocations.Fewest(_ => name = Encoding.UTF8.GetBytes(topic));
            Assert.Equal(harness, Allocations.Fewest(_ => decoder.Decode(topic, payload)));
            GC.KeepAlive(name);
        }
    }

    [Fact]
    public void Whatever_arrives_makes_exactly_one_row()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Shipped();
        var random = new Random(20261122);
        foreach (string path in Directory.EnumerateFiles(DecoderUnderTest.Folder, "*.samples.json", SearchOption.AllDirectories))
        {
            foreach (Sample sample in SampleFile.Read(path))
            {
                string topic = sample.Message.Topic;
                byte[] whole = sample.Message.Payload;
                for (int length = 0; length <= whole.Length; length++)
                    OneRow(decoder, topic, whole.AsSpan(0, length));

                for (int i = 0; i < 200; i++)
                {
                    byte[] mutated = [.. whole];
                    for (int n = random.Next(1, 5); n > 0 && mutated.Length > 0; n--)
                        mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
                    OneRow(decoder, topic, mutated);

                    byte[] noise = new byte[random.Next(100)];
                    random.NextBytes(noise);
                    OneRow(decoder, topic, noise);
                }
            }
        }
    }

    private static void OneRow(DecoderUnderTest decoder, string topic, ReadOnlySpan<byte> payload)
    {
        BatchMessage row = decoder.Decode(topic, payload);
        Assert.Equal(1, decoder.Batch.MessageCount);
        Assert.Equal(row.ReadingCount, decoder.Batch.ReadingCount);
        Assert.True(row.Outcome != MessageOutcome.Quarantined || row is { ReadingCount: 0, Detail.Length: > 0 });
        Assert.All(decoder.Batch.Values.ToArray(), value => Assert.True(double.IsFinite(value)));
    }

    private static Device Ldds75(string key, Dictionary<string, string> parameters) =>
        new() { Key = key, Name = key, Family = "water-level", Profile = "dragino-ldds75", Parameters = parameters };

    private static string Lorawan(string base64) =>
        $$"""{"end_device_ids":{"device_id":"x"},"received_at":"2026-11-22T02:59:58.1Z","uplink_message":{"f_port":2,"frm_payload":"{{base64}}","rx_metadata":[{"rssi":-90,"snr":7.5}] } }""";
}
