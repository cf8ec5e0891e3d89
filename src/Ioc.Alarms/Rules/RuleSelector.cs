using Ioc.Devices.Registry;

namespace Ioc.Alarms.Rules;

/// <summary>Which devices a rule is about. An empty part says nothing; of several parts a device must meet all.</summary>
/// <param name="Families">One of these families.</param>
/// <param name="Devices">One of these API ids.</param>
/// <param name="Areas">In one of these units; units below those that the person wrote are in it too.</param>
/// <param name="Zones">In one of these operating zones.</param>
/// <param name="Parameters">Has all of these parameters.</param>
public sealed record RuleSelector(
    IReadOnlyCollection<string> Families,
    IReadOnlyCollection<string> Devices,
    IReadOnlyCollection<string> Areas,
    IReadOnlyCollection<string> Zones,
    IReadOnlyCollection<string> Parameters)
{
    /// <summary>Whether a device is meant.</summary>
    public bool Selects(Device device) =>
        (Families.Count == 0 || Families.Contains(device.Family))
        && (Devices.Count == 0 || Devices.Contains(device.ApiId))
        && (Areas.Count == 0 || (device.Area is not null && Areas.Contains(device.Area)))
        && (Zones.Count == 0 || device.Zones.Any(Zones.Contains))
        && Parameters.All(device.Parameters.ContainsKey);
}
