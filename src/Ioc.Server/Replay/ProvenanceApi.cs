using System.ComponentModel;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Server.Api;
using Ioc.Storage.Replay;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace Ioc.Server.Replay;

/// <summary>A stored reading with its provenance.</summary>
/// <param name="Offset">Its message.</param>
/// <param name="Index">Its place in the message.</param>
/// <param name="At">When it was measured.</param>
/// <param name="Channel">Which of several.</param>
/// <param name="Value">As stored.</param>
/// <param name="Quality">What to doubt.</param>
/// <param name="From">Where it comes from; null when the journal no longer keeps the message and nothing else is known.</param>
public sealed record ReadingProvenance(long Offset, int Index, Instant At, string? Channel, object? Value, IReadOnlyList<string> Quality, ProvenanceView? From);

/// <summary>From any stored value to its bytes.</summary>
internal static class ProvenanceApi
{
    // Several messages may have brought a value for the same time; a person looks at a few.
    private const int MaxPlaces = 10;

    public static void MapProvenance(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/messages/{offset:long}/decode", MessageAsync).WithSummary("A message, what was made of it, by which version of which profile, and how")
            .Produces<ProvenanceView>().ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapGet("/readings/provenance", ReadingAsync).WithSummary("Where a stored value comes from: its message, offset, profile version and decode")
            .Produces<Page<ReadingProvenance>>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        routes.MapGet("/profiles/versions", VersionsAsync).WithSummary("Which version of which profile decodes from which offset on, oldest first");
    }

    private static async Task<IResult> MessageAsync(Provenance provenance, HttpContext context, long offset, CancellationToken stopping) =>
        await provenance.OfAsync(offset, Caller.Of(context), stopping) is { } view ? Results.Ok(view) : KeptMessagesApi.NotKept(offset);

    private static async Task<IResult> ReadingAsync(
        Provenance provenance,
        IReplayStore store,
        DeviceRegistry registry,
        MetricCatalogue metrics,
        ChannelTable channels,
        DeviceViews views,
        HttpContext context,
        [FromQuery, Description("API id of the device")] string? device,
        [FromQuery, Description("Name of the metric")] string? metric,
        [FromQuery, Description("Only this channel")] string? channel,
        [FromQuery, Description("When it was measured, exactly as the readings say it")] string? at,
        CancellationToken stopping)
    {
        Device whose = DevicesApi.Find(registry, device ?? throw new BadParameterException("device", "'device' is needed."));
        if (!metrics.TryFind(metric ?? "", out Metric? which))
            throw new BadParameterException("metric", $"The catalogue has no metric '{metric}'.");
        Instant when = Parameters.Time("at", at) ?? throw new BadParameterException("at", "'at' is needed: the time of the reading.");
        ChannelId? only = null;
        if (!string.IsNullOrEmpty(channel))
            only = channels.TryFind(channel, out ChannelId known) ? known : throw new BadParameterException("channel", $"No reading has the channel '{channel}'.");

        if (store.Refusal is { } refusal)
            return Results.Problem(statusCode: StatusCodes.Status409Conflict, title: "This store cannot tell.", detail: refusal);

        var found = new List<ReadingProvenance>();
        foreach (ReadingPlace place in (await store.LocateAsync(whose.Id, which.Id, only, when, stopping)).Take(MaxPlaces))
        {
            found.Add(new ReadingProvenance(
                place.Offset, place.Index, place.MeasuredAt, views.NameOf(place.Channel), DeviceViews.ValueOf(which, place.Value), Words.Of(place.Quality),
                await provenance.OfAsync(place.Offset, Caller.Of(context), stopping)));
        }

        return Results.Ok(new Page<ReadingProvenance>(found, null));
    }

    private static async Task<Page<ProfileVersionView>> VersionsAsync(
        ProfileVersions versions, [FromQuery, Description("Only this profile")] string? profile, CancellationToken stopping) =>
        new([.. (await versions.ReadAsync(string.IsNullOrEmpty(profile) ? null : profile, stopping)).Select(ProfileVersionView.Of)], null);
}
