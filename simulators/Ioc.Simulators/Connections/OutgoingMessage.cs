using System.Text;

namespace Ioc.Simulators.Connections;

/// <summary>One message that a device wants published; kept until it is acknowledged.</summary>
/// <param name="Retain">The broker is to keep it for later subscribers: births and wills, never measurements.</param>
internal sealed record OutgoingMessage(byte[] Topic, byte[] Payload, bool Retain = false)
{
    public OutgoingMessage(string topic, byte[] payload, bool retain = false)
        : this(Encoding.UTF8.GetBytes(topic), payload, retain)
    {
    }
}
