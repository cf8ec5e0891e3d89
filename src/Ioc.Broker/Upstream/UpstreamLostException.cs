using Ioc.Mqtt.Packets;

namespace Ioc.Broker.Upstream;

/// <summary>A connection to another broker has come to its end, or did not come about; the message says why in words for an operator.</summary>
internal sealed class UpstreamLostException(string message, ReasonCode farewell = ReasonCode.Success, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What the other broker is told, if it still listens.</summary>
    public ReasonCode Farewell { get; } = farewell;
}
