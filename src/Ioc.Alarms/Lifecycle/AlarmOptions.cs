using System.ComponentModel.DataAnnotations;

namespace Ioc.Alarms.Lifecycle;

/// <summary>Limits of the alarm engine.</summary>
public sealed class AlarmOptions
{
    /// <summary>Most alarms open at once; further ones wait until one is closed, and are counted.</summary>
    /// <remarks>Nobody can work a list of thousands; the bound keeps a broken rule from filling memory and the screens.</remarks>
    [Range(1, 1_000_000)]
    public int MaxOpen { get; set; } = 10_000;

    /// <summary>Most series watched at once (rule, device, channel); readings of further ones are not evaluated, and are counted.</summary>
    /// <remarks>Channel names come from payloads. One series costs about 150 bytes.</remarks>
    [Range(1, 50_000_000)]
    public int MaxConditions { get; set; } = 500_000;

    /// <summary>Journal offsets after which the cursor is saved even though no alarm changed.</summary>
    /// <remarks>What lies behind the saved cursor is evaluated again after a restart, at about a million readings a second.</remarks>
    [Range(1, 10_000_000)]
    public int SaveCursorEvery { get; set; } = 20_000;

    /// <summary>Seconds after which a tick saves a cursor that has moved.</summary>
    [Range(1, 3_600)]
    public int SaveCursorSeconds { get; set; } = 10;
}
