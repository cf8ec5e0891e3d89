using System.Buffers.Binary;

namespace Ioc.Testing;

/// <summary>Properties of MQTT 5.0, each encoded by hand; several are joined with <c>[.. a, .. b]</c>.</summary>
public static class PropertyBytes
{
    public static byte[] MessageExpiry(uint seconds) => [0x02, .. Four(seconds)];

    public static byte[] SubscriptionId(int number) => [0x0B, .. Packets.Length(number)];

    public static byte[] SessionExpiry(uint seconds) => [0x11, .. Four(seconds)];

    public static byte[] WillDelay(uint seconds) => [0x18, .. Four(seconds)];

    public static byte[] ReceiveMaximum(int messages) => [0x21, .. Packets.Number(messages)];

    public static byte[] User(string name, string value) => [0x26, .. Packets.Text(name), .. Packets.Text(value)];

    private static byte[] Four(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }
}
