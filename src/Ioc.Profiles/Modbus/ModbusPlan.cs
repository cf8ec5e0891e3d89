using System.Buffers.Binary;
using Ioc.Devices.Readings;
using Ioc.Profiles.Fields;
using Ioc.Profiles.Model;

namespace Ioc.Profiles.Modbus;

/// <summary>
/// Checks a Modbus RTU answer to "read holding registers" or "read input registers" and shows its registers to the fields:
/// unit, function, byte count, registers, CRC. The body stays the whole frame, so <c>{$byte0}</c> is the unit.
/// </summary>
internal sealed class ModbusPlan
{
    private const int HeadBytes = 3;
    private const int CrcBytes = 2;
    private const byte ExceptionBit = 0x80;

    private static readonly string[] Exceptions =
    [
        "none", "illegal function", "illegal data address", "illegal data value", "device failure", "acknowledge", "device busy",
        "negative acknowledge", "memory parity error", "unassigned", "gateway path unavailable", "gateway target does not respond",
    ];

    private readonly string _profile;
    private readonly RequestPart _function;
    private readonly RequestPart _address;
    private readonly RequestPart _count;
    private readonly string[] _exceptions;

    public ModbusPlan(string profile, RequestPart function, RequestPart address, RequestPart count)
    {
        _profile = profile;
        (_function, _address, _count) = (function, address, count);
        _exceptions = [.. Exceptions.Select((name, code) => $"profile {profile}: modbus-rtu exception {code}, {name}")];
    }

    private string TooShort => field ??= $"profile {_profile}: the modbus-rtu frame ends early";
    private string Checksum => field ??= $"profile {_profile}: the modbus-rtu check sum does not match";
    private string OtherException => field ??= $"profile {_profile}: modbus-rtu exception of an unknown code";
    private string OtherFunction => field ??= $"profile {_profile}: the modbus-rtu frame does not answer the function that was asked";
    private string OtherCount => field ??= $"profile {_profile}: the modbus-rtu frame holds another number of registers than it says or than was asked";

    /// <summary>Checks the frame's body; its registers are then in the frame.</summary>
    public bool TryOpen(scoped ref Frame frame)
    {
        ReadOnlySpan<byte> body = frame.Body;
        if (body.Length < HeadBytes + CrcBytes)
            return frame.Fail(QuarantineReason.TooShort, TooShort);
        if (Crc(body[..^CrcBytes]) != BinaryPrimitives.ReadUInt16LittleEndian(body[^CrcBytes..]))
            return frame.Fail(QuarantineReason.Checksum, Checksum);
        if ((body[1] & ExceptionBit) != 0)
            return frame.Fail(QuarantineReason.Malformed, body[2] < _exceptions.Length ? _exceptions[body[2]] : OtherException);

        double function = _function.Of(frame.Parameters, double.NaN);
        if (double.IsNaN(function) ? body[1] is not (3 or 4) : body[1] != function)
            return frame.Fail(QuarantineReason.Malformed, OtherFunction);

        double count = _count.Of(frame.Parameters, double.NaN);
        if (body[2] % 2 != 0 || body[2] != body.Length - HeadBytes - CrcBytes || (!double.IsNaN(count) && body[2] != count * 2))
            return frame.Fail(QuarantineReason.Malformed, OtherCount);

        frame.Registers = body[HeadBytes..^CrcBytes];
        frame.FirstRegister = (int)_address.Of(frame.Parameters, 0);
        return true;
    }

    /// <summary>The bytes from a register on; empty when the answer does not reach it.</summary>
    public static ReadOnlySpan<byte> From(int register, scoped ref readonly Frame frame)
    {
        long at = ((long)register - frame.FirstRegister) * 2;
        return at < 0 || at >= frame.Registers.Length ? default : frame.Registers[(int)at..];
    }

    /// <summary>CRC-16 of Modbus: polynomial 0x8005 reflected, begun with ones.</summary>
    public static ushort Crc(ReadOnlySpan<byte> bytes)
    {
        ushort crc = 0xFFFF;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (ushort)((crc & 1) != 0 ? (crc >> 1) ^ 0xA001 : crc >> 1);
        }

        return crc;
    }

    /// <summary>Compiles a request: each part a number or the name of a device parameter.</summary>
    public static ModbusPlan Compile(string profile, ModbusConfig config, IReadOnlyList<string> parameters, ProfileErrors errors) =>
        new(
            profile,
            Part("function", config.Function, 3, 4, parameters, errors),
            Part("address", config.Address, 0, ushort.MaxValue, parameters, errors),
            Part("count", config.Count, 1, 125, parameters, errors));

    private static RequestPart Part(string what, MarkedText? text, int min, int max, IReadOnlyList<string> parameters, ProfileErrors errors)
    {
        if (text is null)
            return new RequestPart(-1, double.NaN);

        int parameter = parameters.ToList().IndexOf(text.Value);
        if (parameter >= 0)
            return new RequestPart(parameter, double.NaN);
        if (!YamlMap.TryNumber(text.Value, out double number) || number < min || number > max || number != Math.Floor(number))
            errors.Add(text.Mark, $"'{what}: {text.Value}' must be a whole number from {min} to {max}, or a device parameter");
        return new RequestPart(-1, number);
    }
}

/// <summary>A number of the request: written out, or a device parameter.</summary>
/// <param name="Parameter">Place of the parameter; −1 when it is written out.</param>
/// <param name="Number">NaN when it is not said.</param>
internal readonly record struct RequestPart(int Parameter, double Number)
{
    public double Of(ReadOnlySpan<double> parameters, double otherwise)
    {
        double value = Parameter >= 0 && Parameter < parameters.Length ? parameters[Parameter] : Number;
        return double.IsNaN(value) ? otherwise : value;
    }
}
