using Ioc.Simulators.Fleet;
using Ioc.Simulators.Patterns;

namespace Ioc.Simulators.Players;

/// <summary>Gives every device of a fleet its player.</summary>
internal static class Cast
{
    private const string DraginoPrefix = "A84041FF10", ParametricPrefix = "70B3D58D1A";

    private static readonly Dictionary<string, Func<FleetDevice, Noise, IPlayer>> SingleDevices = new(StringComparer.Ordinal)
    {
        ["fiware-trafficflow"] = (device, noise) => new TrafficFlowPlayer(device, noise),
        ["parametric-pcr2-ext"] = (device, noise) => new RadarCounterPlayer(device, noise, new LoraRadio(ParametricPrefix, noise)),
        ["airgradient"] = (device, noise) => new AirPlayer(device, noise),
        ["dragino-ldds75"] = (device, noise) => new WaterLevelPlayer(device, noise, new LoraRadio(DraginoPrefix, noise)),
        ["tasmota-hrg15"] = (device, noise) => new RainPlayer(device, noise),
        ["tasmota-energy"] = (device, noise) => new PlugMeterPlayer(device, noise),
        ["wmbusmeters-kamwater"] = (device, noise) => new WaterMeterPlayer(device, noise),
        ["ioc-onestop-gateway"] = (device, noise) => new DeskPlayer(device, noise),
        ["shelly-3em-gen1"] = (device, noise) => new LightingPlayer(device, noise),
    };

    private const string Concentrator = "thingsboard-gateway";

    /// <summary>Names of the firmware profiles that can be played.</summary>
    public static IReadOnlyCollection<string> Profiles { get; } = [.. SingleDevices.Keys, Concentrator];

    /// <summary>One player for each device that speaks itself; meters speak through their concentrator.</summary>
    public static IReadOnlyList<IPlayer> Of(IReadOnlyList<FleetDevice> fleet, int seed)
    {
        ILookup<string, FleetDevice> children = fleet.Where(d => d.Parent is not null).ToLookup(d => d.Parent!, StringComparer.Ordinal);
        return [.. fleet.Where(d => d.Parent is null).Select(device =>
            device.Profile == Concentrator
                ? new ConcentratorPlayer(device, [.. children[device.Key].Select(meter => new HouseholdMeter(meter, Noise.Of(seed, meter.Key)))])
                : SingleDevices[device.Profile](device, Noise.Of(seed, device.Key)))];
    }
}
