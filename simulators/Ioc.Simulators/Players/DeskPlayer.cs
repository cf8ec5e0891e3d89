using System.Globalization;
using Ioc.Simulators.Connections;
using Ioc.Simulators.Fleet;
using Ioc.Simulators.Formats;
using Ioc.Simulators.Patterns;
using Ioc.Simulators.Story;
using NodaTime;

namespace Ioc.Simulators.Players;

/// <summary>The gateway of a one-stop desk. A scene fills its desk at any hour, or there would be nothing to show at night.</summary>
internal sealed class DeskPlayer(FleetDevice device, Noise noise) : IPlayer
{
    private const double CrowdOfScene = 60;
    private const double SecondsPerPerson = 40;
    private const double BlindShare = 0.004;
    private static readonly Instant Booted = Instant.FromUtc(2026, 9, 1, 0, 0);

    private readonly int _cameras = (int)device.Number("cameras", 2);
    private readonly double _peakWaiting = device.Number("peak_waiting", 10);

    public FleetDevice Device => device;

    public void Speak(in Moment moment, Plot plot, ICollection<OutgoingMessage> into)
    {
        double usual = _peakWaiting * OfficeHours.CrowdAt(moment.Local) * (1 + 0.35 * noise.Wander(moment.Seconds, 300, 90));
        int waiting = (int)Math.Round(usual + CrowdOfScene * plot.Strength(SceneKind.Queue, device.Key, moment.Now));
        long tick = moment.Now.ToUnixTimeSeconds();
        int served = waiting > 0 && noise.Uniform(tick, 91) < device.Period.TotalSeconds / SecondsPerPerson ? 1 : 0;

        var cameras = new CameraStatus[_cameras];
        for (int i = 0; i < cameras.Length; i++)
            cameras[i] = Look(i, moment);

        var status = new DeskStatus(
            device.Key, moment.Now, (long)(moment.Now - Booted).TotalSeconds, cameras, waiting, served,
            MeanWaitSeconds: waiting == 0 ? 0 : (int)(60 + waiting * SecondsPerPerson / 2));
        into.Add(new OutgoingMessage(status.Topic, status.Payload()));
    }

    // A camera goes blind for two hours now and then.
    private CameraStatus Look(int index, in Moment moment)
    {
        long tick = moment.Now.ToUnixTimeSeconds();
        bool online = noise.Uniform((long)(moment.Seconds / 7_200), 100 + index) >= BlindShare;
        string id = string.Create(CultureInfo.InvariantCulture, $"cam{index + 1}");
        return online
            ? new CameraStatus(id, true, 12 + 0.4 * noise.Symmetric(tick, 110 + index), (int)(2_048 + 160 * noise.Symmetric(tick, 120 + index)),
                0.1 + 0.6 * noise.Uniform(tick, 130 + index), true, 27 + (int)(6 * noise.Uniform(0, 140 + index)), 0.5 * noise.Symmetric(tick / 3_600, 150 + index))
            : new CameraStatus(id, false, 0, 0, 7_200 * (moment.Seconds / 7_200 % 1), false, 27, 0);
    }
}
