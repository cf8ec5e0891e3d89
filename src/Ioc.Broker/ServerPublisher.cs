using Ioc.Broker.Sessions;
using Ioc.Mqtt;

namespace Ioc.Broker;

/// <summary>Publishes messages of the server's own: journaled first, then delivered, like anybody's. Thread-safe.</summary>
public sealed class ServerPublisher
{
    private readonly Publisher _publisher;
    private readonly TimeProvider _time;

    internal ServerPublisher(Publisher publisher, TimeProvider time)
    {
        _publisher = publisher;
        _time = time;
    }

    /// <summary>The client id that these messages bear in the journal.</summary>
    public static ReadOnlySpan<byte> ClientId => "ioc-server"u8;

    /// <summary>Publishes one message at QoS 0, not retained.</summary>
    /// <param name="topic">A topic name in UTF-8, valid as MQTT asks.</param>
    /// <param name="payload">Its bytes.</param>
    /// <returns>When not accepted, nobody gets it.</returns>
    /// <remarks>Waits while another holds the journal's batch, so not to be called inside one.</remarks>
    public AcceptOutcome Publish(ReadOnlySpan<byte> topic, byte[] payload)
    {
        var header = new PublishHeader { Topic = topic, ClientId = ClientId, Version = ProtocolVersion.V5 };
        var encoded = new byte[header.EncodedBytes];
        header.Write(encoded);
        _publisher.Begin();
        try
        {
            return _publisher.Publish(encoded, payload, null, _time.GetUtcNow().ToUnixTimeMilliseconds());
        }
        finally
        {
            _publisher.End();
        }
    }
}
