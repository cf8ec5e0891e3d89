using System.Text.Json;
using Ioc.Server.Api;

namespace Ioc.Server.Live;

/// <summary>Composition of the live view.</summary>
internal static class LiveServices
{
    public static IServiceCollection AddLive(this IServiceCollection services)
    {
        services.AddSingleton<Headlines>();
        services.AddSingleton<LiveScene>();
        services.AddSingleton<LiveFeed>();
        services.AddSignalR(hub =>
            {
                // Clients only ever send a join.
                hub.MaximumReceiveMessageSize = 16 * 1024;
                hub.KeepAliveInterval = TimeSpan.FromSeconds(10);
                hub.ClientTimeoutInterval = TimeSpan.FromSeconds(30);
            })
            .AddJsonProtocol(json =>
            {
                json.PayloadSerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
                json.PayloadSerializerOptions.Converters.Add(new InstantJson());
            });
        return services;
    }

    public static void MapLive(this WebApplication app)
    {
        app.Services.GetRequiredService<LiveFeed>();
        app.MapHub<LiveHub>("/hubs/live");
    }
}
