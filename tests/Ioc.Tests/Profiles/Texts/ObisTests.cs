using System.Globalization;
using System.Text;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Profiles.Texts;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Profiles.Texts;

public sealed class ObisTests
{
    private const string Yaml = """
        schema: 1
        name: own
        family: electricity
        match: {topics: ["p1/{device}"]}
        body: {codec: text}
        fields:
          - text: {obis: telegram}
            time: {path: "0-0:1.0.0", pattern: yyMMddHHmmssS}
            fields:
              - {metric: active_energy_import, path: "1-0:1.8.1", unit: {after: "*"}, channel: tariff-1}
              - {metric: active_power, path: "1-0:1.7.0", unit: {after: "*"}}
              - {metric: gas_volume, path: "0-1:24.2.1[1]", unit: {after: "*"}, time: {path: "0-1:24.2.1", pattern: yyMMddHHmmssS}}
        """;

    private const string Lines = "/IOC5\\2MB-1000\r\n\r\n1-3:0.2.8(50)\r\n0-0:1.0.0(261122035930W)\r\n1-0:1.8.1(000812.345*kWh)\r\n1-0:1.7.0(01.193*kW)\r\n0-1:24.1.0(003)\r\n0-1:24.2.1(261122035500W)(00512.250*m3)\r\n!";

    [Fact]
    public void The_check_sum_is_the_published_one()
    {
        // The check value of CRC-16/ARC in every catalogue of check sums.
        Assert.Equal(0xBB3D, ObisTelegram.Crc16("123456789"u8));
    }

    [Fact]
    public void A_whole_telegram_gives_its_values_with_their_own_times()
    {
        DecoderUnderTest decoder = Decoder();
        Assert.Equal(QuarantineReason.None, decoder.Decode("p1/x", Telegram(Lines), Instant.FromUtc(2026, 11, 22, 3, 0)).Reason);
        Assert.Equal(812.345, decoder.Reading("active_energy_import", "tariff-1").Value);
        Assert.Equal((1193, Instant.FromUtc(2026, 11, 22, 2, 59, 30)), (decoder.Reading("active_power").Value, decoder.Reading("active_power").MeasuredAt));
        Assert.Equal((512.25, Instant.FromUtc(2026, 11, 22, 2, 55)), (decoder.Reading("gas_volume").Value, decoder.Reading("gas_volume").MeasuredAt));
    }

    [Fact]
    public void Every_changed_letter_is_noticed()
    {
        DecoderUnderTest decoder = Decoder();
        string whole = Telegram(Lines);
        for (int i = 1; i < Lines.Length - 1; i++)
        {
            char[] letters = whole.ToCharArray();
            letters[i] = letters[i] == '7' ? '8' : '7';
            Assert.Contains(decoder.Decode("p1/x", new string(letters)).Reason, new[] { QuarantineReason.Checksum, QuarantineReason.Malformed });
        }
    }

    [Fact]
    public void Half_a_telegram_is_none()
    {
        DecoderUnderTest decoder = Decoder();
        string whole = Telegram(Lines);
        for (int length = 1; length < whole.Length - 2; length++)
            Assert.Equal(QuarantineReason.Malformed, decoder.Decode("p1/x", whole[..length]).Reason);
        Assert.Equal(QuarantineReason.None, decoder.Decode("p1/x", "rest of another\r\n" + whole).Reason);
    }

    [Fact]
    public void A_value_on_the_line_below_belongs_to_the_code_above()
    {
        var values = new ObisValues("0-1:24.3.0(121030140000)(00)\r\n(00012.500)\r\n0-1:24.4.0(1)"u8);
        var seen = new List<string>();
        while (values.MoveNext())
            seen.Add($"{Encoding.UTF8.GetString(values.Code)}[{values.Place}]");
        Assert.Equal(["0-1:24.3.0[0]", "0-1:24.3.0[1]", "0-1:24.3.0[2]", "0-1:24.4.0[0]"], seen);
    }

    private static string Telegram(string lines) =>
        lines + ObisTelegram.Crc16(Encoding.ASCII.GetBytes(lines)).ToString("X4", CultureInfo.InvariantCulture) + "\r\n";

    private static DecoderUnderTest Decoder() =>
        DecoderUnderTest.Of(Yaml, new Device { Key = "x", Name = "x", Family = "electricity", TimeZone = DateTimeZoneProviders.Tzdb["Europe/Amsterdam"] });
}
