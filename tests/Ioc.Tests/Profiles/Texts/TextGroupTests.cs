using System.Text;
using Ioc.Devices.Readings;
using Ioc.Profiles;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Profiles.Texts;

public sealed class TextGroupTests
{
    private const string Head = "schema: 1\nname: own\nfamily: air\nmatch: {topics: [\"lab/{device}\"]}\n";
    private const string Text = Head + "body: {codec: text}\nfields:\n";
    private const string Json = Head + "fields:\n";

    private const string Weather = "  - text: {match: \"T=(?<t>-?[0-9.]+)C?( H=(?<h>[0-9]+))?\"}\n    fields:\n"
        + "      - {metric: air_temperature, path: t, unit: Cel}\n      - {metric: relative_humidity, path: h, unit: \"%\"}\n";

    [Theory]
    [InlineData("T=21.5C H=60", 21.5, 60.0)]
    [InlineData("garbage T=-3 H=61 more", -3.0, 61.0)]
    [InlineData("Đo được: T=4C", 4.0, null)]
    [InlineData("H=60", null, null)]
    [InlineData("\n", null, null)]
    public void Named_groups_of_an_expression_are_parts(string body, double? temperature, double? humidity)
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Text + Weather);
        BatchMessage row = decoder.Decode("lab/x", body);
        Assert.Equal(temperature is null ? QuarantineReason.NoReadings : QuarantineReason.None, row.Reason);
        Assert.Equal(temperature is not null, decoder.Has("air_temperature"));
        Assert.Equal(humidity is not null, decoder.Has("relative_humidity"));
        Assert.True(temperature is null || decoder.Reading("air_temperature").Value == temperature);
    }

    [Fact]
    public void Each_line_may_be_matched_and_lines_that_do_not_are_passed_over()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Text + "  - text: {match: \"^(?<who>\\\\w+): (?<t>\\\\d+)\", each: line}\n    channel: \"{.who}\"\n    fields: [{metric: air_temperature, path: t, unit: Cel}]\n");
        decoder.Decode("lab/x", "# two rooms\r\nhall: 21\r\n\r\nroof: 30 (hot)\r\n");
        Assert.Equal((21, 30), (decoder.Reading("air_temperature", "hall").Value, decoder.Reading("air_temperature", "roof").Value));
        Assert.Equal(2, decoder.Batch.ReadingCount);
    }

    [Fact]
    public void A_text_that_is_too_long_for_an_expression_is_set_aside()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Text + Weather);
        Assert.Equal(QuarantineReason.LimitExceeded, decoder.Decode("lab/x", "T=1" + new string(' ', 9000)).Reason);
    }

    [Fact]
    public void An_expression_that_would_take_another_engine_forever_is_quick()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Text + "  - text: {match: \"^(?<t>(a+)+)$\"}\n    fields: [{metric: value, path: t}]\n");
        Assert.Equal(QuarantineReason.NoReadings, decoder.Decode("lab/x", new string('a', 8000) + "!").Reason);
    }

    [Fact]
    public void A_list_inside_a_member_is_split_by_place()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Json + "  - text: {in: s, split: \";\", parts: [t, _, p]}\n    fields:\n"
            + "      - {metric: air_temperature, path: t, unit: Cel}\n      - {metric: air_pressure, path: p, unit: hPa, when: [{exists: p}]}\n      - {metric: co2, path: $.co2, unit: \"[ppm]\"}\n");
        decoder.Decode("lab/x", """{"s":"24.5; 1 ;1009.1;0","co2":415}""");
        Assert.Equal((24.5, 1009.1, 415), (decoder.Reading("air_temperature").Value, decoder.Reading("air_pressure").Value, decoder.Reading("co2").Value));
        decoder.Decode("lab/x", """{"s":"24.5","co2":415}""");
        Assert.False(decoder.Has("air_pressure"));
        Assert.Equal(QuarantineReason.NoReadings, decoder.Decode("lab/x", """{"co2":415}""").Reason);
    }

    [Fact]
    public void Every_value_may_be_a_turn_of_its_own()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Text + "  - text: {split: \",\", each: value}\n    channel: \"{$place}\"\n    fields: [{metric: active_power, path: \".\", unit: W}]\n");
        decoder.Decode("lab/x", "140,, 230\r\n");
        Assert.Equal((140, 230), (decoder.Reading("active_power", "1").Value, decoder.Reading("active_power", "3").Value));
        Assert.Equal(2, decoder.Batch.ReadingCount);
    }

    [Fact]
    public void A_header_line_names_the_columns_of_every_record()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Text + "  - text: {split: \",\", header: true, quote: '\"'}\n    time: {path: at, form: epoch-s}\n    channel: \"{.room}\"\n"
            + "    fields: [{metric: air_temperature, path: temp, unit: Cel}]\n");
        decoder.Decode("lab/x", "room,at,note,temp\n\"hall, north\",1795316340,\"he said \"\"ok\"\"\",21\nroof,1795316280,,\"22.5\"\n\n");
        Assert.Equal((21, 22.5), (decoder.Reading("air_temperature", "hall, north").Value, decoder.Reading("air_temperature", "roof").Value));
        Assert.Equal(1795316280, decoder.Reading("air_temperature", "roof").MeasuredAt.ToUnixTimeSeconds());
        decoder.Decode("lab/x", "temp;room\n1;2\n");
        Assert.Empty(decoder.All());
    }

    [Fact]
    public void A_doubled_quote_is_one_quote()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Text + "  - text: {split: \",\", parts: [name, v], quote: '\"'}\n    channel: \"{.name}\"\n    fields: [{metric: value, path: v}]\n");
        decoder.Decode("lab/x", "\"gate \"\"A\"\"\",7");
        Assert.Equal(7, decoder.Reading("value", "gate \"A\"").Value);
    }

    [Fact]
    public void Hexadecimal_text_is_read_as_the_bytes_it_stands_for()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Text + "  - text: {bytes: hex}\n    fields: [{metric: co2, at: 1, type: u16, unit: \"[ppm]\"}]\n");
        decoder.Decode("lab/x", "0x070258\r\n");
        Assert.Equal(600, decoder.Reading("co2").Value);
        Assert.Equal(QuarantineReason.Malformed, decoder.Decode("lab/x", "0702x8").Reason);
        Assert.Equal(QuarantineReason.Malformed, decoder.Decode("lab/x", "07025").Reason);
        Assert.Equal(QuarantineReason.TooShort, decoder.Decode("lab/x", "0702").Reason);
    }

    [Fact]
    public void Bytes_inside_a_member_are_that_members_loss_when_they_are_none()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Json + "  - {metric: battery_level, path: bat, unit: \"%\"}\n  - text: {in: data, bytes: base64}\n    fields: [{metric: co2, at: 0, type: u16, unit: \"[ppm]\"}]\n");
        decoder.Decode("lab/x", """{"bat":90,"data":"Alg="}""");
        Assert.Equal((600, 90), (decoder.Reading("co2").Value, decoder.Reading("battery_level").Value));
        decoder.Decode("lab/x", """{"bat":90,"data":"***"}""");
        Assert.Equal(1, decoder.Batch.ReadingCount);
    }

    [Fact]
    public void A_pair_is_a_position()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Json + "  - text: {in: gps, split: /, parts: [lat, lon]}\n    fields:\n      - {metric: value, path: lat, channel: lat}\n      - {metric: value, path: lon, channel: lon}\n");
        decoder.Decode("lab/x", """{"gps":"13.98\/108.0"}""");
        Assert.Equal((13.98, 108.0), (decoder.Reading("value", "lat").Value, decoder.Reading("value", "lon").Value));
    }

    [Fact]
    public void Texts_nest_and_stand_inside_iterations()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Json + "  - each: rows\n    fields:\n      - text: {in: \".\", split: \"|\", each: value}\n        fields:\n"
            + "          - text: {in: \".\", split: \"=\", parts: [k, v]}\n            channel: \"{.k}{$.unit}\"\n            fields: [{metric: value, path: v}]\n");
        decoder.Decode("lab/x", """{"rows":["a=1|b=2",7,"c=\u0033"],"unit":"!"}""");
        Assert.Equal(["a!=1", "b!=2", "c!=3"], decoder.All().Select(reading => $"{decoder.Channels.NameOf(reading.Channel)}={reading.Value}"));
    }

    [Fact]
    public void A_member_of_the_document_outlives_the_elements_of_an_iteration()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Json + "  - each: list\n    channel: \"{$index}\"\n    fields:\n      - {metric: value, path: $.top, when: [{exists: a}]}\n");
        decoder.Decode("lab/x", """{"list":[{"a":1},{"a":1}],"top":5}""");
        Assert.Equal([5.0, 5.0], decoder.All().Select(reading => reading.Value));
    }

    [Theory]
    [InlineData("  - text: {split: \",\"}\n    fields: [{metric: value, path: a}]\n", "needs the names of its 'parts'")]
    [InlineData("  - text: {split: \",\", parts: [a, a]}\n    fields: [{metric: value, path: a}]\n", "stands twice")]
    [InlineData("  - text: {split: \",\", parts: [a]}\n    fields: [{metric: value, path: b}]\n", "the text has no part 'b'; its parts are a")]
    [InlineData("  - text: {match: \"(?<a>.)\"}\n    fields: [{metric: value, path: b}]\n", "its groups are a")]
    [InlineData("  - text: {match: \"(?<a\"}\n    fields: [{metric: value, path: a}]\n", "cannot be read")]
    [InlineData("  - text: {match: \"(?<a>.)\", split: \",\"}\n    fields: [{metric: value, path: a}]\n", "exactly one of")]
    [InlineData("  - text: {obis: lines}\n    fields: [{metric: value, path: \"1-0:1.8.0[x]\"}]\n", "parts are codes such as")]
    [InlineData("  - text: {bytes: hex}\n    each: a\n    fields: [{metric: value, path: a}]\n", "at most one of 'tag', 'repeat', 'each' and 'text'")]
    [InlineData("  - text: {split: \",\", parts: [a]}\n    fields:\n      - {each: a, fields: [{metric: value, path: a}]}\n", "nothing to walk")]
    [InlineData("  - text: {split: \",\", each: value}\n    fields: [{metric: value, path: a}]\n", "each value is called .")]
    [InlineData("  - text: {in: a, split: \",\", each: value}\n    fields: [{metric: value, path: \".\"}]\n", "needs a JSON body")]
    [InlineData("  - text: {split: \",\", parts: [a], sep: x}\n    fields: [{metric: value, path: a}]\n", "'sep' is not known")]
    public void A_text_that_cannot_be_is_told(string group, string what)
    {
        ProfileException told = Assert.Throws<ProfileException>(() => DecoderUnderTest.Of(Text + group));
        Assert.Contains(told.Errors, error => error.StartsWith("own.profile.yaml:", StringComparison.Ordinal) && error.Contains(what, StringComparison.Ordinal));
    }

    [Fact]
    public void A_json_body_has_no_text_of_its_own()
    {
        ProfileException told = Assert.Throws<ProfileException>(() => DecoderUnderTest.Of(Json + "  - text: {split: \",\", each: value}\n    fields: [{metric: value, path: \".\"}]\n"));
        Assert.Contains(told.Errors, error => error.Contains("without 'in' the text is the body's", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{split: \",\", header: true, quote: '\"'}", "a")]
    [InlineData("{split: \", \", each: value}", ".")]
    [InlineData("{match: \"(?<a>[^,]*),\", each: line}", "a")]
    [InlineData("{obis: lines}", "1-0:1.8.0")]
    [InlineData("{obis: telegram}", "1-0:1.8.0")]
    public void Hostile_texts_make_one_row_each_and_do_not_take_long(string text, string path)
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Text + $"  - text: {text}\n    channel: \"{{$place}}\"\n    fields: [{{metric: value, path: \"{path}\"}}]\n");
        string[] pieces = ["a", ",", "\"", "\n", "\r", "1", "1-0:1.8.0", "(", ")", "*", "/", "!", "\0", "Đ", "\"\"", "0000"];
        var random = new Random(7);
        for (int i = 0; i < 400; i++)
        {
            string body = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => pieces[random.Next(pieces.Length)]));
            decoder.Decode("lab/x", body);
            Assert.Equal(1, decoder.Batch.MessageCount);
        }

        foreach (string piece in pieces)
        {
            decoder.Decode("lab/x", string.Concat(Enumerable.Repeat(piece, 200_000)));
            Assert.Equal(1, decoder.Batch.MessageCount);
            Assert.True(decoder.Batch.ReadingCount <= 4096);
        }
    }

    [Fact]
    public void Splitting_allocates_nothing()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Json + "  - text: {in: s, split: \";\", parts: [t, h]}\n    fields:\n      - {metric: air_temperature, path: t, unit: Cel}\n      - {metric: relative_humidity, path: h, unit: \"%\"}\n");
        byte[] payload = Encoding.UTF8.GetBytes("""{"s":"24.5;61"}""");
        for (int i = 0; i < 50; i++)
            decoder.Decode("lab/x", payload);

        byte[] name = [];
        long harness = Allocations.Fewest(_ => name = Encoding.UTF8.GetBytes("lab/x"));
        Assert.Equal(harness, Allocations.Fewest(_ => decoder.Decode("lab/x", payload)));
        GC.KeepAlive(name);
    }
}
