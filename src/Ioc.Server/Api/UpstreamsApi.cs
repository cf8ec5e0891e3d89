using Ioc.Broker.Upstream;
using NodaTime;

namespace Ioc.Server.Api;

/// <summary>The connection to another broker, for a person.</summary>
/// <param name="State">connecting, connected, paused (the journal takes nothing), waiting (for the next attempt) or stopped.</param>
/// <param name="SessionPresent">It had kept our session when we connected last, with what came meanwhile.</param>
/// <param name="Connections">How often we were let in since start.</param>
/// <param name="LastError">Why the last connection or attempt ended; kept after it is over.</param>
/// <param name="Received">Messages taken since start.</param>
public sealed record UpstreamView(
    string Name,
    string Host,
    int Port,
    string State,
    Instant? ConnectedSince,
    bool SessionPresent,
    long Connections,
    string? LastError,
    Instant? LastErrorAt,
    long Received,
    long Acknowledged,
    Instant? LastMessageAt,
    IReadOnlyList<UpstreamSubscription> Subscriptions)
{
    internal static UpstreamView Of(UpstreamStatus status) => new(
        status.Name,
        status.Host,
        status.Port,
        Words.Of(status.Phase),
        status.ConnectedSince,
        status.SessionPresent,
        status.Connections,
        status.LastError,
        status.LastErrorAt,
        status.Received,
        status.Acknowledged,
        status.LastMessageAt,
        status.Subscriptions);
}

/// <summary>Other brokers we take messages from.</summary>
internal static class UpstreamsApi
{
    public static void MapUpstreams(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/ingest/upstreams", (Upstreams upstreams) => new Page<UpstreamView>([.. upstreams.Read().Select(UpstreamView.Of)], null))
            .WithSummary("Other brokers we take messages from, and how the connection stands");
}
