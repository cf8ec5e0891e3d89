using Ioc.Simulators.Connections;
using Ioc.Simulators.Fleet;
using Ioc.Simulators.Formats;
using Ioc.Simulators.Patterns;
using Ioc.Simulators.Story;

namespace Ioc.Simulators.Players;

/// <summary>A detector over one approach of a junction; reports each lane.</summary>
internal sealed class TrafficFlowPlayer(FleetDevice device, Noise noise) : IPlayer
{
    private const double FreeKilometresPerHour = 44, LostWhenFull = 24;
    // How long one vehicle stands over the loop, in the mix of motorbikes and cars.
    private const double SecondsOverLoop = 0.9;
    private const double CrawlKilometresPerHour = 5, CrawlPerSecond = 0.2, CrawlOccupancy = 0.93;

    private readonly double _peakPerSecond = device.Number("peak_per_hour", 900) / device.Number("lanes", 1) / 3_600;
    private readonly Flow[] _lanes = [.. Enumerable.Range(1, (int)device.Number("lanes", 1)).Select(lane => new Flow(
        DayCurve.Traffic,
        device.Number("peak_per_hour", 900) / device.Number("lanes", 1) * 24 / DayCurve.Traffic.Peak,
        noise,
        lane))];

    public FleetDevice Device => device;

    public void Speak(in Moment moment, Plot plot, ICollection<OutgoingMessage> into)
    {
        for (int lane = 0; lane < _lanes.Length; lane++)
            into.Add(Observe(moment, plot, lane));
    }

    private OutgoingMessage Observe(in Moment moment, Plot plot, int lane)
    {
        double jam = plot.Strength(SceneKind.Congestion, device.Key, moment.Now);
        double seconds = device.Period.TotalSeconds;
        long tick = moment.Now.ToUnixTimeSeconds();
        double busy = Math.Clamp(_lanes[lane].RateAt(moment) / _peakPerSecond, 0, 1.4);
        double freeSpeed = FreeKilometresPerHour - LostWhenFull * busy * busy + 3 * noise.Symmetric(tick, 20 + lane);
        long count = (long)Math.Round(Between(_lanes[lane].CountDuring(device.Period, moment), CrawlPerSecond * seconds, jam));
        double occupancy = Math.Min(count * SecondsOverLoop * (0.8 + 0.4 * noise.Uniform(tick, 40 + lane)) / seconds, 0.95);

        var observed = new TrafficFlowObserved(
            device.Key, lane + 1, moment.Now - device.Period, moment.Now, count,
            MeanSpeed: count == 0 ? null : Between(Math.Max(CrawlKilometresPerHour, freeSpeed), CrawlKilometresPerHour, jam),
            Occupancy: Between(occupancy, CrawlOccupancy, jam),
            MeanLengthMetres: 2.6 + 0.8 * noise.Uniform(tick, 30 + lane),
            MeanHeadwaySeconds: seconds / Math.Max(1, count));
        return new OutgoingMessage(observed.Topic, observed.Payload());
    }

    private static double Between(double usual, double jammed, double jam) => usual + (jammed - usual) * jam;
}
