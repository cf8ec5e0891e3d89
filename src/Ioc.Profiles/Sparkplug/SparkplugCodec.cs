using System.Globalization;
using System.Text.Unicode;
using Ioc.Devices.Readings;
using Ioc.Profiles.Documents;

namespace Ioc.Profiles.Sparkplug;

/// <summary>Sparkplug B payloads: <c>body: {codec: sparkplug}</c>.</summary>
internal sealed record SparkplugFormat() : DocumentFormat("sparkplug")
{
    /// <summary>One that knows no births but those it reads itself.</summary>
    public override IDocumentCodec Open() => Open(new SparkplugDesk(new BirthBook()));

    public override IDocumentCodec Open(SparkplugDesk sparkplug) => new SparkplugCodec(sparkplug);
}

/// <summary>Writes births and data as <c>{"time":…,"metrics":{"name":{"value":…,"time":…,"quality":…,"historical":…,"unit":…}}}</c>.</summary>
/// <remarks>
/// Members that would say nothing are left out: <c>quality</c> is there when it is bad or stale, <c>historical</c> when it is true,
/// <c>unit</c> when message or birth give one. Times are milliseconds; a metric without one has the message's. Control metrics are no
/// values. A metric that comes again, as in back-fill, begins another document.
/// </remarks>
internal sealed class SparkplugCodec(SparkplugDesk desk) : IDocumentSeries
{
    private const string Unborn = "the metrics cannot be told without a birth certificate, which is missing or does not name them";
    private const string TooMany = "more metrics, or devices behind one node, than the product takes";

    // In which document each metric of the birth was written last.
    private int[] _writtenIn = [];
    private int _document;
    private int _left;

    public bool HasMore => _left > 0;

    public bool TryWrite(ReadOnlySpan<byte> body, in RawMessage message, JsonScratch json)
    {
        _left = body.Length;
        return TryWriteNext(body, in message, json);
    }

    public bool TryWriteNext(ReadOnlySpan<byte> body, in RawMessage message, JsonScratch json)
    {
        int left = _left;
        _left = 0;
        SparkplugTopic topic = SparkplugTopic.Of(message.Topic.StartsWith("/"u8) ? message.Topic[1..] : message.Topic);
        if (!topic.CarriesMetrics || !SparkplugPayload.TryRead(body, out SparkplugPayload payload))
            return false;
        if (payload.MetricCount > SparkplugPayload.MaxMetrics || (topic.Verb == SparkplugVerb.DeviceBirth && desk.Births.FindDevice(message.Source, topic) is null))
            return json.Refuse(QuarantineReason.LimitExceeded, TooMany);

        BirthCertificate? certificate = topic.IsBirth ? null : desk.Births.CertificateAt(message.Source, topic, message.Offset);
        if (!topic.IsBirth && certificate is null)
            desk.WishRebirth(message, topic);

        Begin(certificate);
        json.StartObject();
        WriteTime(payload.Timestamp, json);
        json.Name("metrics"u8);
        json.StartObject();
        bool isWritten = TryWriteMetrics(payload.LastMetrics(left), payload.Timestamp, certificate, topic.IsBirth, json);
        json.EndObject();
        json.EndObject();
        if (!isWritten && json.Refusal == QuarantineReason.BirthUnknown)
            desk.WishRebirth(message, topic);
        return isWritten;
    }

    private void Begin(BirthCertificate? certificate)
    {
        if (certificate is not null && certificate.Count > _writtenIn.Length)
            _writtenIn = new int[certificate.Count];
        _document = _document == int.MaxValue ? 1 : _document + 1;
    }

    private bool TryWriteMetrics(SparkplugPayload.MetricEnumerator walk, ulong time, BirthCertificate? certificate, bool isBirth, JsonScratch json)
    {
        int left = walk.Left;
        while (walk.TryNext(out SparkplugMetric metric))
        {
            int place = PlaceOf(ref metric, certificate);
            if (!metric.HasName && place < 0)
                return metric.HasAlias && json.Refuse(QuarantineReason.BirthUnknown, Unborn);

            // Whether a whole number has a sign, only its type can say.
            DataType type = metric.Type != DataType.Unknown || place < 0 ? metric.Type : certificate!.TypeOf(place);
            if (type == DataType.Unknown && metric.Kind == ValueKind.Integer && place < 0 && !isBirth)
                return json.Refuse(QuarantineReason.BirthUnknown, Unborn);

            ReadOnlySpan<byte> name = place >= 0 ? certificate!.NameOf(place) : metric.Name;
            if (place < 0 && !Utf8.IsValid(name))
                return false;
            if (place >= 0 && _writtenIn[place] == _document)
            {
                _left = left;
                return true;
            }

            if (place >= 0)
                _writtenIn[place] = _document;
            if (!IsControl(name))
                WriteMetric(ref metric, name, type, place >= 0 ? certificate!.UnitOf(place) : default, time, json);
            left = walk.Left;
        }

        return !walk.IsBroken;
    }

    private static int PlaceOf(scoped ref SparkplugMetric metric, BirthCertificate? certificate) =>
        certificate is null ? -1
        : metric.HasName ? certificate.FindName(metric.Name)
        : metric.HasAlias ? certificate.FindAlias(metric.Alias) : -1;

    private static bool IsControl(ReadOnlySpan<byte> name) =>
        name.StartsWith("Node Control/"u8) || name.StartsWith("Device Control/"u8) || name.SequenceEqual("bdSeq"u8);

    private static void WriteMetric(scoped ref SparkplugMetric metric, ReadOnlySpan<byte> name, DataType type, ReadOnlySpan<byte> bornUnit, ulong messageTime, JsonScratch json)
    {
        json.Name(name);
        json.StartObject();
        WriteValue(ref metric, type, json);
        WriteTime(metric.Timestamp > 0 ? metric.Timestamp : messageTime, json);
        if (metric.Quality != SparkplugMetric.QualityGood)
        {
            json.Name("quality"u8);
            json.String(metric.Quality == SparkplugMetric.QualityStale ? "stale"u8 : "bad"u8);
        }

        if (metric.IsHistorical)
        {
            json.Name("historical"u8);
            json.Boolean(true);
        }

        ReadOnlySpan<byte> unit = metric.Unit.IsEmpty || !Utf8.IsValid(metric.Unit) ? bornUnit : metric.Unit;
        if (!unit.IsEmpty)
        {
            json.Name("unit"u8);
            json.String(unit);
        }

        json.EndObject();
    }

    private static void WriteTime(ulong milliseconds, JsonScratch json)
    {
        if (milliseconds == 0)
            return;

        json.Name("time"u8);
        json.Number(milliseconds);
    }

    private static void WriteValue(scoped ref SparkplugMetric metric, DataType type, JsonScratch json)
    {
        // Bytes, data sets, templates and files have no member here: they are no single value.
        if (!metric.IsNull && metric.Kind == ValueKind.None)
            return;

        json.Name("value"u8);
        if (metric.IsNull)
            json.Null();
        else if (metric.Kind == ValueKind.Float)
            WriteSingle(BitConverter.UInt32BitsToSingle((uint)metric.Bits), json);
        else if (metric.Kind == ValueKind.Double)
            json.Number(BitConverter.UInt64BitsToDouble(metric.Bits));
        else if (metric.Kind == ValueKind.Text)
            WriteText(metric.Text, json);
        else if (metric.Kind == ValueKind.Boolean || type == DataType.Boolean)
            json.Boolean(metric.Bits != 0);
        else
            WriteInteger(metric.Bits, type, json);
    }

    // As short as 32 bits allow: 12.1, not 12.100000381469727.
    private static void WriteSingle(float value, JsonScratch json)
    {
        Span<byte> text = stackalloc byte[32];
        if (float.IsFinite(value) && value.TryFormat(text, out int length, provider: CultureInfo.InvariantCulture))
            json.Literal(text[..length]);
        else
            json.Null();
    }

    private static void WriteText(ReadOnlySpan<byte> text, JsonScratch json)
    {
        if (Utf8.IsValid(text))
            json.String(text);
        else
            json.Null();
    }

    // Negative numbers travel as two's complement inside unsigned ones, of 32 bits for all types but the longest.
    private static void WriteInteger(ulong bits, DataType type, JsonScratch json)
    {
        switch (type)
        {
            case DataType.Int8:
                json.Number((sbyte)bits);
                break;
            case DataType.Int16:
                json.Number((short)bits);
                break;
            case DataType.Int32:
                json.Number((int)bits);
                break;
            case DataType.Int64:
                json.Number((long)bits);
                break;
            default:
                json.Number(bits);
                break;
        }
    }
}
