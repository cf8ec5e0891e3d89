using System.ComponentModel;
using System.Globalization;
using Ioc.Broker;
using Ioc.Broker.Access;
using Ioc.Devices.Registry;
using Ioc.Server.Api;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace Ioc.Server.Access;

/// <summary>What one client was refused since the server's start.</summary>
/// <param name="ClientId">Its client id; null when it never said one.</param>
/// <param name="UserName">The user name it came with the last time.</param>
/// <param name="Address">Where it came from the last time.</param>
/// <param name="Reason">Why, the last time.</param>
/// <param name="At">When, the last time.</param>
/// <param name="Counts">How often, by reason.</param>
public sealed record RefusalView(string? ClientId, string? UserName, string? Address, string Reason, Instant At, IReadOnlyDictionary<string, long> Counts);

/// <summary>Who was refused before the journal, and why.</summary>
internal static class RefusalsApi
{
    public static void MapRefusals(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/ingest/refusals", List).WithSummary("Clients that were refused something since the start, newest first")
            .Produces<Page<RefusalView>>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

    private static Page<RefusalView> List(
        BrokerCounters broker,
        DeviceRegistry devices,
        [FromQuery, Description("Only clients whose client id or user name is this device's key")] string? device,
        [FromQuery, Description("Rows per page, 1 to 1000, default 100")] string? limit,
        [FromQuery, Description("The 'next' of the page before")] string? cursor)
    {
        int rows = Parameters.Limit(limit);
        string? key = string.IsNullOrEmpty(device) ? null : DevicesApi.Find(devices, device).Key;
        IReadOnlyList<ClientRefusals> found = broker.RefusedClients(Parameters.Number("cursor", cursor), rows + 1, key);
        string? next = found.Count > rows ? found[rows - 1].Sequence.ToString(CultureInfo.InvariantCulture) : null;
        return new Page<RefusalView>(
            [.. found.Take(rows).Select(client => new RefusalView(client.ClientId, client.UserName, client.Address, client.Reason, client.At, client.Counts))], next);
    }
}
