using Ioc.Journal;
using Ioc.Server.Hosting;
using Ioc.Server.Pipeline;
using Ioc.Storage;

namespace Ioc.Server.Api;

/// <summary>What a supervisor asks.</summary>
internal static class HealthApi
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => Results.Ok(new { status = "live" })).ExcludeFromDescription();
        routes.MapGet("/health/ready", Ready).ExcludeFromDescription();
        routes.MapGet("/metrics", (MetricsText metrics) => Results.Text(metrics.Write(), "text/plain; version=0.0.4; charset=utf-8")).ExcludeFromDescription();
    }

    public static void MapBalance(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/ingest/balance", (BalanceSheet sheet) => sheet.Draw()).WithSummary("Where every message is, in messages");

    // The web server starts last, so whoever can ask finds everything recovered and open; what can fail later is said here.
    private static IResult Ready(Listeners listeners, RecordJournal journal, IReadingStore store)
    {
        string? why = journal.State is JournalState.Accepting ? store.Fault : $"journal: {Words.Of(journal.State)}";
        return why is null
            ? Results.Ok(new { status = "ready", mqttPort = listeners.MqttPort })
            : Results.Json(new { status = "unready", mqttPort = listeners.MqttPort, reason = why }, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
