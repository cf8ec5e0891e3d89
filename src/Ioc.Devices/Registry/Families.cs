namespace Ioc.Devices.Registry;

/// <summary>The families that devices are sorted into: what the map colours, the API filters and rules select by.</summary>
public static class Families
{
    /// <summary>Vehicle and people counters.</summary>
    public const string Traffic = "traffic";

    /// <summary>Air quality stations.</summary>
    public const string Air = "air";

    /// <summary>River, canal and drain gauges.</summary>
    public const string WaterLevel = "water-level";

    /// <summary>Rain gauges.</summary>
    public const string Rain = "rain";

    /// <summary>Electricity meters.</summary>
    public const string Electricity = "electricity";

    /// <summary>Water meters.</summary>
    public const string Water = "water";

    /// <summary>Gateways of one-stop desks: cameras and queues.</summary>
    public const string OneStop = "onestop";

    /// <summary>Street-lighting cabinets and controllers.</summary>
    public const string Lighting = "lighting";

    /// <summary>Public loudspeaker clusters.</summary>
    public const string Loudspeaker = "loudspeaker";

    /// <summary>Concentrators: they speak for other devices.</summary>
    public const string Concentrator = "concentrator";

    /// <summary>Anything else.</summary>
    public const string Other = "other";

    /// <summary>All of them, in the order in which people expect them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Traffic, Air, WaterLevel, Rain, Electricity, Water, OneStop, Lighting, Loudspeaker, Concentrator, Other];

    /// <summary>Whether <paramref name="family"/> is one of <see cref="All"/>.</summary>
    public static bool Contains(string family) => All.Contains(family, StringComparer.Ordinal);
}
