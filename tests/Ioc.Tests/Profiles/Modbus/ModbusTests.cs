using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Profiles;
using Ioc.Profiles.Modbus;
using Xunit;

namespace Ioc.Tests.Profiles.Modbus;

public sealed class ModbusTests
{
    private const string Meter = """
        schema: 1
        name: meter
        family: electricity
        match: {topics: ["rtu/{gateway}"]}
        parameters:
          first: {about: first register asked for, default: 100}
        body: {codec: modbus-rtu, function: 3, address: first}
        device: "{gateway}-{$byte0}"
        fields:
          - {metric: voltage, register: 100, type: u16, scale: 0.1, unit: V}
          - {metric: active_power, register: 101, type: i32, unit: W}
          - {metric: frequency, register: 103, type: f32, unit: Hz}
          - {metric: power_factor, register: 105, type: i16, scale: 0.001}
        """;

    [Fact]
    public void The_check_sum_is_that_of_the_specification()
    {
        // The check value of CRC-16/MODBUS.
        Assert.Equal(0x4B37, ModbusPlan.Crc("123456789"u8));
    }

    [Fact]
    public void Registers_count_from_the_address_that_was_asked_for()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Meter);
        decoder.Decode("rtu/g", Answer(7, 3, 0x08, 0xFC, 0xFF, 0xFF, 0xFE, 0x0C, 0x42, 0x48, 0x00, 0x00, 0xFC, 0x7C));
        Assert.Equal((230.0, -500), (decoder.Reading("voltage").Value, decoder.Reading("active_power").Value));
        Assert.Equal((50.0, -0.9), (decoder.Reading("frequency").Value, decoder.Reading("power_factor").Value));
        Assert.Equal("g-7", decoder.Registry[decoder.Reading("voltage").Device].Key);
    }

    [Fact]
    public void A_device_that_is_asked_for_other_registers_says_so_in_the_registry()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(
            Meter, new Device { Key = "g-7", Name = "g-7", Family = "electricity", Profile = "meter", Parameters = new Dictionary<string, string> { ["first"] = "103" } });
        decoder.Decode("rtu/g", Answer(7, 3, 0x42, 0x48, 0x00, 0x00));
        Assert.Equal(50.0, decoder.Reading("frequency").Value);
        Assert.Equal(1, decoder.Batch.ReadingCount);
    }

    [Fact]
    public void A_value_that_the_answer_cuts_in_two_is_absent()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Meter);
        decoder.Decode("rtu/g", Answer(7, 3, 0x08, 0xFC, 0xFF, 0xFF));
        Assert.Equal(1, decoder.Batch.ReadingCount);
    }

    [Theory]
    [InlineData(2, "exception 2, illegal data address")]
    [InlineData(11, "exception 11, gateway target does not respond")]
    [InlineData(200, "exception of an unknown code")]
    public void An_exception_is_told_by_its_name(byte code, string detail)
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Meter);
        BatchMessage row = decoder.Decode("rtu/g", WithCrc([7, 0x83, code]));
        Assert.Equal(QuarantineReason.Malformed, row.Reason);
        Assert.Contains(detail, row.Detail, StringComparison.Ordinal);
        Assert.Equal(0, decoder.Registry.Count);
    }

    [Fact]
    public void A_frame_that_is_damaged_answers_another_function_or_says_another_length_is_set_aside()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Meter);
        byte[] good = Answer(7, 3, 0x08, 0xFC);
        Assert.Equal(QuarantineReason.TooShort, decoder.Decode("rtu/g", good.AsSpan(0, 4)).Reason);
        Assert.Equal(QuarantineReason.Checksum, decoder.Decode("rtu/g", [.. good[..^1], (byte)(good[^1] ^ 1)]).Reason);
        Assert.Equal(QuarantineReason.Malformed, decoder.Decode("rtu/g", Answer(7, 4, 0x08, 0xFC)).Reason);
        Assert.Equal(QuarantineReason.Malformed, decoder.Decode("rtu/g", WithCrc([7, 3, 4, 0x08, 0xFC])).Reason);
        Assert.Equal(QuarantineReason.Malformed, decoder.Decode("rtu/g", WithCrc([7, 3, 1, 0x08])).Reason);
    }

    [Fact]
    public void Random_frames_with_a_right_check_sum_give_one_row_each()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Meter);
        var random = new Random(1979);
        for (int i = 0; i < 5_000; i++)
        {
            byte[] frame = new byte[random.Next(0, 260)];
            random.NextBytes(frame);
            if (frame.Length > 2 && random.Next(2) == 0)
                (frame[1], frame[2]) = (3, (byte)(frame.Length - 3));
            decoder.Decode("rtu/g", WithCrc(frame));
            Assert.Equal(1, decoder.Batch.MessageCount);
        }
    }

    [Theory]
    [InlineData("register: 65536, type: u16", "'register' is 0 to 65535")]
    [InlineData("register: 1, type: u8", "'type' of whole registers")]
    [InlineData("register: 1", "'type' of whole registers")]
    public void A_register_that_cannot_be_is_a_mistake(string field, string what)
    {
        ProfileException told = Assert.Throws<ProfileException>(() =>
            DecoderUnderTest.Of(Meter.Replace("register: 100, type: u16", field, StringComparison.Ordinal)));
        Assert.Contains(told.Errors, error => error.Contains(what, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("function: 6", "'function: 6' must be a whole number from 3 to 4")]
    [InlineData("function: 3, count: 126", "'count: 126' must be")]
    [InlineData("function: 3, address: nowhere", "'address: nowhere' must be")]
    public void A_request_that_cannot_be_is_a_mistake(string request, string what)
    {
        ProfileException told = Assert.Throws<ProfileException>(() =>
            DecoderUnderTest.Of(Meter.Replace("function: 3, address: first", request, StringComparison.Ordinal)));
        Assert.Contains(told.Errors, error => error.Contains(what, StringComparison.Ordinal));
    }

    private static byte[] Answer(byte unit, byte function, params byte[] registers) => WithCrc([unit, function, (byte)registers.Length, .. registers]);

    /// <summary>A check sum by long division in GF(2), not by the product's shift register.</summary>
    private static byte[] WithCrc(byte[] frame)
    {
        int remainder = 0xFFFF;
        foreach (byte value in frame)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                int top = ((remainder >> 15) ^ (value >> bit)) & 1;
                remainder = ((remainder << 1) & 0xFFFF) ^ (top * 0x8005);
            }
        }

        int reflected = 0;
        for (int bit = 0; bit < 16; bit++)
            reflected |= ((remainder >> bit) & 1) << (15 - bit);
        return [.. frame, (byte)reflected, (byte)(reflected >> 8)];
    }
}
