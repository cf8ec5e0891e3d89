using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Ioc.Devices.Registry;
using Ioc.Server.Api;
using Ioc.Storage.Operational;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace Ioc.Server.Onboarding;

/// <summary>Who did what, and when.</summary>
/// <param name="Actor">Account, or the local operator.</param>
/// <param name="Address">Where the request came from; null for the command line and the product itself.</param>
/// <param name="Via">api, cli or policy.</param>
/// <param name="Action">What was done: device.claim, credential.issue.</param>
/// <param name="Device">API id of the device it was done to.</param>
/// <param name="Subject">What else it was done to: a user name, a ban.</param>
/// <param name="Before">Fields as they were; null where there was nothing.</param>
/// <param name="After">The same fields as they are.</param>
public sealed record AuditView(
    long Id, Instant At, string Actor, string? Address, string Via, string Action, string? Device, string? Subject,
    IReadOnlyDictionary<string, string?>? Before, IReadOnlyDictionary<string, string?>? After)
{
    internal static AuditView Of(AuditRow row) => new(
        row.Id, row.At, row.Actor, row.Address, row.Via, row.Action, row.Device, row.Subject, Fields(row.Before), Fields(row.After));

    private static Dictionary<string, string?>? Fields(string? json) =>
        json is null ? null : JsonSerializer.Deserialize<Dictionary<string, string?>>(json);
}

/// <summary>The audit.</summary>
internal static class AuditApi
{
    public static void MapAudit(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/audit", ListAsync).WithSummary("Who did what, newest first")
            .Produces<Page<AuditView>>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Page<AuditView>> ListAsync(
        AuditLedger audit,
        DeviceRegistry registry,
        [FromQuery, Description("Only what was done to this device")] string? device,
        [FromQuery, Description("Rows per page, 1 to 1000, default 100")] string? limit,
        [FromQuery, Description("The 'next' of the page before")] string? cursor,
        CancellationToken stopping)
    {
        int rows = Parameters.Limit(limit);
        string? apiId = string.IsNullOrEmpty(device) ? null : DevicesApi.Find(registry, device).ApiId;
        IReadOnlyList<AuditRow> found = await audit.ReadAsync(apiId, Parameters.Number("cursor", cursor), rows + 1, stopping);
        return new Page<AuditView>([.. found.Take(rows).Select(AuditView.Of)], found.Count > rows ? found[rows - 1].Id.ToString(CultureInfo.InvariantCulture) : null);
    }
}
