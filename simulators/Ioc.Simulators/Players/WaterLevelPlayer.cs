using Ioc.Simulators.Connections;
using Ioc.Simulators.Fleet;
using Ioc.Simulators.Formats;
using Ioc.Simulators.Patterns;
using Ioc.Simulators.Story;

namespace Ioc.Simulators.Players;

/// <summary>An ultrasonic gauge over a river, canal or street: it measures how far below it the water is.</summary>
internal sealed class WaterLevelPlayer(FleetDevice device, Noise noise, LoraRadio radio) : IPlayer
{
    private const double WaveMetres = 0.18, RippleMetres = 0.012;
    private const double AboveSecondAlarmMetres = 0.35, FloodWithoutAlarmLevels = 1.5;

    private readonly double _mountMetres = device.Number("mount_m", 5);
    private readonly double _baseMetres = device.Number("base_m", 1);
    private readonly double _crestMetres = device.Number("bd2_m", device.Number("base_m", 1) + FloodWithoutAlarmLevels) + AboveSecondAlarmMetres;

    public FleetDevice Device => device;

    public void Speak(in Moment moment, Plot plot, ICollection<OutgoingMessage> into)
    {
        double level = LevelAt(moment, plot);
        double distance = Math.Clamp((_mountMetres - level) * 1_000, Ldds75Frame.NearestMillimetres, Ldds75Frame.FarthestMillimetres);
        double battery = 3_580 - 120 * noise.Uniform(0, 40) + 8 * noise.Symmetric(moment.Now.ToUnixTimeSeconds(), 41);
        var frame = new Ldds75Frame((ushort)battery, (ushort)Math.Round(distance), Interrupt: false);
        into.Add(radio.Uplink("water", device, Ldds75Frame.Port, frame.ToBytes(), moment));
    }

    /// <summary>Metres above the gauge's own zero.</summary>
    public double LevelAt(in Moment moment, Plot plot)
    {
        double wave = WaveMetres * (noise.Wander(moment.Seconds, 26 * 3_600, 50) + 0.5 * noise.Wander(moment.Seconds, 5 * 3_600, 51));
        double ripple = RippleMetres * noise.Symmetric(moment.Now.ToUnixTimeSeconds(), 52);
        double quiet = Math.Max(0, _baseMetres + wave + ripple);
        return quiet + (_crestMetres - quiet) * plot.Strength(SceneKind.Flood, device.Key, moment.Now);
    }
}
