using System.Net;
using Ioc.Broker.Access;
using Ioc.Server.Api;
using Ioc.Server.Onboarding;
using Ioc.Storage.Operational;
using NodaTime;

namespace Ioc.Server.Access;

/// <summary>Somebody who is shut out.</summary>
/// <param name="Kind">address, client or user.</param>
/// <param name="Value">Who.</param>
/// <param name="Until">When it ends; null: never.</param>
/// <param name="Reason">Why, in somebody's words.</param>
public sealed record BanView(string Kind, string Value, Instant? Until, string? Reason);

/// <summary>A ban as somebody asks for it.</summary>
/// <param name="Kind">address, client or user.</param>
/// <param name="Value">An address or CIDR range, a client id, a user name.</param>
/// <param name="Seconds">How long; null: until it is lifted.</param>
/// <param name="Reason">Why.</param>
public sealed record NewBan(string? Kind, string? Value, long? Seconds, string? Reason);

/// <summary>The ban list.</summary>
internal static class BansApi
{
    private const int MaxReasonLength = 1_000;
    private const long MaxSeconds = 10L * 365 * 86_400;

    public static void MapBans(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/bans", List).WithSummary("Bans that hold now: configured, imposed and automatic ones; the first 1000");
        routes.MapPost("/bans", BanAsync).WithSummary("Shut somebody out; open connections end")
            .Produces<BanView>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        routes.MapDelete("/bans/{kind}/{**value}", LiftAsync).WithSummary("Let somebody in again; configured bans stay")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Page<BanView> List(AccessWatch watch) =>
        new([.. watch.Bans.Take(1_000).Select(ban => new BanView(Words.Of(ban.Kind), ban.Value, ban.Until, ban.Reason))], null);

    private static async Task<IResult> BanAsync(AccessLedger ledger, AccessWatch watch, IClock clock, HttpContext http, NewBan ban, CancellationToken stopping)
    {
        BanKind kind = Parameters.Word<BanKind>("kind", ban.Kind) ?? throw new BadParameterException("kind", $"'kind' is needed: one of {Words.All<BanKind>()}.");
        if (ban.Seconds is < 1 or > MaxSeconds)
            throw new BadParameterException("seconds", $"'seconds' is a whole number from 1 to {MaxSeconds}.");
        if (ban.Reason is { Length: > MaxReasonLength })
            throw new BadParameterException("reason", $"'reason' is longer than {MaxReasonLength} characters.");

        Instant now = clock.GetCurrentInstant();
        var wanted = new Ban(kind, ban.Value ?? "", ban.Seconds is { } seconds ? now + Duration.FromSeconds(seconds) : null, ban.Reason);
        if (wanted.Fault() is { } fault)
            throw new BadParameterException("value", fault);

        var row = new BanRow { Kind = Words.Of(kind), Value = wanted.Value, Until = wanted.Until, Reason = wanted.Reason, CreatedAt = now };
        if (!await ledger.BanAsync(row, Actors.Of(http), now, stopping))
            return Results.Problem(statusCode: StatusCodes.Status409Conflict, title: "The list is full.", detail: $"There are {AccessLedger.MaxRows} bans; ban a range instead.");

        await watch.RefreshAsync(stopping);
        return Results.Created($"/api/bans/{row.Kind}/{Uri.EscapeDataString(row.Value)}", new BanView(row.Kind, row.Value, row.Until, row.Reason));
    }

    private static async Task<IResult> LiftAsync(AccessLedger ledger, AccessWatch watch, IClock clock, HttpContext http, string kind, string value, CancellationToken stopping)
    {
        BanKind wanted = Parameters.Word<BanKind>("kind", kind)!.Value;
        value = Uri.UnescapeDataString(value);
        bool lifted = await ledger.LiftAsync(Words.Of(wanted), value, Actors.Of(http), clock.GetCurrentInstant(), stopping);
        if (wanted == BanKind.Address && IPAddress.TryParse(value, out IPAddress? address))
            lifted |= watch.Lift(address);
        if (!lifted)
            return Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "Not found.", detail: $"There is no ban of {kind} '{value}' that could be lifted here.");

        await watch.RefreshAsync(stopping);
        return Results.NoContent();
    }
}
