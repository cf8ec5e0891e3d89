using System.ComponentModel;
using Ioc.Server.Api;
using Ioc.Storage.Operational;
using Microsoft.AspNetCore.Mvc;

namespace Ioc.Server.Replay;

/// <summary>What was set aside, in groups; and single messages out of the journal.</summary>
internal static class KeptMessagesApi
{
    public static void MapQuarantineGroups(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/quarantine/groups", GroupsAsync).WithSummary("Messages set aside, by reason, profile, firmware and detail; largest first, each with an example")
            .Produces<Page<QuarantineGroupView>>().ProducesProblem(StatusCodes.Status400BadRequest);

    public static void MapKeptMessages(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/messages/{offset:long}", MessageAsync).WithSummary("One message as the journal keeps it; asking for one that was refused for personal data is written down")
            .Produces<KeptMessageView>().ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Page<QuarantineGroupView>> GroupsAsync(
        QuarantineGroups groups,
        GroupViews views,
        [FromQuery, Description("Only this group")] string? group,
        [FromQuery, Description("Most groups, 1 to 1000, default 100")] string? limit,
        CancellationToken stopping)
    {
        int most = Parameters.Limit(limit);
        var found = new List<QuarantineGroupView>();
        foreach (QuarantineGroup one in (await groups.ReadAsync(stopping)).Where(one => string.IsNullOrEmpty(group) || one.Id == group).Take(most))
            found.Add(await views.OfAsync(one, stopping));

        return new Page<QuarantineGroupView>(found, null);
    }

    private static async Task<IResult> MessageAsync(KeptMessages messages, HttpContext context, long offset, CancellationToken stopping) =>
        await messages.OpenAsync(offset, Caller.Of(context), stopping) is { } message ? Results.Ok(KeptMessageView.Of(message)) : NotKept(offset);

    /// <summary>The answer where a message is asked for that the journal does not have.</summary>
    public static IResult NotKept(long offset) => Results.Problem(
        statusCode: StatusCodes.Status404NotFound, title: "Not found.", detail: $"The journal keeps no message at offset {offset}: it is older than the retention, not there yet, or no message.");
}

/// <summary>Who asks, as far as that can be said before there are accounts.</summary>
internal static class Caller
{
    private const int MaxLength = 100;

    /// <summary>The name that the caller gives, and the address it comes from.</summary>
    public static string Of(HttpContext context, string? name = null)
    {
        string who = string.Concat((name ?? "").Where(letter => !char.IsControl(letter)).Take(MaxLength)).Trim();
        return $"{(who.Length == 0 ? "operator" : who)}@{context.Connection.RemoteIpAddress?.ToString() ?? "local"}";
    }
}
