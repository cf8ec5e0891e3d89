using System.ComponentModel;
using System.Globalization;
using Ioc.Alarms.Lifecycle;
using Microsoft.AspNetCore.Mvc;

namespace Ioc.Server.Api;

/// <summary>An operator takes note of an alarm.</summary>
/// <param name="Version">The version they saw.</param>
/// <param name="Comment">What they write; may be left out.</param>
public sealed record AcknowledgeRequest(int? Version, string? Comment);

/// <summary>Alarms: read and acknowledge.</summary>
internal static class AlarmsApi
{
    private const int MaxCommentLength = 1_000;

    // Until there are accounts, everybody who reaches the loopback-only application is the operator.
    private const string Operator = "operator";

    public static void MapAlarms(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/alarms", ListAsync).WithSummary("Alarms, newest first")
            .Produces<Page<AlarmView>>().ProducesProblem(StatusCodes.Status400BadRequest);
        routes.MapPost("/alarms/{id:long}/acknowledge", AcknowledgeAsync).WithSummary("Take note of an alarm")
            .Produces<AlarmView>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Page<AlarmView>> ListAsync(
        IAlarmLedger ledger,
        AlarmEngine engine,
        AlarmViews views,
        [FromQuery, Description("activeUnacknowledged, activeAcknowledged, returnedUnacknowledged, normal, or open for the first three; without it all")] string? state,
        [FromQuery, Description("Rows per page, 1 to 1000, default 100")] string? limit,
        [FromQuery, Description("The 'next' of the page before")] string? cursor,
        CancellationToken stopping)
    {
        int rows = Parameters.Limit(limit);
        long? before = Parameters.Number("cursor", cursor);
        IReadOnlyList<Alarm> found = state == "open"
            ? [.. engine.Open.Where(alarm => before is null || alarm.Id < before).OrderByDescending(alarm => alarm.Id).Take(rows + 1)]
            : await ledger.QueryAsync(new AlarmQuery(Parameters.Word<AlarmState>("state", state), null, null, null, before, rows + 1), stopping);

        string? next = found.Count > rows ? found[rows - 1].Id.ToString(CultureInfo.InvariantCulture) : null;
        return new Page<AlarmView>([.. found.Take(rows).Select(views.Of)], next);
    }

    private static async Task<IResult> AcknowledgeAsync(AlarmEngine engine, AlarmViews views, long id, AcknowledgeRequest request, CancellationToken stopping)
    {
        if (request.Version is not { } version)
            throw new BadParameterException("version", "'version' is needed: the version of the alarm that was seen.");
        if (request.Comment is { Length: > MaxCommentLength })
            throw new BadParameterException("comment", $"'comment' is longer than {MaxCommentLength} characters.");

        Acknowledgement answer = await engine.AcknowledgeAsync(id, version, Operator, request.Comment, stopping);
        return answer.Outcome switch
        {
            AcknowledgeOutcome.Acknowledged => Results.Ok(views.Of(answer.Current!)),
            AcknowledgeOutcome.NotFound => Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "Not found.", detail: $"There is no alarm {id}."),
            _ => Results.Problem(
                statusCode: StatusCodes.Status409Conflict,
                title: "The alarm has changed.",
                detail: answer.Outcome == AcknowledgeOutcome.AlreadyAcknowledged ? "Somebody has acknowledged it before." : $"It is at version {answer.Current!.Version}, not {version}.",
                extensions: new Dictionary<string, object?> { ["current"] = views.Of(answer.Current!) }),
        };
    }
}
