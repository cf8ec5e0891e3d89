using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Profiles;

/// <summary>What a person changes in the registry holds for the next message.</summary>
public class RegistryChangeTests
{
    [Fact]
    public void A_retired_device_is_refused_from_that_moment_on_and_what_came_before_is_still_read()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Shared(new Device { Key = "m1", Name = "m1", Family = "electricity", Profile = "tasmota-energy" });
        Device device = decoder.Registry.All[0];
        Instant then = DecoderUnderTest.Arrival;
        Assert.Equal(MessageOutcome.Stored, Send(then).Outcome);

        decoder.Registry.Put([device with { Standing = DeviceStanding.Retired, RefusedFrom = then }]);
        BatchMessage refused = Send(then);
        Assert.Equal((MessageOutcome.Quarantined, QuarantineReason.DeviceRetired, device.Id), (refused.Outcome, refused.Reason, refused.Device));
        Assert.Equal(MessageOutcome.Stored, Send(then - Duration.FromSeconds(1)).Outcome);

        decoder.Registry.Put([device with { Standing = DeviceStanding.Rejected, RefusedFrom = then }]);
        Assert.Equal(QuarantineReason.DeviceRejected, Send(then).Reason);
        decoder.Registry.Put([device]);
        Assert.Equal(MessageOutcome.Stored, Send(then).Outcome);

        BatchMessage Send(Instant at) => decoder.Decode("tele/m1/SENSOR", """{"ENERGY":{"Power":431}}""", at);
    }

    [Fact]
    public void One_retired_meter_does_not_take_its_concentrators_message_with_it()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Shared(new Device { Key = "EM-1", Name = "EM-1", Family = "electricity", Standing = DeviceStanding.Retired, RefusedFrom = Instant.MinValue });
        const string Both = """{"EM-1":[{"ts":1795316340000,"values":{"voltage":231.5}}],"EM-2":[{"ts":1795316340000,"values":{"voltage":229.0}}]}""";
        const string Retired = """{"EM-1":[{"ts":1795316340000,"values":{"voltage":231.5}}]}""";

        Assert.Equal(MessageOutcome.Stored, decoder.Decode("dcu/D1/v1/gateway/telemetry", Both).Outcome);
        Assert.Equal(["EM-2"], decoder.All().Select(reading => decoder.Registry[reading.Device].Key));
        Assert.Equal(MessageOutcome.Ignored, decoder.Decode("dcu/D1/v1/gateway/telemetry", Retired).Outcome);
    }

    [Fact]
    public void Assignment_and_parameters_hold_for_the_next_message()
    {
        const string Uplink = """{"end_device_ids":{"device_id":"canal"},"received_at":"2026-11-22T03:00:00Z","uplink_message":{"f_port":2,"frm_payload":"C7gL4AA="}}""";
        DecoderUnderTest decoder = DecoderUnderTest.Shared(new Device { Key = "canal", Name = "canal", Family = "water-level" });
        Device device = decoder.Registry.All[0];
        Assert.Equal(QuarantineReason.ProfileUnknown, Send().Reason);

        decoder.Registry.Put([device with { Profile = "dragino-ldds75", Parameters = new Dictionary<string, string> { ["mount_m"] = "8.2" } }]);
        Assert.Equal(MessageOutcome.Stored, Send().Outcome);
        double level = decoder.Reading("water_level").Value;

        decoder.Registry.Put([decoder.Registry[device.Id] with { Parameters = new Dictionary<string, string> { ["mount_m"] = "9.2" } }]);
        Send();
        Assert.Equal(level + 1, decoder.Reading("water_level").Value, 9);

        BatchMessage Send() => decoder.Decode("v3/water@gialai/devices/canal/up", Uplink);
    }

    [Fact]
    public void The_zone_of_a_device_decides_what_its_local_times_mean()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Shared(new Device { Key = "m1", Name = "m1", Family = "electricity" });
        Device device = decoder.Registry.All[0];
        Instant here = Send();

        decoder.Registry.Put([device with { TimeZone = DateTimeZoneProviders.Tzdb["Asia/Tokyo"] }]);

        Assert.Equal(here - Duration.FromHours(2), Send());

        Instant Send()
        {
            decoder.Decode("tele/m1/SENSOR", """{"Time":"2026-11-22T09:30:00","ENERGY":{"Power":431}}""");
            return decoder.Reading("active_power").MeasuredAt;
        }
    }
}
