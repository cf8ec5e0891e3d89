using System.Text.Json;
using Ioc.Broker.Access;
using Ioc.Devices.Metrics;
using Ioc.Server.Access;
using Ioc.Server.Onboarding;
using Ioc.Server.Pipeline;
using Ioc.Server.Replay;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.OpenApi;
using NodaTime;

namespace Ioc.Server.Api;

/// <summary>Composition of the REST interface.</summary>
internal static class ApiServices
{
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.Configure<JsonOptions>(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
            json.SerializerOptions.Converters.Add(new InstantJson());
        });
        // A body that cannot be read is told like a parameter that cannot, not as a bare status.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddProblemDetails();
        services.AddExceptionHandler<CallerErrors>();
        services.AddOpenApi(document => document.AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonTypeInfo.Type == typeof(Instant) || context.JsonTypeInfo.Type == typeof(Instant?))
            {
                schema.Type = JsonSchemaType.String;
                schema.Format = "date-time";
                schema.Properties?.Clear();
            }

            return Task.CompletedTask;
        }));
        services.AddSingleton<IAccessStore, KeptAccess>();
        services.AddSingleton<MetricsText>();
        services.AddSingleton<Places>();
        services.AddSingleton<DeviceViews>();
        services.AddSingleton<AlarmViews>();
        services.AddProfileTools();
        services.AddReplay();
        return services;
    }

    public static void MapApi(this WebApplication app)
    {
        // From the start, so that counters count from the start.
        app.Services.GetRequiredService<MetricsText>();
        app.Services.GetRequiredService<PipelineMeters>();
        app.MapOpenApi();
        app.MapHealth();

        RouteGroupBuilder api = app.MapGroup("/api").AddEndpointFilter(KnownParametersOnly);
        api.MapDevices();
        api.MapOnboarding();
        api.MapReadings();
        api.MapMessages();
        api.MapAlarms();
        api.MapQuarantine();
        api.MapBalance();
        api.MapUpstreams();
        api.MapAccess();
        api.MapProfiles();
        api.MapReplay();
        api.MapGet("/zones", (Places places) => new Page<Live.LiveZone>(places.Zones, null)).WithSummary("Operating zones");
        api.MapGet("/sites", (Places places) => new Page<SiteView>(places.Sites, null)).WithSummary("Places with several devices");
        api.MapGet("/areas", (Places places) => new Page<AreaView>([.. places.AreasToday()], null)).WithSummary("Administrative units of today");
        api.MapGet("/metrics", (MetricCatalogue metrics) => new Page<MetricView>([.. metrics.All.Select(MetricView.Of)], null)).WithSummary("The metric catalogue");

        // An API path that does not exist is not the dashboard.
        app.Map("/api/{**rest}", () => Results.Problem(statusCode: StatusCodes.Status404NotFound)).ExcludeFromDescription();
    }

    // A filter misspelt and silently ignored would show a person everything and call it filtered.
    private static ValueTask<object?> KnownParametersOnly(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        IEnumerable<string> known = context.HttpContext.GetEndpoint()!.Metadata.OfType<System.Reflection.MethodInfo>()
            .SelectMany(method => method.GetParameters()).Select(parameter => parameter.Name!);
        string? unknown = context.HttpContext.Request.Query.Keys.Except(known, StringComparer.Ordinal).FirstOrDefault();
        return unknown is null ? next(context) : throw new BadParameterException(unknown, $"There is no parameter '{unknown}' here.");
    }
}

/// <summary>An entry of the metric catalogue.</summary>
public sealed record MetricView(string Name, string Unit, string Type, string Semantics, IReadOnlyList<string> Words, string Vi, string En)
{
    internal static MetricView Of(Metric metric) =>
        new(metric.Name, metric.Unit, Server.Words.Of(metric.Type), Server.Words.Of(metric.Semantics), metric.Words, metric.NameVi, metric.NameEn);
}
