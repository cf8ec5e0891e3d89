using System.ComponentModel;
using Ioc.Devices.Registry;
using Ioc.Devices.Twins;
using Microsoft.AspNetCore.Mvc;

namespace Ioc.Server.Api;

/// <summary>Devices: find and look at them.</summary>
internal static class DevicesApi
{
    public static void MapDevices(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/devices", List).WithSummary("Devices, in order of their id")
            .Produces<Page<DeviceView>>().ProducesProblem(StatusCodes.Status400BadRequest);
        routes.MapGet("/devices/{id}", One).WithSummary("One device with its newest values")
            .Produces<DeviceView>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>The device a path names.</summary>
    /// <exception cref="UnknownDeviceException">There is none.</exception>
    public static Device Find(DeviceRegistry registry, string id) =>
        // Unescaped on its way here, a '~' of the key looks like the one behind a source.
        registry.TryFind(id, out Device? device) || registry.TryFind(ApiIds.Of(Device.DefaultSource, id), out device)
            ? device
            : throw new UnknownDeviceException(id);

    private static Page<DeviceView> List(
        DeviceRegistry registry,
        TwinStore twins,
        DeviceViews views,
        Places places,
        [FromQuery, Description("Id of an operating zone")] string? zone,
        [FromQuery, Description("Code of an area; those below it are included")] string? area,
        [FromQuery, Description("Device family")] string? family,
        [FromQuery, Description("neverSeen, online, stale or offline")] string? state,
        [FromQuery, Description("inService, unclaimed, rejected or retired; without it those that live pages show: inService and unclaimed")] string? standing,
        [FromQuery, Description("Name of the firmware profile")] string? profile,
        [FromQuery, Description("Part of id, key or name; marks do not matter")] string? q,
        [FromQuery, Description("Rows per page, 1 to 1000, default 100")] string? limit,
        [FromQuery, Description("The 'next' of the page before")] string? cursor)
    {
        int rows = Parameters.Limit(limit);
        DeviceState? wanted = Parameters.Word<DeviceState>("state", state);
        DeviceStanding? stands = Parameters.Word<DeviceStanding>("standing", standing);
        places.CheckZone(zone);
        places.CheckFamily(family);
        IReadOnlySet<string>? areas = places.Below(area);
        string folded = FoldedText.Of(q ?? "");

        List<Device> found = [.. registry.All
            .Where(device => cursor is null || string.CompareOrdinal(device.ApiId, cursor) > 0)
            .Where(device => stands is { } only ? device.Standing == only : device.IsLive)
            .Where(device => string.IsNullOrEmpty(profile) || device.Profile == profile)
            .Where(device => string.IsNullOrEmpty(zone) || device.Zones.Contains(zone))
            .Where(device => areas is null || (device.Area is { } code && areas.Contains(code)))
            .Where(device => string.IsNullOrEmpty(family) || device.Family == family)
            .Where(device => wanted is null || twins.ReadStatus(device.Id).State == wanted)
            .Where(device => folded.Length == 0 || device.SearchText.Contains(folded, StringComparison.Ordinal))
            .OrderBy(device => device.ApiId, StringComparer.Ordinal)
            .Take(rows + 1)];

        bool more = found.Count > rows;
        return new Page<DeviceView>([.. found.Take(rows).Select(views.Of)], more ? found[rows - 1].ApiId : null);
    }

    private static DeviceView One(DeviceRegistry registry, DeviceViews views, string id) => views.Of(Find(registry, id));
}
