using Ioc.Mqtt.Packets;

namespace Ioc.Broker.Access;

/// <summary>What became of a CONNECT.</summary>
/// <param name="Reason">Success, or why it is not let in.</param>
/// <param name="Who">Whom to count a refusal for, here and later.</param>
/// <param name="Access">What the client may do; null when it is not let in. Whoever gets it disposes it with the connection.</param>
internal readonly record struct AccessDecision(ReasonCode Reason, RefusedClient Who, ClientAccess? Access);
