using System.Text;

namespace Ioc.Simulators.Connections;

/// <summary>One message that a device wants published; kept until it is acknowledged.</summary>
internal sealed record OutgoingMessage(byte[] Topic, byte[] Payload)
{
    public OutgoingMessage(string topic, byte[] payload)
        : this(Encoding.UTF8.GetBytes(topic), payload)
    {
    }
}
