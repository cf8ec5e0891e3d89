using System.Buffers.Binary;

namespace Ioc.Simulators.Formats;

/// <summary>Extended uplink of the Parametric PCR2 radar counter, payload version 4: 17 bytes, big-endian.</summary>
/// <param name="LeftToRight">Counted since the uplink before.</param>
/// <param name="LeftToRightTotal">Counted since power-on; the device keeps 16 bits, so it wraps at 65,536.</param>
internal readonly record struct Pcr2Frame(
    ushort LeftToRight, ushort RightToLeft, ushort LeftToRightTotal, ushort RightToLeftTotal,
    ushort BatteryMillivolts, ushort SolarMilliwatts, double TemperatureCelsius)
{
    public const byte Port = 14;
    private const byte Vendor = 0xBE, DeviceFamily = 0x01, PayloadVersion = 0x04;

    public byte[] ToBytes()
    {
        byte[] frame = [Vendor, DeviceFamily, PayloadVersion, .. new byte[14]];
        Span<byte> body = frame.AsSpan(3);
        BinaryPrimitives.WriteUInt16BigEndian(body, LeftToRight);
        BinaryPrimitives.WriteUInt16BigEndian(body[2..], RightToLeft);
        BinaryPrimitives.WriteUInt16BigEndian(body[4..], LeftToRightTotal);
        BinaryPrimitives.WriteUInt16BigEndian(body[6..], RightToLeftTotal);
        BinaryPrimitives.WriteUInt16BigEndian(body[8..], BatteryMillivolts);
        BinaryPrimitives.WriteUInt16BigEndian(body[10..], SolarMilliwatts);
        BinaryPrimitives.WriteInt16BigEndian(body[12..], (short)Math.Round(TemperatureCelsius * 10));
        return frame;
    }
}
