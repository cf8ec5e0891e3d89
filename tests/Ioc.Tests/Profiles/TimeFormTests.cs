using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Profiles;
using NodaTime;
using NodaTime.Text;
using Xunit;

namespace Ioc.Tests.Profiles;

public sealed class TimeFormTests
{
    private const string Head = "schema: 1\nname: own\nfamily: air\nmatch: {topics: [\"lab/{device}\"]}\n";

    [Theory]
    [InlineData("{path: t, pattern: dd/MM/yyyy}", "21/11/2026", "2026-11-20T17:00:00Z")]
    [InlineData("{path: t, pattern: d/M/yyyy H:mm}", "1/11/2026 9:05", "2026-11-01T02:05:00Z")]
    [InlineData("{path: t, pattern: d/M/yyyy H:mm}", "21/11/2026 19:05", "2026-11-21T12:05:00Z")]
    [InlineData("{path: t, pattern: \"dd-MMM-yyyy hh:mm tt\"}", "21-Nov-2026 12:05 AM", "2026-11-20T17:05:00Z")]
    [InlineData("{path: t, pattern: \"dd-MMM-yyyy h:mm tt\"}", "21-NOV-2026 1:05 PM", "2026-11-21T06:05:00Z")]
    [InlineData("{path: t, pattern: \"yyyyMMdd HHmmss z\"}", "20261121 100000 +0200", "2026-11-21T08:00:00Z")]
    [InlineData("{path: t, pattern: \"yyyyMMdd HHmmss z\"}", "20261121 100000 Z", "2026-11-21T10:00:00Z")]
    [InlineData("{path: t, pattern: \"HHmmss z yyyyMMdd\"}", "100000 -03:30 20261121", "2026-11-21T13:30:00Z")]
    [InlineData("{path: t}", "2026-11-21T09:00:00Z/2026-11-21T09:05:00Z", "2026-11-21T09:05:00Z")]
    [InlineData("{path: t, pattern: \"hh:mm tt\"}", "13:00 PM", null)]
    [InlineData("{path: t, pattern: dd/MM/yyyy}", "31/02/2026", null)]
    [InlineData("{path: t, pattern: dd-MMM-yyyy}", "21-Nob-2026", null)]
    [InlineData("{path: t, pattern: \"yyyyMMdd HHmm z\"}", "20261121 1000 soon", null)]
    [InlineData("{path: t}", "2026-11-21T09:00:00Z/", null)]
    public void A_time_is_read_as_it_is_written(string time, string text, string? at)
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of($"{Head}time: {time}\nfields: [{{metric: value, path: v}}]\n");
        decoder.Decode("lab/x", $$"""{"t":"{{text}}","v":1}""");
        Reading reading = decoder.Reading("value");
        Assert.Equal(at is null ? (DecoderUnderTest.Arrival, Quality.Clock) : (InstantPattern.General.Parse(at).Value, Quality.Good), (reading.MeasuredAt, reading.Quality));
    }

    [Theory]
    [InlineData("261025023000S", "2026-10-25T00:30:00Z")]
    [InlineData("261025023000W", "2026-10-25T01:30:00Z")]
    [InlineData("260715120000S", "2026-07-15T10:00:00Z")]
    [InlineData("260115120000W", "2026-01-15T11:00:00Z")]
    [InlineData("260115120000X", null)]
    public void The_letter_of_the_season_settles_the_hour_that_happens_twice(string text, string? at)
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(
            $"{Head}time: {{path: t, pattern: yyMMddHHmmssS, past: true}}\nfields: [{{metric: value, path: v}}]\n",
            new Device { Key = "x", Name = "x", Family = "air", TimeZone = DateTimeZoneProviders.Tzdb["Europe/Amsterdam"] });
        decoder.Decode("lab/x", $$"""{"t":"{{text}}","v":1}""");
        Assert.Equal(at is null ? DecoderUnderTest.Arrival : InstantPattern.General.Parse(at).Value, decoder.Reading("value").MeasuredAt);
    }

    [Theory]
    [InlineData("""{"bt":1795316340,"t":-90,"v":1}""", "2026-11-22T02:57:30Z")]
    [InlineData("""{"bt":1795316340,"v":1}""", "2026-11-22T02:59:00Z")]
    [InlineData("""{"t":-90,"v":1}""", "2026-11-22T02:58:30Z")]
    [InlineData("""{"v":1}""", "2026-11-22T03:00:00Z")]
    public void A_span_is_added_to_the_base_or_to_arrival(string payload, string at)
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of($"{Head}time: {{path: bt, form: epoch-s, plus: {{path: t, unit: s}}}}\nfields: [{{metric: value, path: v}}]\n");
        decoder.Decode("lab/x", payload);
        Assert.Equal((InstantPattern.General.Parse(at).Value, Quality.Good), (decoder.Reading("value").MeasuredAt, decoder.Reading("value").Quality));
    }

    [Theory]
    [InlineData("""{"t":"later","v":1}""")]
    [InlineData("""{"t":1e300,"v":1}""")]
    [InlineData("""{"bt":"today","t":1,"v":1}""")]
    [InlineData("""{"t":86400,"v":1}""")]
    public void A_span_that_cannot_be_is_a_fault_of_the_clock(string payload)
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of($"{Head}time: {{path: bt, form: epoch-s, plus: {{path: t, unit: s}}}}\nfields: [{{metric: value, path: v}}]\n");
        decoder.Decode("lab/x", payload);
        Assert.Equal((DecoderUnderTest.Arrival, Quality.Clock), (decoder.Reading("value").MeasuredAt, decoder.Reading("value").Quality));
    }

    [Fact]
    public void Records_of_a_frame_count_back_from_arrival()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of($"{Head}body: {{codec: binary}}\nfields:\n  - repeat: end\n    fields:\n      - {{as: ago, at: next, type: u8}}\n"
            + "      - {time: {plus: {value: ago, unit: min, back: true}}, fields: [{metric: co2, at: next, type: u16, unit: \"[ppm]\"}]}\n");
        decoder.Decode("lab/x", new byte[] { 0, 0x02, 0x58, 10, 0x02, 0x59 });
        Assert.Equal([DecoderUnderTest.Arrival, DecoderUnderTest.Arrival.Minus(Duration.FromMinutes(10))], decoder.All().Select(reading => reading.MeasuredAt));
    }

    [Fact]
    public void A_retained_copy_whose_time_counts_from_arrival_is_no_new_measurement()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of($"{Head}time: {{plus: {{path: t, unit: s}}}}\nfields: [{{metric: value, path: v}}]\n");
        decoder.Decode("lab/x", """{"t":-5,"v":1}""", retained: true);
        Assert.Empty(decoder.All());
    }

    [Theory]
    [InlineData("{path: to, start: from, as: span}", """{"from":"2026-11-22T02:40:00Z","to":"2026-11-22T02:55:00Z","v":5}""")]
    [InlineData("{path: both, as: span}", """{"both":"2026-11-22T02:40:00Z/2026-11-22T02:55:00Z","v":5}""")]
    public void The_length_of_an_interval_serves_expressions(string time, string payload)
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of($"{Head}time: {time}\nfields:\n  - {{as: v, path: v}}\n  - {{metric: value, expr: v / span * 3600}}\n");
        decoder.Decode("lab/x", payload);
        Assert.Equal((20, Instant.FromUtc(2026, 11, 22, 2, 55)), (decoder.Reading("value").Value, decoder.Reading("value").MeasuredAt));
    }

    [Theory]
    [InlineData("{path: t, pattern: yyyQ}", "is not a part")]
    [InlineData("{path: t, pattern: \"hh:mm\"}", "go together")]
    [InlineData("{path: t, form: iso, pattern: yyyy}", "belongs to 'form: pattern'")]
    [InlineData("{path: t, plus: {path: u}}", "needs the 'unit'")]
    [InlineData("{path: t, plus: {path: u, unit: kg}}", "no unit of time")]
    [InlineData("{path: t, plus: {unit: s}}", "exactly one of")]
    [InlineData("{path: t, plus: {value: x, unit: s}}", "no field above is named 'x'")]
    [InlineData("{path: t, form: epoch-s, as: span}", "needs 'start'")]
    [InlineData("{path: t, type: u32}", "'type' belongs to 'at'")]
    [InlineData("{}", "a time needs either")]
    public void A_time_that_cannot_be_is_told(string time, string what)
    {
        ProfileException told = Assert.Throws<ProfileException>(() => DecoderUnderTest.Of($"{Head}time: {time}\nfields: [{{metric: value, path: v}}]\n"));
        Assert.Contains(told.Errors, error => error.StartsWith("own.profile.yaml:5", StringComparison.Ordinal) && error.Contains(what, StringComparison.Ordinal));
    }
}
