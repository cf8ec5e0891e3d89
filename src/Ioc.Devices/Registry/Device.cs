using Ioc.Devices.Readings;
using NodaTime;

namespace Ioc.Devices.Registry;

/// <summary>One device as the registry knows it. Immutable; a change is a new record under the same <see cref="Id"/>.</summary>
public sealed record Device
{
    /// <summary>The source of devices whose key is unique by itself.</summary>
    public const string DefaultSource = "default";

    /// <summary>Dense handle while the process runs.</summary>
    public DeviceId Id { get; init; }

    /// <summary>Lasting, URL-safe identity: one-to-one with (<see cref="Source"/>, <see cref="Key"/>), see <see cref="ApiIds"/>.</summary>
    public string ApiId { get; init; } = "";

    /// <summary>Who vouches for the key: <see cref="DefaultSource"/>, or the site or gateway behind which many devices call themselves the same.</summary>
    public string Source { get; init; } = DefaultSource;

    /// <summary>What the device calls itself in topic or payload, exactly.</summary>
    public required string Key { get; init; }

    /// <summary>What people call it; the key where nobody has named it.</summary>
    public required string Name { get; init; }

    /// <summary>One of <see cref="Families"/>.</summary>
    public required string Family { get; init; }

    /// <summary>Name of the firmware profile: assigned by a person, or the one that read the first message. Null when neither.</summary>
    public string? Profile { get; init; }

    /// <summary>Code of the commune-level unit in which it stands today; null when it has no place.</summary>
    public string? Area { get; init; }

    /// <summary>Name of <see cref="Area"/>; null when it has no place.</summary>
    public string? AreaName { get; init; }

    /// <summary>Ids of the operating zones that hold <see cref="Area"/> today.</summary>
    public IReadOnlyList<string> Zones { get; init; } = [];

    /// <summary>Where it stands; null until somebody places it on the map.</summary>
    public GeoPoint? Position { get; init; }

    /// <summary>Id of its site; null when it stands alone.</summary>
    public string? Site { get; init; }

    /// <summary>API id of the concentrator that speaks for it; null when it speaks itself.</summary>
    public string? Parent { get; init; }

    /// <summary>Expected time between two messages: three are stale, ten are offline.</summary>
    public Duration Period { get; init; } = Duration.FromMinutes(5);

    /// <summary>Values that profiles and alarm rules ask for: <c>mount_m</c>, <c>bd1_m</c>.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>The zone of its days and months.</summary>
    public DateTimeZone TimeZone { get; init; } = VietnamTime.Zone;

    /// <summary>Where it stands between first contact and retirement.</summary>
    public DeviceStanding Standing { get; init; }

    /// <summary>False for a device that appeared by itself and that nobody has taken on.</summary>
    public bool Claimed => Standing is DeviceStanding.InService or DeviceStanding.Retired;

    /// <summary>Whether live pages, twins and alarms know it.</summary>
    public bool IsLive => Standing is DeviceStanding.InService or DeviceStanding.Unclaimed;

    /// <summary>What arrives from this moment on is set aside; null while the device is live. Earlier messages stay its own, however late they are read.</summary>
    public Instant? RefusedFrom { get; init; }

    /// <summary>Why it was retired or rejected, in somebody's words.</summary>
    public string? Note { get; init; }

    /// <summary>API id of the device whose place it took.</summary>
    public string? Replaces { get; init; }

    /// <summary>API id of the device that took its place.</summary>
    public string? ReplacedBy { get; init; }

    /// <summary>Grows with every change that a person makes; 1 as it came from seeds or first contact.</summary>
    public int Version { get; init; } = 1;

    /// <summary>When a device that appeared by itself was first heard; null for one that a person wrote.</summary>
    public Instant? FirstSeen { get; init; }

    /// <summary>API id, key and name folded for search; the registry fills it.</summary>
    /// <seealso cref="FoldedText"/>
    public string SearchText { get; init; } = "";
}
