using System.Buffers.Binary;

namespace Ioc.Simulators.Formats;

/// <summary>Uplink of the Dragino LDDS75 ultrasonic sensor, firmware before 1.1.4: 5 bytes, big-endian.</summary>
/// <param name="BatteryMillivolts">Lower 14 bits of the first word.</param>
/// <param name="DistanceMillimetres">From the sensor down to the water; below 20 the device means "invalid".</param>
/// <param name="Interrupt">The uplink was set off by the external input, not by the timer.</param>
internal readonly record struct Ldds75Frame(ushort BatteryMillivolts, ushort DistanceMillimetres, bool Interrupt)
{
    public const byte Port = 2;

    /// <summary>What the transducer can see, in mm.</summary>
    public const int NearestMillimetres = 280, FarthestMillimetres = 7_500;

    public byte[] ToBytes()
    {
        byte[] frame = new byte[5];
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)(BatteryMillivolts & 0x3FFF));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), DistanceMillimetres);
        frame[4] = Interrupt ? (byte)1 : (byte)0;
        return frame;
    }
}
