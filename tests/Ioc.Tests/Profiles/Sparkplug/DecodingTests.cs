using System.Text;
using Ioc.Devices.Readings;
using Ioc.Testing;
using NodaTime;
using Xunit;
using static Ioc.Testing.SparkplugBytes;

namespace Ioc.Tests.Profiles.Sparkplug;

public sealed class DecodingTests
{
    private readonly Host _host = new();

    [Fact]
    public void A_birth_gives_its_first_values_to_the_device_of_its_topic()
    {
        _host.BeBorn();
        Assert.Equal("dimming_level=40 active_energy_import=5 device_temperature=-3 lamp_on=1", _host.Says());
        Assert.Equal("G/n/lamp", _host.KeyOf(_host.Batch.Messages[0].Device));
    }

    [Fact]
    public void Data_without_names_is_read_by_the_birth()
    {
        _host.BeBorn();
        BatchMessage row = _host.Send("DDATA/n/lamp", Payload(Host.Now, 2).With(Metric(null, 12).U32(unchecked((uint)-7)), Metric(null, 13).Boolean(false), Metric(null, 10).U32(55)));

        Assert.Equal(MessageOutcome.Stored, row.Outcome);
        Assert.Equal("dimming_level=55 device_temperature=-7 lamp_on=0", _host.Says());
    }

    [Fact]
    public void Aliases_that_no_birth_gave_set_the_message_aside_and_wish_for_one()
    {
        _host.BeBorn();
        BatchMessage row = _host.Send("DDATA/n/lamp", Payload(Host.Now, 2).With(Metric(null, 10).U32(55), Metric(null, 99).U32(1)));

        Assert.Equal((MessageOutcome.Quarantined, QuarantineReason.BirthUnknown, 0), (row.Outcome, row.Reason, row.ReadingCount));
        Assert.Equal("n", Encoding.UTF8.GetString(Assert.Single(_host.Live.Wishes!.All).Node.Span));
    }

    [Fact]
    public void A_node_that_was_never_born_is_asked_to_be_and_what_it_names_is_taken_all_the_same()
    {
        _host.Send("DDATA/n/lamp", Payload(Host.Now, 9).With(Metric("Lamp/Level", null, 5, Host.Now).U32(20)));
        Assert.Equal("dimming_level=20", _host.Says());
        Assert.Single(_host.Live.Wishes!.All);

        BatchMessage row = _host.Send("DDATA/n/lamp", Payload(Host.Now, 10).With(Metric("Lamp/Level").U32(20)));
        Assert.Equal(QuarantineReason.BirthUnknown, row.Reason);
    }

    [Fact]
    public void A_reader_that_is_behind_reads_with_the_births_of_that_time_and_wishes_nothing()
    {
        _host.BeBorn(firstAlias: 10);
        byte[] data = Payload(Host.Now, 2).With(Metric(null, 10).U32(55)).ToArray();
        _host.Send("DDATA/n/lamp", data);
        long offset = _host.Offset;
        _host.Send("DBIRTH/n/lamp", Host.LampBirth(firstAlias: 7)); // alias 10 is now lamp_on

        BatchMessage now = _host.Send("DDATA/n/lamp", data);
        Assert.Equal("lamp_on=1", _host.Says());
        BatchMessage then = _host.Decode(_host.NewDecoder(), offset, "DDATA/n/lamp", data);
        Assert.Equal("dimming_level=55", _host.Says());
        Assert.Equal((MessageOutcome.Stored, MessageOutcome.Stored), (now.Outcome, then.Outcome));
    }

    [Theory]
    [InlineData(1, 0xFFFFFFFFu, -1)]
    [InlineData(1, 0xFFu, -1)]
    [InlineData(2, 0xFFFF8000u, -32768)]
    [InlineData(3, 0x80000000u, -2147483648)]
    [InlineData(5, 255u, 255)]
    [InlineData(7, 0xFFFFFFFFu, 4294967295)]
    public void Numbers_of_32_bits_have_the_sign_that_their_type_says(int type, uint sent, double expected)
    {
        _host.Send("NBIRTH/n", NodeBirth(Host.Now, 1, Metric("Any/x", 1, type).U32(sent)));
        Assert.Equal(expected, _host.Reading("value", "x").Value);
    }

    [Fact]
    public void Numbers_of_64_bits_floats_and_times_come_as_they_are_meant()
    {
        _host.Send("NBIRTH/n", NodeBirth(Host.Now, 1,
            Metric("Any/i", 1, 4).U64(unchecked((ulong)-5)), Metric("Any/f", 2, 9).F32(12.1f), Metric("Any/d", 3, 10).F64(-0.25),
            Metric("Any/t", 4, 13).U64(86_400_000), Metric("Any/s", 5, 12).Words("7.5"), Metric("Any/n", 6, 9).F32(float.NaN)));

        Assert.Equal("valuei=-5 valuef=12.1 valued=-0.25 valuet=86400000 values=7.5", _host.Says());
    }

    [Fact]
    public void What_is_null_or_no_single_value_is_absent()
    {
        _host.BeBorn();
        BatchMessage row = _host.Send("DDATA/n/lamp", Payload(Host.Now, 2).With(
            Metric(null, 10).Null(), Metric("Any/table", null, 16).Message(17, new SparkplugBytes()), Metric(null, 13).Boolean(true)));

        Assert.Equal(MessageOutcome.Stored, row.Outcome);
        Assert.Equal("lamp_on=1", _host.Says());
    }

    [Fact]
    public void A_metric_has_its_own_time_and_without_one_that_of_the_message()
    {
        _host.BeBorn();
        _host.Send("DDATA/n/lamp", Payload(Host.Now + 400, 2).With(Metric(null, 10, 0, Host.Now - 60_000).U32(1), Metric(null, 13).Boolean(true)));

        Assert.Equal(Instant.FromUnixTimeMilliseconds((long)Host.Now - 60_000), _host.Reading("dimming_level").MeasuredAt);
        Assert.Equal(Instant.FromUnixTimeMilliseconds((long)Host.Now + 400), _host.Reading("lamp_on").MeasuredAt);
    }

    [Fact]
    public void Quality_and_back_fill_mark_the_metrics_that_carry_them_and_no_others()
    {
        _host.BeBorn();
        _host.Send("DDATA/n/lamp", Payload(Host.Now, 2).With(
            Metric(null, 10).Properties(quality: 0).U32(1),
            Metric(null, 11).Properties(quality: 500).U64(1),
            Metric(null, 12).Properties(quality: 192).U32(1),
            Metric(null, 13).Historical().Boolean(true)));

        Assert.Equal(
            (Quality.Bad, Quality.Stale, Quality.Good, Quality.Historical),
            (_host.Reading("dimming_level").Quality, _host.Reading("active_energy_import").Quality, _host.Reading("device_temperature").Quality, _host.Reading("lamp_on").Quality));
    }

    [Fact]
    public void Back_fill_of_one_metric_at_several_times_gives_a_reading_for_each()
    {
        _host.BeBorn();
        _host.Send("DDATA/n/lamp", Payload(Host.Now, 2).With(
            Metric(null, 10, 0, Host.Now - 3_000).Historical().U32(1), Metric(null, 13, 0, Host.Now - 3_000).Historical().Boolean(true),
            Metric(null, 10, 0, Host.Now - 2_000).Historical().U32(2), Metric(null, 13, 0, Host.Now - 2_000).Historical().Boolean(false),
            Metric(null, 10, 0, Host.Now).U32(3)));

        Assert.Equal("dimming_level=1! lamp_on=1! dimming_level=2! lamp_on=0! dimming_level=3", _host.Says());
        Assert.Equal(3, _host.All().Where(reading => reading.Value > 0 || reading.Quality == Quality.Good).Select(reading => reading.MeasuredAt).Distinct().Count());
    }

    [Fact]
    public void The_metrics_that_control_a_node_are_no_readings()
    {
        _host.Send("NBIRTH/n", NodeBirth(Host.Now, 1, Metric("Any/x", 1, 9).F32(1), Metric("Node Control/Any/y", 2, 9).F32(2)));
        Assert.Equal("valuex=1", _host.Says());
    }

    [Theory]
    [InlineData("spBv1.0/G/NCMD/n")]
    [InlineData("spBv1.0/G/DCMD/n/lamp")]
    [InlineData("spBv1.0/STATE/city-host")]
    public void Commands_and_the_state_of_hosts_are_nothing_for_us(string topic)
    {
        BatchMessage row = DecoderUnderTest.Shared().Decode(topic, Payload(Host.Now).With(Metric("Node Control/Rebirth", null, 11).Boolean(true)).ToArray());
        Assert.Equal((MessageOutcome.Ignored, DeviceId.None), (row.Outcome, row.Device));
    }

    [Fact]
    public void The_death_of_a_node_takes_all_its_devices_with_it()
    {
        _host.BeBorn(bdSeq: 3);
        _host.Send("DBIRTH/n/second", Host.LampBirth(20));
        BatchMessage row = _host.Send("NDEATH/n", NodeDeath(3));

        Assert.Equal((MessageOutcome.Stored, Availability.Offline, "G/n"), (row.Outcome, row.Availability, _host.KeyOf(row.Device)));
        Assert.Equal(["G/n/lamp", "G/n/second"], _host.Batch.Lost.ToArray().Select(lost => _host.KeyOf(lost.Device)).Order());

        BatchMessage after = _host.Send("DDATA/n/lamp", Payload(Host.Now, 3).With(Metric(null, 10).U32(1)));
        Assert.Equal(QuarantineReason.BirthUnknown, after.Reason);
    }

    [Fact]
    public void The_death_of_an_earlier_life_takes_nobody()
    {
        _host.BeBorn(bdSeq: 3);
        _host.BeBorn(bdSeq: 4);
        BatchMessage row = _host.Send("NDEATH/n", NodeDeath(3));

        Assert.Equal((MessageOutcome.Ignored, Availability.Unsaid), (row.Outcome, row.Availability));
        Assert.True(_host.Batch.Lost.IsEmpty);
    }

    [Fact]
    public void The_death_of_a_device_takes_it_alone()
    {
        _host.BeBorn();
        BatchMessage row = _host.Send("DDEATH/n/lamp", Payload(Host.Now, 2));

        Assert.Equal((Availability.Offline, "G/n/lamp", 0), (row.Availability, _host.KeyOf(row.Device), _host.Batch.Lost.Length));
        Assert.Equal(QuarantineReason.BirthUnknown, _host.Send("DDATA/n/lamp", Payload(Host.Now, 3).With(Metric(null, 10).U32(1))).Reason);
    }

    [Fact]
    public void Metric_names_may_hold_what_json_has_to_escape()
    {
        _host.Send("NBIRTH/n", NodeBirth(Host.Now, 1, Metric("Any/a\"b\\c\u0001 đèn", 1, 9).F32(1)));
        Assert.Equal(1, _host.Reading("value", "a\"b\\c\u0001 đèn").Value);
    }

    [Fact]
    public void Flipped_bits_and_cuts_give_an_outcome_and_never_an_exception()
    {
        var random = new Random(20261122);
        _host.BeBorn();
        byte[][] originals =
        [
            Host.LampBirth().ToArray(), NodeDeath(1),
            Payload(Host.Now, 2).With(Metric(null, 10).Properties(0, "%").U32(5), Metric(null, 11).U64(7), Metric("Any/s", null, 12).Words("đèn \"1\"")).ToArray(),
        ];
        string[] topics = ["NBIRTH/n", "DBIRTH/n/lamp", "NDATA/n", "DDATA/n/lamp", "NDEATH/n", "DDEATH/n/lamp", "NCMD/n", "NOISE/n"];
        for (int turn = 0; turn < 20_000; turn++)
        {
            byte[] bytes = [.. originals[turn % originals.Length]];
            for (int bit = random.Next(4); bit > 0; bit--)
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            bytes = bytes[..random.Next(1, bytes.Length + 1)];
            BatchMessage row = _host.Send(topics[random.Next(topics.Length)], bytes);
            Assert.True(row.Outcome != MessageOutcome.Quarantined || row.Detail!.Length > 0);
        }
    }

    [Fact]
    public void Data_of_a_born_device_is_decoded_without_allocation()
    {
        _host.BeBorn();
        byte[][] data =
        [
            .. Enumerable.Range(2, 256).Select(i => Payload(Host.Now, i % 256).With(
                Metric(null, 10, 0, Host.Now).U32(55), Metric(null, 11, 0, Host.Now).U64(5_125), Metric(null, 12, 0, Host.Now).Properties(500).U32(21), Metric(null, 13, 0, Host.Now).Boolean(true)).ToArray()),
        ];
        byte[] topic = "spBv1.0/G/DDATA/n/lamp"u8.ToArray();
        for (int i = 0; i < 256; i++)
            Decode(topic, data[i]);

        Assert.Equal(0, Allocations.Fewest(_ =>
        {
            for (int i = 0; i < 1_024; i++)
                Decode(topic, data[i % 256]);
        }));
        Assert.Equal(4, _host.Batch.ReadingCount);
        Assert.Empty(_host.Live.Wishes!.All);
    }

    private void Decode(byte[] topic, byte[] data)
    {
        _host.Batch.Clear(1_000);
        _host.Live.Decode(new Ioc.Profiles.RawMessage { Offset = 1_000, ReceivedAt = Host.Arrival, Source = "default"u8, Topic = topic, Payload = data }, _host.Batch);
    }
}
