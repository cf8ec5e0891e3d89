using System.Globalization;
using Ioc.Devices.Registry;

namespace Ioc.Devices.Onboarding;

/// <summary>What people can change of a device, as named texts: for the audit, for a report of what an import would do, and to see that nothing differs.</summary>
public static class DeviceFields
{
    /// <summary>Name and value of every field that differs between two records.</summary>
    /// <param name="before">Null for a device that was not there.</param>
    /// <param name="after">The newer record.</param>
    public static IReadOnlyList<FieldChange> Changed(Device? before, Device after)
    {
        var changed = new List<FieldChange>();
        foreach ((string name, Func<Device, string?> read) in Fields)
        {
            string? old = before is null ? null : read(before);
            string? now = read(after);
            if (old != now)
                changed.Add(new FieldChange(name, old, now));
        }

        return changed;
    }

    private static readonly (string Name, Func<Device, string?> Read)[] Fields =
    [
        ("name", device => device.Name),
        ("family", device => device.Family),
        ("profile", device => device.Profile),
        ("site", device => device.Site),
        ("area", device => device.Area),
        ("position", device => device.Position is { } at ? string.Create(CultureInfo.InvariantCulture, $"{at.Latitude}, {at.Longitude}") : null),
        ("period_s", device => device.Period.TotalSeconds.ToString(CultureInfo.InvariantCulture)),
        ("parent", device => device.Parent),
        ("params", device => device.Parameters.Count == 0 ? null : string.Join(';', device.Parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"))),
        ("time_zone", device => device.TimeZone.Id),
        ("standing", device => device.Standing.ToString()),
        ("note", device => device.Note),
        ("replaces", device => device.Replaces),
        ("replaced_by", device => device.ReplacedBy),
    ];
}

/// <summary>One field before and after.</summary>
/// <param name="Field">Its name.</param>
/// <param name="Before">Null for nothing.</param>
/// <param name="After">Null for nothing.</param>
public sealed record FieldChange(string Field, string? Before, string? After);
