using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Ioc.Server.Api;
using Ioc.Storage.Operational;
using Ioc.Storage.Replay;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace Ioc.Server.Replay;

/// <summary>What to decode again; at least one of device, group, from and to.</summary>
/// <param name="Device">API id of a device.</param>
/// <param name="Group">Id of a group of set-aside messages.</param>
/// <param name="From">Received at or after, ISO 8601.</param>
/// <param name="To">Received before, ISO 8601.</param>
/// <param name="By">Who asks; for the audit.</param>
public sealed record ReplayRequest(string? Device, string? Group, string? From, string? To, string? By);

/// <summary>Which comparison to commit.</summary>
/// <param name="Token">The token of what was seen.</param>
/// <param name="By">Who approves; for the audit.</param>
public sealed record ReplayCommitRequest(string? Token, string? By);

/// <summary>Something that was done with kept messages.</summary>
/// <param name="Action">compare, compared, commit, committed, discard or viewRefused.</param>
/// <param name="Subject">What: a selection as JSON, or an offset.</param>
/// <param name="Counts">What came of it; null when nothing was counted.</param>
public sealed record ReplayActView(long Id, Instant At, string By, string Action, string Subject, JsonElement? Counts);

/// <summary>Decoding again: compare, look, commit.</summary>
internal static class ReplayApi
{
    public static void MapReplays(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/replay", (ReplayDesk desk, CancellationToken stopping) => desk.StatusAsync(stopping)).WithSummary("The replay under way, or the last one, with its difference");
        routes.MapPost("/replay", CompareAsync).WithSummary("Decode messages again and compare; nothing is changed")
            .Produces<ReplayStatus>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        routes.MapPost("/replay/commit", CommitAsync).WithSummary("Commit exactly the difference that the token names")
            .Produces<ReplayStatus>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        routes.MapDelete("/replay", DiscardAsync).WithSummary("End a comparison, or throw its result away")
            .Produces<ReplayStatus>().ProducesProblem(StatusCodes.Status409Conflict);
        routes.MapGet("/replay/acts", ActsAsync).WithSummary("Who compared, committed, or was refused a payload, newest first")
            .Produces<Page<ReplayActView>>().ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static Task<IResult> CompareAsync(ReplayDesk desk, HttpContext context, ReplayRequest request, CancellationToken stopping)
    {
        var selection = new ReplaySelection(
            string.IsNullOrEmpty(request.Device) ? null : request.Device,
            string.IsNullOrEmpty(request.Group) ? null : request.Group,
            Parameters.Time("from", request.From),
            Parameters.Time("to", request.To));
        if (selection is { Device: null, Group: null, From: null, To: null })
            throw new BadParameterException("device", "Say which messages: 'device', 'group', 'from' or 'to'.");
        if (selection is { From: { } from, To: { } to } && from >= to)
            throw new BadParameterException("from", "'from' must be before 'to'.");

        return AnswerAsync(() => desk.CompareAsync(selection, Caller.Of(context, request.By), stopping), StatusCodes.Status202Accepted);
    }

    private static Task<IResult> CommitAsync(ReplayDesk desk, HttpContext context, ReplayCommitRequest request, CancellationToken stopping) =>
        string.IsNullOrEmpty(request.Token)
            ? throw new BadParameterException("token", "'token' is needed: that of the comparison that was seen.")
            : AnswerAsync(() => desk.CommitAsync(request.Token, Caller.Of(context, request.By), stopping), StatusCodes.Status202Accepted);

    private static Task<IResult> DiscardAsync(ReplayDesk desk, HttpContext context, CancellationToken stopping) =>
        AnswerAsync(() => desk.DiscardAsync(Caller.Of(context), stopping), StatusCodes.Status200OK);

    private static async Task<IResult> AnswerAsync(Func<Task<ReplayStatus>> order, int status)
    {
        try
        {
            return Results.Json(await order(), statusCode: status);
        }
        catch (ReplayRefusedException refused)
        {
            return Results.Problem(statusCode: StatusCodes.Status409Conflict, title: "The replay is refused.", detail: refused.Message);
        }
    }

    private static async Task<Page<ReplayActView>> ActsAsync(
        DecodeLedger ledger,
        [FromQuery, Description("Rows per page, 1 to 1000, default 100")] string? limit,
        [FromQuery, Description("The 'next' of the page before")] string? cursor,
        CancellationToken stopping)
    {
        int rows = Parameters.Limit(limit);
        IReadOnlyList<DecodeAct> acts = await ledger.ActsAsync(Parameters.Number("cursor", cursor), rows + 1, stopping);
        return new Page<ReplayActView>(
            [.. acts.Take(rows).Select(act => new ReplayActView(act.Id, act.At, act.By, act.Action, act.Subject, act.Counts is null ? null : JsonElement.Parse(act.Counts)))],
            acts.Count > rows ? acts[rows - 1].Id.ToString(CultureInfo.InvariantCulture) : null);
    }
}
