namespace Ioc.Simulators.Story;

/// <summary>What can befall a device.</summary>
internal enum SceneKind
{
    /// <summary>A river rises to above its second alarm level.</summary>
    Flood,

    /// <summary>A desk fills with people.</summary>
    Queue,

    /// <summary>The voltage at a customer drops far below what is allowed.</summary>
    VoltageDip,

    /// <summary>A gateway says nothing.</summary>
    Silence,

    /// <summary>Fine dust over a quarter.</summary>
    Smog,

    /// <summary>A cloudburst over a gauge.</summary>
    Downpour,

    /// <summary>Traffic stands at one approach of a junction.</summary>
    Congestion,
}
