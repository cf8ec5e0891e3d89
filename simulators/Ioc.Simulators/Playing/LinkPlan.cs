using System.Globalization;
using Ioc.Simulators.Connections;
using Ioc.Simulators.Fleet;

namespace Ioc.Simulators.Playing;

/// <summary>Which device speaks over which connection.</summary>
/// <param name="directConnections">How many connections the devices without a gateway share; 0 gives each its own, as in the field.</param>
internal sealed class LinkPlan(int directConnections)
{
    /// <summary>The connection of a device; equal client ids mean one connection.</summary>
    public LinkIdentity Of(FleetDevice device, int indexInFleet) => device.Profile switch
    {
        // One network server with one application per kind, one agent, one radio receiver, one modem per concentrator.
        "parametric-pcr2-ext" => new LinkIdentity("ioc-sim-lorawan-traffic"),
        "dragino-ldds75" => new LinkIdentity("ioc-sim-lorawan-water"),
        "fiware-trafficflow" => new LinkIdentity("ioc-sim-traffic-agent"),
        "wmbusmeters-kamwater" => new LinkIdentity("ioc-sim-wmbus-collector"),
        "thingsboard-gateway" => new LinkIdentity($"ioc-sim-{device.Key}"),
        _ when directConnections > 0 => new LinkIdentity(
            string.Create(CultureInfo.InvariantCulture, $"ioc-sim-direct-{indexInFleet % directConnections + 1}")),
        "tasmota-hrg15" or "tasmota-energy" => LinkIdentity.OfTasmota(device.Key),
        "shelly-3em-gen1" => LinkIdentity.OfShelly(device.Key),
        _ => new LinkIdentity($"ioc-sim-{device.Key}"),
    };
}
