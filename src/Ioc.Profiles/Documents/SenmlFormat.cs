using System.Text.Json;
using Ioc.Profiles.Fields;

namespace Ioc.Profiles.Documents;

/// <summary>
/// SenML as JSON (RFC 8428): a pack of records whose base fields hold for those after them. Becomes a list of full records:
/// <c>name</c> (base name and name), <c>bn</c> and <c>n</c> apart, <c>u</c>, <c>v</c> <c>vs</c> <c>vb</c> <c>vd</c>, <c>s</c>, and <c>t</c>
/// in seconds since 1970. A record of no time has no <c>t</c>: it was measured on arrival.
/// </summary>
internal sealed record SenmlFormat() : DocumentFormat("senml"), IDocumentCodec
{
    /// <summary>The version of RFC 8428. A pack of a later one must not be used (section 4.4).</summary>
    private const double KnownVersion = 10;

    /// <summary>Times below it are relative to now (section 4.5.3).</summary>
    private const double FirstAbsoluteTime = 1 << 28;

    public override IDocumentCodec Open() => this;

    public bool TryWrite(ReadOnlySpan<byte> body, in RawMessage message, JsonScratch json)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            return TryPack(ref reader, message.ReceivedAt.ToUnixTimeTicks() / (double)TimeText.TicksPerSecond, json);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool TryPack(ref Utf8JsonReader reader, double arrival, JsonScratch json)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            return false;

        var pack = new SenmlBase { Arrival = arrival };
        json.StartArray();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            if (!TryRecord(ref reader, ref pack, json) || json.IsFull)
                return false;
        }

        json.EndArray();
        return reader.TokenType == JsonTokenType.EndArray && !reader.Read();
    }

    private static bool TryRecord(ref Utf8JsonReader reader, ref SenmlBase pack, JsonScratch json)
    {
        var record = new SenmlRecord();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadOnlySpan<byte> label = reader.ValueSpan;
            bool isDemanded = label.EndsWith("_"u8);
            if (!reader.Read() || !TryMember(label, ref reader, ref pack, ref record))
                return false;

            // A label that ends so must be understood or the pack refused (section 4.4), and no such label is defined.
            if (isDemanded)
                return false;
        }

        record.Write(in pack, json);
        return true;
    }

    private static bool TryMember(ReadOnlySpan<byte> label, ref Utf8JsonReader reader, scoped ref SenmlBase pack, scoped ref SenmlRecord record) =>
        label switch
        {
            [(byte)'b', (byte)'n'] => TryText(ref reader, ref pack.Name),
            [(byte)'b', (byte)'u'] => TryText(ref reader, ref pack.Unit),
            [(byte)'b', (byte)'t'] => TryNumber(ref reader, out pack.Time, ref pack.HasTime),
            [(byte)'b', (byte)'v'] => TryNumber(ref reader, out pack.Value, ref pack.HasValue),
            [(byte)'b', (byte)'s'] => TryNumber(ref reader, out pack.Sum, ref pack.HasSum),
            [(byte)'b', (byte)'v', (byte)'e', (byte)'r'] => TryNumber(ref reader, out double version, ref pack.HasVersion) && version <= KnownVersion,
            [(byte)'n'] => TryText(ref reader, ref record.Name),
            [(byte)'u'] => TryText(ref reader, ref record.Unit),
            [(byte)'t'] => TryNumber(ref reader, out record.Time, ref record.HasTime),
            [(byte)'v'] => TryNumber(ref reader, out record.Value, ref record.HasValue),
            [(byte)'s'] => TryNumber(ref reader, out record.Sum, ref record.HasSum),
            [(byte)'v', (byte)'s'] => TryText(ref reader, ref record.Text, ref record.HasText),
            [(byte)'v', (byte)'d'] => TryText(ref reader, ref record.Data, ref record.HasData),
            [(byte)'v', (byte)'b'] => TryFlag(ref reader, ref record),
            _ => reader.TrySkip(),
        };

    private static bool TryText(ref Utf8JsonReader reader, scoped ref ReadOnlySpan<byte> text)
    {
        bool has = false;
        return TryText(ref reader, ref text, ref has);
    }

    private static bool TryText(ref Utf8JsonReader reader, scoped ref ReadOnlySpan<byte> text, ref bool has)
    {
        has = reader.TokenType == JsonTokenType.String;
        text = reader.ValueSpan;
        return has;
    }

    private static bool TryNumber(ref Utf8JsonReader reader, out double number, ref bool has)
    {
        number = 0;
        has = reader.TokenType == JsonTokenType.Number && NumberText.TryParse(reader.ValueSpan, out number);
        return has;
    }

    private static bool TryFlag(ref Utf8JsonReader reader, scoped ref SenmlRecord record)
    {
        record.HasFlag = reader.TokenType is JsonTokenType.True or JsonTokenType.False;
        record.Flag = reader.TokenType == JsonTokenType.True;
        return record.HasFlag;
    }

    /// <summary>What holds for all records from here on; texts as they stand in the pack, escapes included.</summary>
    private ref struct SenmlBase
    {
        public double Arrival;
        public ReadOnlySpan<byte> Name;
        public ReadOnlySpan<byte> Unit;
        public double Time;
        public double Value;
        public double Sum;
        public bool HasTime;
        public bool HasValue;
        public bool HasSum;
        public bool HasVersion;
    }

    private ref struct SenmlRecord
    {
        public ReadOnlySpan<byte> Name;
        public ReadOnlySpan<byte> Unit;
        public ReadOnlySpan<byte> Text;
        public ReadOnlySpan<byte> Data;
        public double Time;
        public double Value;
        public double Sum;
        public bool Flag;
        public bool HasTime;
        public bool HasValue;
        public bool HasSum;
        public bool HasText;
        public bool HasData;
        public bool HasFlag;

        /// <summary>Writes the record with the base fields applied; one without any value only sets base fields.</summary>
        public readonly void Write(scoped in SenmlBase pack, JsonScratch json)
        {
            if (!(HasValue || HasSum || HasText || HasData || HasFlag))
                return;

            json.StartObject();
            Member("name"u8, pack.Name, Name, json);
            Member("bn"u8, pack.Name, default, json);
            Member("n"u8, Name, default, json);
            if (!Unit.IsEmpty || !pack.Unit.IsEmpty)
                Member("u"u8, Unit.IsEmpty ? pack.Unit : Unit, default, json);
            if (HasTime || pack.HasTime)
                WriteTime(pack.Time + Time, pack.Arrival, json);
            if (HasValue)
                Number("v"u8, pack.Value + Value, json);
            if (HasSum)
                Number("s"u8, pack.Sum + Sum, json);
            if (HasText)
                Member("vs"u8, Text, default, json);
            if (HasData)
                Member("vd"u8, Data, default, json);
            if (HasFlag)
            {
                json.Name("vb"u8);
                json.Boolean(Flag);
            }

            json.EndObject();
        }

        private static void WriteTime(double time, double arrival, JsonScratch json)
        {
            if (time != 0)
                Number("t"u8, time < FirstAbsoluteTime ? time + arrival : time, json);
        }

        private static void Number(ReadOnlySpan<byte> name, double number, JsonScratch json)
        {
            json.Name(name);
            json.Number(number);
        }

        private static void Member(ReadOnlySpan<byte> name, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, JsonScratch json)
        {
            json.Name(name);
            json.StartString();
            json.Raw(first);
            json.Raw(second);
            json.EndString();
        }
    }
}
