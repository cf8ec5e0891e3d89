using System.ComponentModel;
using Ioc.Broker.Access;
using Ioc.Devices.Onboarding;
using Ioc.Server.Api;
using Ioc.Server.Onboarding;
using Ioc.Storage.Operational;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace Ioc.Server.Access;

/// <summary>A credential without what opens it.</summary>
/// <param name="HasPassword">A password opens it.</param>
/// <param name="Certificate">The thumbprint or subject its certificate must have.</param>
/// <param name="Publish">Patterns it may publish to; null: the default rights.</param>
/// <param name="Subscribe">Patterns it may subscribe within; null: the default rights.</param>
/// <param name="Secret">The password that was made for it; in the answer to its making only.</param>
public sealed record CredentialView(
    string UserName,
    bool HasPassword,
    string? Device,
    string? Certificate,
    IReadOnlyList<string>? Publish,
    IReadOnlyList<string>? Subscribe,
    bool Full,
    int? ReceiveMaximum,
    int? MaxSubscriptions,
    bool Enabled,
    Instant CreatedAt,
    Instant ChangedAt,
    string? Secret)
{
    internal static CredentialView Of(CredentialRow row, string? secret = null)
    {
        bool own = row.Publish is not null || row.Subscribe is not null;
        return new CredentialView(
            row.UserName, row.Password is not null, row.Device, row.Certificate,
            own ? CredentialText.Lines(row.Publish) : null, own ? CredentialText.Lines(row.Subscribe) : null, row.Full,
            row.ReceiveMaximum, row.MaxSubscriptions, row.Enabled, row.CreatedAt, row.ChangedAt, secret);
    }
}

/// <summary>Credentials of devices.</summary>
internal static class CredentialsApi
{
    public static void MapCredentials(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/credentials", ListAsync).WithSummary("Credentials by name, revoked ones included")
            .Produces<Page<CredentialView>>().ProducesProblem(StatusCodes.Status400BadRequest);
        routes.MapPost("/credentials", AddAsync).WithSummary("Make a credential; without a password one is made and shown once")
            .Produces<CredentialView>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        routes.MapDelete("/credentials/{userName}", RevokeAsync).WithSummary("Take a credential out of force; its connections end")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Page<CredentialView>> ListAsync(
        AccessLedger ledger,
        [FromQuery, Description("Rows per page, 1 to 1000, default 100")] string? limit,
        [FromQuery, Description("The 'next' of the page before")] string? cursor,
        CancellationToken stopping)
    {
        int rows = Parameters.Limit(limit);
        IReadOnlyList<CredentialRow> found = await ledger.CredentialsAsync(cursor, rows + 1, stopping);
        return new Page<CredentialView>([.. found.Take(rows).Select(row => CredentialView.Of(row))], found.Count > rows ? found[rows - 1].UserName : null);
    }

    private static Task<IResult> AddAsync(AccessLedger ledger, AccessWatch watch, IClock clock, HttpContext http, NewCredential credential, CancellationToken stopping) =>
        IssueAsync(ledger, watch, clock, credential, Actors.Of(http), stopping);

    /// <summary>Makes a credential, in force at once.</summary>
    public static async Task<IResult> IssueAsync(AccessLedger ledger, AccessWatch watch, IClock clock, NewCredential credential, Actor actor, CancellationToken stopping)
    {
        if (credential.Fault() is { } fault)
            throw new BadParameterException(fault.Field, fault.Words);

        (CredentialRow row, string? secret) = credential.Make(clock.GetCurrentInstant());
        if (!await ledger.AddAsync(row, actor, stopping))
            return Results.Problem(statusCode: StatusCodes.Status409Conflict, title: "The name is taken.", detail: $"'{row.UserName}' has a credential in force; revoke it first.");

        await watch.RefreshAsync(stopping);
        return Results.Created($"/api/credentials/{Uri.EscapeDataString(row.UserName)}", CredentialView.Of(row, secret));
    }

    private static async Task<IResult> RevokeAsync(AccessLedger ledger, AccessWatch watch, IClock clock, HttpContext http, string userName, CancellationToken stopping)
    {
        if (!await ledger.RevokeAsync(userName, Actors.Of(http), clock.GetCurrentInstant(), stopping))
            return Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "Not found.", detail: $"'{userName}' has no credential in force.");

        await watch.RefreshAsync(stopping);
        return Results.NoContent();
    }
}
