using System.ComponentModel;
using Ioc.Devices.Readings;
using Ioc.Journal;
using Ioc.Storage;
using Ioc.Storage.Operational;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace Ioc.Server.Api;

/// <summary>A message set aside; its bytes are in the journal under the offset.</summary>
/// <param name="Device">API id of the device, as far as known.</param>
/// <param name="Topic">Where it was published; null when the journal no longer keeps it.</param>
/// <param name="Detail">Names profile and field.</param>
public sealed record QuarantineView(long Offset, Instant ReceivedAt, string? Device, string? Topic, string Reason, string Detail);

/// <summary>What could not be decoded, and why.</summary>
internal static class QuarantineApi
{
    public static void MapQuarantine(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/quarantine", ListAsync).WithSummary("Messages set aside, newest first")
            .Produces<Page<QuarantineView>>().ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<Page<QuarantineView>> ListAsync(
        QuarantineIndex quarantine,
        QuarantineGroups groups,
        RecordJournal journal,
        [FromQuery, Description("Only this reason")] string? reason,
        [FromQuery, Description("Only the messages of this group")] string? group,
        [FromQuery, Description("Rows per page, 1 to 1000, default 100")] string? limit,
        [FromQuery, Description("The 'next' of the page before")] string? cursor,
        CancellationToken stopping)
    {
        QuarantineReason? wanted = Parameters.Word<QuarantineReason>("reason", reason);
        string? detail = null;
        if (!string.IsNullOrEmpty(group))
        {
            // A group whose last message was decoded again is empty, not unknown.
            QuarantineGroup? found = await groups.FindAsync(group, stopping);
            if (found is null || (wanted is not null && wanted != found.Reason))
                return new Page<QuarantineView>([], null);

            (wanted, detail) = (found.Reason, found.Detail);
        }

        try
        {
            QuarantinePage page = await quarantine.ReadAsync(wanted, detail, Parameters.Limit(limit), cursor, stopping);
            return new Page<QuarantineView>(
                [.. page.Items.Select(entry => new QuarantineView(
                    entry.Offset,
                    entry.ReceivedAt,
                    entry.DeviceApiId,
                    MessagesApi.TopicAt(journal, entry.Offset),
                    Words.Of(entry.Reason),
                    entry.Detail))],
                page.Next);
        }
        catch (BadCursorException e)
        {
            throw new BadParameterException("cursor", e.Message);
        }
    }
}
