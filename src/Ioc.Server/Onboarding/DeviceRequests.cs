using System.Text.Json.Serialization;
using Ioc.Devices.Onboarding;
using Ioc.Devices.Registry;
using Ioc.Server.Api;

namespace Ioc.Server.Onboarding;

/// <summary>What a caller wants a device to be. A member that is left out stays as it is; null clears it.</summary>
public class DeviceFieldsRequest
{
    private readonly HashSet<string> _given = new(StringComparer.Ordinal);

    /// <summary>What people call it; null: its key.</summary>
    public string? Name { get; set => field = Give(nameof(Name), value); }

    /// <summary>Family.</summary>
    public string? Family { get; set => field = Give(nameof(Family), value); }

    /// <summary>Name of the assigned firmware profile.</summary>
    public string? Profile { get; set => field = Give(nameof(Profile), value); }

    /// <summary>Id of a site; brings area and position with it where these are left out.</summary>
    public string? Site { get; set => field = Give(nameof(Site), value); }

    /// <summary>Code of an area of today.</summary>
    public string? Area { get; set => field = Give(nameof(Area), value); }

    /// <summary>Where it stands.</summary>
    public PositionView? Position { get; set => field = Give(nameof(Position), value); }

    /// <summary>Expected seconds between two messages; null: the default.</summary>
    public double? PeriodSeconds { get; set => field = Give(nameof(PeriodSeconds), value); }

    /// <summary>API id of its concentrator.</summary>
    public string? Parent { get; set => field = Give(nameof(Parent), value); }

    /// <summary>All its parameters.</summary>
    public Dictionary<string, string>? Parameters { get; set => field = Give(nameof(Parameters), value); }

    /// <summary>Its time zone, such as Asia/Ho_Chi_Minh; null: the country's.</summary>
    public string? TimeZone { get; set => field = Give(nameof(TimeZone), value); }

    internal DeviceEdit ToEdit() => new()
    {
        Name = Text(nameof(Name), Name),
        Family = Text(nameof(Family), Family),
        Profile = Text(nameof(Profile), Profile),
        Site = Text(nameof(Site), Site),
        Area = Text(nameof(Area), Area),
        Position = _given.Contains(nameof(Position)) ? new Given<GeoPoint?>(Position is { } at ? new GeoPoint(at.Lat, at.Lon) : null) : default,
        PeriodSeconds = _given.Contains(nameof(PeriodSeconds)) ? new Given<double?>(PeriodSeconds) : default,
        Parent = Text(nameof(Parent), Parent),
        Parameters = _given.Contains(nameof(Parameters)) ? new Given<IReadOnlyDictionary<string, string>>(Parameters) : default,
        TimeZone = Text(nameof(TimeZone), TimeZone),
    };

    // An empty text is what a cleared input sends.
    private Given<string> Text(string member, string? value) =>
        _given.Contains(member) ? new Given<string>(string.IsNullOrWhiteSpace(value) ? null : value.Trim()) : default;

    private T Give<T>(string member, T value)
    {
        _given.Add(member);
        return value;
    }
}

/// <summary>A device that somebody writes down.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed class NewDeviceRequest : DeviceFieldsRequest
{
    /// <summary>What the device calls itself, exactly.</summary>
    public string? Key { get; set; }

    /// <summary>Who vouches for the key; left out: the default source.</summary>
    public string? Source { get; set; }
}

/// <summary>A change of a device.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed class DeviceChangeRequest : DeviceFieldsRequest
{
    /// <summary>The version that the caller saw.</summary>
    public int? Version { get; set; }
}

/// <summary>A step in a device's life.</summary>
/// <param name="Version">The version that the caller saw.</param>
/// <param name="Note">Why.</param>
public sealed record DeviceStepRequest(int? Version, string? Note = null);

/// <summary>Other hardware in a device's place.</summary>
/// <param name="Version">The version of the old device that the caller saw.</param>
/// <param name="Key">Key of the new one: unknown, or unclaimed so far.</param>
/// <param name="Source">Its source; left out: that of the old one.</param>
/// <param name="Note">Why.</param>
public sealed record ReplaceRequest(int? Version, string? Key, string? Source = null, string? Note = null);
