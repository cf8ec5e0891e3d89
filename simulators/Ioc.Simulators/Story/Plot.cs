using NodaTime;

namespace Ioc.Simulators.Story;

/// <summary>What befalls the demo city: something goes wrong within half a minute, something is well again within two.</summary>
/// <remarks>
/// Few devices in turn, so that a handful of things is wrong at a time and the page lives without screaming.
/// Every scene goes well beyond the usual limit and well back, so that dead bands let its alarm return.
/// </remarks>
internal sealed class Plot
{
    // One round for all: with rhythms of their own, many would one day meet.
    private const double RoundSeconds = 600;

    private static readonly Scene[] DemoScenes =
    [
        new(SceneKind.Queue, "mc-quy-nhon", After: 8, Rise: 12, Hold: 110, Fall: 10, RoundSeconds),
        new(SceneKind.Flood, "ldds75-01", After: 10, Rise: 30, Hold: 25, Fall: 30, RoundSeconds),
        new(SceneKind.VoltageDip, "EM-540-00017", After: 12, Rise: 5, Hold: 50, Fall: 5, RoundSeconds),
        new(SceneKind.Congestion, "TrafficFlowObserved-QuyNhon-01N", After: 30, Rise: 30, Hold: 150, Fall: 30, RoundSeconds),
        new(SceneKind.VoltageDip, "pow-04", After: 55, Rise: 5, Hold: 120, Fall: 5, RoundSeconds),
        new(SceneKind.Silence, "diem-phuoc-my", After: 40, Rise: 1, Hold: 200, Fall: 1, RoundSeconds),
        new(SceneKind.Flood, "ldds75-06", After: 120, Rise: 60, Hold: 210, Fall: 60, RoundSeconds),
        new(SceneKind.Smog, "84fce607a272", After: 200, Rise: 60, Hold: 200, Fall: 60, RoundSeconds),
        new(SceneKind.Queue, "mc-bong-son", After: 400, Rise: 40, Hold: 150, Fall: 40, RoundSeconds),
        new(SceneKind.Downpour, "rain-12", After: 330, Rise: 30, Hold: 150, Fall: 30, RoundSeconds),
    ];

    private readonly Instant _start;
    private readonly Dictionary<(SceneKind, string), Scene> _scenes;

    private Plot(Instant start, IEnumerable<Scene> scenes)
    {
        _start = start;
        _scenes = scenes.ToDictionary(scene => (scene.Kind, scene.Device));
    }

    /// <summary>Nothing ever happens.</summary>
    public static Plot Quiet { get; } = new(default, []);

    /// <summary>The demo's scenes, counted from <paramref name="start"/>.</summary>
    public static Plot Demo(Instant start) => new(start, DemoScenes);

    public IReadOnlyCollection<Scene> Scenes => _scenes.Values;

    /// <summary>How strongly something befalls a device now, 0 to 1.</summary>
    public double Strength(SceneKind kind, string device, Instant now) =>
        _scenes.TryGetValue((kind, device), out Scene? scene) ? scene.StrengthAt((now - _start).TotalSeconds) : 0;
}
