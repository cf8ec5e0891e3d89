using System.Buffers;
using Ioc.Mqtt;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Properties;
using Microsoft.AspNetCore.Connections;

namespace Ioc.Broker.Connections;

/// <summary>The last packet of a connection, and the patience with a peer that does not read it.</summary>
internal static class Farewell
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>Sends what is ready and the reason for the end, where the version has words for it; then cuts.</summary>
    public static async Task SayAsync(ConnectionContext context, ConnectionWriter writer, TimeProvider time, ReasonCode reason, ClientLimits client, bool connected)
    {
        try
        {
            await writer.FinishAsync(Encode(reason, client, connected)).WaitAsync(Timeout, time);
            if (reason != ReasonCode.Success)
                _ = CutLaterAsync(context, time);
        }
        catch (TimeoutException)
        {
            context.Abort();
        }
    }

    // Before CONNECT was understood there is nobody to talk to, and 3.1.1 has no farewell from the server.
    private static ReadOnlyMemory<byte> Encode(ReasonCode reason, ClientLimits client, bool connected)
    {
        var output = new ArrayBufferWriter<byte>(8);
        if (reason == ReasonCode.Success)
            return default;

        if (!connected && client.Version != ProtocolVersion.Unknown)
        {
            // [MQTT-3.1.4-1] (3.1.1) what it has no return code for is not answered.
            if (client.Version != ProtocolVersion.V311 || ConnackPacket.CanSay(reason, client.Version))
                Handshake.Refuse(output, client, reason);
        }
        else if (connected && client.Version == ProtocolVersion.V5)
        {
            var properties = new PropertyBuilder();
            if (client.WantsReasons)
                properties.Add(PropertyId.ReasonString, ReasonTexts.Of(reason));
            new DisconnectPacket { Type = PacketType.Disconnect, ReasonCode = reason, Properties = properties.List }.Write(output, client.Version);
        }

        return output.WrittenCount <= client.MaxPacketBytes ? output.WrittenMemory : default; // [MQTT-3.1.2-24]
    }

    // The transport sends what is left when this connection returns, but waits for a peer that does not read.
    private static async Task CutLaterAsync(ConnectionContext context, TimeProvider time)
    {
        await Task.Delay(Timeout, time, context.ConnectionClosed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.Abort();
    }
}
