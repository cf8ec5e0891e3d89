using System.Text;

namespace Ioc.Testing;

/// <summary>MQTT packets put together byte by byte from the standard, without the product's codec: the other opinion.</summary>
/// <remarks>Properties are given encoded, without their length; null leaves the field out, as 3.1.1 does.</remarks>
public static class Packets
{
    /// <summary>Properties of 5.0 that say nothing.</summary>
    public static readonly byte[] None = [];

    /// <summary>Request Problem Information 0: negative answers come without a reason string, so that tests can name them whole.</summary>
    public static readonly byte[] Quiet = [0x17, 0];

    public static byte[] Connect(string clientId = "c1", byte level = 4, bool clean = true, int keepAlive = 60, byte[]? properties = null,
        string? user = null, string? password = null, string? willTopic = null, string willPayload = "gone", int willQos = 0, bool willRetain = false, byte[]? willProperties = null)
    {
        bool v5 = level >= 5;
        int flags = (clean ? 2 : 0) | (user is null ? 0 : 0x80) | (password is null ? 0 : 0x40);
        if (willTopic is not null)
            flags |= 4 | (willQos << 3) | (willRetain ? 0x20 : 0);

        byte[] body = [.. Text("MQTT"), level, (byte)flags, .. Number(keepAlive), .. v5 ? Sized(properties ?? Quiet) : None, .. Text(clientId)];
        if (willTopic is not null)
            body = [.. body, .. v5 ? Sized(willProperties ?? None) : None, .. Text(willTopic), .. Text(willPayload)];
        if (user is not null)
            body = [.. body, .. Text(user)];
        if (password is not null)
            body = [.. body, .. Text(password)];
        return Packet(0x10, body);
    }

    public static byte[] Publish(string topic = "a/b", string payload = "{}", int qos = 0, int packetId = 1, bool retain = false, bool dup = false, byte[]? properties = null) =>
        Packet(0x30 | (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0),
            [.. Text(topic), .. qos > 0 ? Number(packetId) : None, .. properties is null ? None : Sized(properties), .. Encoding.UTF8.GetBytes(payload)]);

    public static byte[] Subscribe(string filter = "#", int options = 1, int packetId = 1, byte[]? properties = null) =>
        Packet(0x82, [.. Number(packetId), .. properties is null ? None : Sized(properties), .. Text(filter), (byte)options]);

    public static byte[] Unsubscribe(string filter = "#", int packetId = 1, byte[]? properties = null) =>
        Packet(0xA2, [.. Number(packetId), .. properties is null ? None : Sized(properties), .. Text(filter)]);

    public static byte[] Puback(int packetId = 1) => Packet(0x40, Number(packetId));

    public static byte[] Pubrec(int packetId = 1) => Packet(0x50, Number(packetId));

    public static byte[] Pubrel(int packetId = 1) => Packet(0x62, Number(packetId));

    public static byte[] Pubcomp(int packetId = 1) => Packet(0x70, Number(packetId));

    public static byte[] Pingreq() => [0xC0, 0x00];

    public static byte[] Disconnect() => [0xE0, 0x00];

    /// <summary>Any packet: first byte, length, body.</summary>
    public static byte[] Packet(int header, byte[] body) => [(byte)header, .. Length(body.Length), .. body];

    /// <summary>A string with its length.</summary>
    public static byte[] Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return [.. Number(utf8.Length), .. utf8];
    }

    /// <summary>Two bytes, high one first.</summary>
    public static byte[] Number(int value) => [(byte)(value >> 8), (byte)value];

    /// <summary>Properties with their length.</summary>
    public static byte[] Sized(byte[] properties) => [.. Length(properties.Length), .. properties];

    /// <summary>The standard's own algorithm (1.5.5), in its own words.</summary>
    public static byte[] Length(int value)
    {
        var encoded = new List<byte>();
        do
        {
            int digit = value % 128;
            value /= 128;
            encoded.Add((byte)(value > 0 ? digit | 128 : digit));
        }
        while (value > 0);
        return [.. encoded];
    }
}
