using Ioc.Devices.Registry;
using Ioc.Server.Api;

namespace Ioc.Server.Live;

/// <summary>Which part of the city a client sees.</summary>
internal sealed record LiveScope(string? Zone, IReadOnlySet<string> Families)
{
    /// <summary>Checks what a client asked for.</summary>
    /// <exception cref="ArgumentException">There is no such zone or family.</exception>
    public static LiveScope Of(JoinRequest request, Places places)
    {
        HashSet<string> families = (request.Families ?? []).Where(family => !string.IsNullOrEmpty(family)).ToHashSet(StringComparer.Ordinal);
        try
        {
            places.CheckZone(request.Zone);
            foreach (string family in families)
                places.CheckFamily(family);
        }
        catch (BadParameterException e)
        {
            throw new ArgumentException(e.Message, e);
        }

        return new LiveScope(string.IsNullOrEmpty(request.Zone) ? null : request.Zone, families);
    }

    public bool Holds(Device device) =>
        (Zone is null || device.Zones.Contains(Zone)) && (Families.Count == 0 || Families.Contains(device.Family));
}
