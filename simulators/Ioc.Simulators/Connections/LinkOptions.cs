using Ioc.Mqtt;

namespace Ioc.Simulators.Connections;

/// <summary>How all connections of a run behave.</summary>
/// <param name="Qos">0 or 1.</param>
/// <param name="Window">Most messages sent and not yet acknowledged, per connection.</param>
/// <param name="Queued">Most messages waiting for a connection; what comes on top is dropped by a device, awaited by a load.</param>
/// <param name="SessionExpirySeconds">5.0 only: how long the broker keeps the session of a run that is over.</param>
internal sealed record LinkOptions(
    string Host, int Port, ProtocolVersion Version, int Qos, int Window, int Queued, uint SessionExpirySeconds = 0);
