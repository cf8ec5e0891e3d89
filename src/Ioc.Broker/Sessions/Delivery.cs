using Ioc.Broker.Routing;

namespace Ioc.Broker.Sessions;

/// <summary>A message on its way to one session.</summary>
/// <param name="Message">Shared with other receivers.</param>
/// <param name="Qos">0 or 1: the lower of published and granted.</param>
/// <param name="Retain">The flag the receiver shall see.</param>
/// <param name="PacketId">Given when it is sent; zero at QoS 0.</param>
internal readonly record struct Delivery(Message Message, int Qos, bool Retain, ushort PacketId = 0);
