using Ioc.Simulators.Connections;
using Ioc.Simulators.Fleet;
using Ioc.Simulators.Formats;
using Ioc.Simulators.Patterns;
using NodaTime;

namespace Ioc.Simulators.Players;

/// <summary>Wraps a device's frame as the province's LoRaWAN network server would.</summary>
/// <param name="vendorPrefix">First ten digits of the vendor's device numbers.</param>
internal sealed class LoraRadio(string vendorPrefix, Noise noise)
{
    private const string Tenant = "gialai";
    private static readonly Instant FirstJoin = Instant.FromUtc(2026, 1, 1, 0, 0);

    // Six digits from the device's own randomness: the same in every run with this seed.
    private readonly string _devEui = $"{vendorPrefix}{(int)(noise.Uniform(0, 950) * 0xFFFFFF):X6}";

    public OutgoingMessage Uplink(string application, FleetDevice device, byte port, byte[] frame, in Moment moment)
    {
        long tick = moment.Now.ToUnixTimeSeconds();
        long frameCount = (long)((moment.Now - FirstJoin).TotalSeconds / device.Period.TotalSeconds);
        var uplink = new ThingsStackUplink(
            application, Tenant, device.Key, _devEui, port, frameCount, frame, moment.Now,
            Rssi: -97 + (int)(9 * noise.Symmetric(tick, 951)), Snr: 6 + 3 * noise.Symmetric(tick, 952));
        return new OutgoingMessage(uplink.Topic, uplink.Payload());
    }
}
