using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Ioc.Mqtt;
using Ioc.Mqtt.Packets;
using NodaTime;

namespace Ioc.Load.Messages;

/// <summary>
/// A PUBLISH of a direct-current meter behind Tasmota, encoded once; then only digits change, in place: 213 bytes on the wire,
/// 185 of them JSON, five readings (total, today, power, voltage, current).
/// </summary>
/// <remarks>A direct-current meter sends no apparent and reactive power and no factor, which leaves five. Every number keeps its width, so every frame has the same length.</remarks>
internal sealed class MeterMessage
{
    public const int MostMeters = 100_000;
    public const int MeterDigits = 5;

    // kWh times 1,000. The round of a message is told by it, so that a subscriber can say which ones are missing.
    private const long FirstTotal = 1_000_000_000;

    private const string Payload =
        """{"Time":"2026-11-22T09:59:50","ENERGY":{"TotalStartTime":"2026-01-05T08:00:00","Total":1000000.000,"Yesterday":6.100,"Today":2.400,"Period":3,"Power":187,"Voltage":222,"Current":0.905}}""";

    private static readonly int TimeAt = After("\"Time\":\""), TotalAt = After("\"Total\":"), TodayAt = After("\"Today\":"),
        PowerAt = After("\"Power\":"), VoltageAt = After("\"Voltage\":"), CurrentAt = After("\"Current\":");

    private readonly byte[] _frame;
    private readonly int _topicAt, _packetIdAt, _payloadAt, _meterAt;
    private readonly MeterPlan _plan;
    private readonly byte[] _time = new byte[19];
    private long _timeOfRound = -1;

    /// <param name="plan">Who says what.</param>
    /// <param name="key">What the meters' names begin with.</param>
    /// <param name="qos">0 or 1.</param>
    /// <param name="version">5.0 adds an empty property list.</param>
    public MeterMessage(MeterPlan plan, string key, int qos, ProtocolVersion version)
    {
        _plan = plan;
        byte[] topic = Encoding.UTF8.GetBytes($"tele/{key}-{new string('0', MeterDigits)}/SENSOR");
        var output = new ArrayBufferWriter<byte>();
        new PublishPacket
        {
            Qos = qos,
            PacketId = (ushort)(qos > 0 ? 1 : 0),
            Topic = new ReadOnlySequence<byte>(topic),
            Payload = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(Payload)),
        }.Write(output, version);
        _frame = output.WrittenSpan.ToArray();
        _topicAt = _frame.AsSpan().IndexOf(topic);
        _meterAt = _topicAt + "tele/".Length + Encoding.UTF8.GetByteCount(key) + 1;
        _packetIdAt = qos > 0 ? _topicAt + topic.Length : -1;
        _payloadAt = _frame.Length - Payload.Length;
    }

    public int FrameBytes => _frame.Length;

    public static int PayloadBytes => Payload.Length;

    /// <summary>Puts the unchanging bytes there; <see cref="Patch"/> does the rest.</summary>
    public void CopyTo(Span<byte> frame) => _frame.CopyTo(frame);

    /// <summary>Makes a frame that was copied there say message <paramref name="message"/> of a connection.</summary>
    public void Patch(Span<byte> frame, int connection, long message, ushort packetId)
    {
        long round = _plan.RoundOf(message);
        if (_packetIdAt > 0)
            BinaryPrimitives.WriteUInt16BigEndian(frame[_packetIdAt..], packetId);
        Digits.Write(frame.Slice(_meterAt, MeterDigits), _plan.MeterOf(connection, message));

        Span<byte> payload = frame[_payloadAt..];
        TimeOf(round).CopyTo(payload[TimeAt..]);
        long total = FirstTotal + round;
        Digits.Write(payload.Slice(TotalAt, 7), total / 1000);
        Digits.Write(payload.Slice(TotalAt + 8, 3), total % 1000);
        Digits.Write(payload.Slice(TodayAt + 2, 3), total % 1000);
        Digits.Write(payload.Slice(PowerAt, 3), 100 + message % 900);
        Digits.Write(payload.Slice(VoltageAt + 2, 1), message % 10);
        Digits.Write(payload.Slice(CurrentAt + 2, 3), 300 + message % 700);
    }

    /// <summary>Which meter and which of its messages a delivered topic and payload are; false when they are nobody's of this run.</summary>
    public bool TryRecognise(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, out int meter, out long round)
    {
        (meter, round) = (0, 0);
        int digits = _meterAt - _topicAt;
        int topicBytes = (_packetIdAt > 0 ? _packetIdAt : _topicAt + topic.Length) - _topicAt;
        if (topic.Length != topicBytes || payload.Length != Payload.Length || !topic[..digits].SequenceEqual(_frame.AsSpan(_topicAt, digits)))
            return false;

        meter = (int)Digits.Read(topic.Slice(digits, MeterDigits));
        long whole = Digits.Read(payload.Slice(TotalAt, 7)), thousandths = Digits.Read(payload.Slice(TotalAt + 8, 3));
        round = whole * 1000 + thousandths - FirstTotal;
        return meter >= 0 && meter < _plan.Meters && whole >= 0 && thousandths >= 0;
    }

    private ReadOnlySpan<byte> TimeOf(long round)
    {
        if (round != _timeOfRound)
        {
            LocalDateTime time = _plan.ClockOf(round);
            Digits.Write(_time.AsSpan(0, 4), time.Year);
            Digits.Write(_time.AsSpan(5, 2), time.Month);
            Digits.Write(_time.AsSpan(8, 2), time.Day);
            Digits.Write(_time.AsSpan(11, 2), time.Hour);
            Digits.Write(_time.AsSpan(14, 2), time.Minute);
            Digits.Write(_time.AsSpan(17, 2), time.Second);
            _time[4] = _time[7] = (byte)'-';
            _time[10] = (byte)'T';
            _time[13] = _time[16] = (byte)':';
            _timeOfRound = round;
        }

        return _time;
    }

    private static int After(string name) => Payload.IndexOf(name, StringComparison.Ordinal) + name.Length;
}
