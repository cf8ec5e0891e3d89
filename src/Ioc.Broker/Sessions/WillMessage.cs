using System.Buffers;
using Ioc.Mqtt;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Properties;

namespace Ioc.Broker.Sessions;

/// <summary>A client's last will, ready to be accepted like any publish.</summary>
/// <param name="Header">As <see cref="PublishHeader"/> lays it out.</param>
/// <param name="Payload">A copy.</param>
/// <param name="DelaySeconds">How long the client may be away before it goes out; zero in 3.1.1.</param>
internal sealed record WillMessage(byte[] Header, byte[] Payload, uint DelaySeconds)
{
    /// <summary>Memory it takes.</summary>
    public long Bytes => Header.Length + Payload.Length;

    public static WillMessage? From(in ConnectPacket connect, ReadOnlySpan<byte> clientId, ReadOnlySpan<byte> userName)
    {
        if (!connect.HasWill)
            return null;

        bool v5 = connect.Version == ProtocolVersion.V5;
        uint delay = v5 && connect.WillProperties.TryGetNumber(PropertyId.WillDelayInterval, out uint seconds) ? seconds : 0;
        var header = new PublishHeader
        {
            Topic = connect.WillTopic.ToArray(),
            ClientId = clientId,
            UserName = userName,
            Properties = v5 ? WithoutDelay(connect.WillProperties) : default,
            Qos = (byte)connect.WillQos,
            Retain = connect.WillRetain,
            Will = true,
            Version = connect.Version,
        };
        var encoded = new byte[header.EncodedBytes];
        header.Write(encoded);
        return new WillMessage(encoded, connect.WillPayload.ToArray(), delay);
    }

    // The delay is between client and server; the rest belongs to the message.
    private static ReadOnlySpan<byte> WithoutDelay(in PropertyList properties)
    {
        var kept = new PropertyBuilder();
        foreach (Property property in properties)
        {
            if (property.Id != PropertyId.WillDelayInterval)
                kept.Add(property);
        }

        return kept.List.Raw.ToArray();
    }
}
