using System.Net;
using Ioc.Broker.Transports;
using Ioc.Devices.Registry;
using Ioc.Profiles;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Ioc.Server.Hosting;

/// <summary>The doors: MQTT for devices, plain, encrypted or inside a WebSocket, and HTTP for people.</summary>
internal static class WebHosting
{
    // Nothing leaves the origin: an operations centre runs on an isolated network. Styles are set by script through the CSSOM.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    // How long a request under way may hold up a stop; supervisors kill after ten seconds.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    public static void AddListeners(this WebApplicationBuilder builder, Listeners listeners, ServerPaths paths)
    {
        builder.Services.AddSingleton(listeners);
        builder.Services.AddSingleton(paths);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddTransports(builder.Configuration.GetSection("Mqtt"));
        builder.Services.PostConfigure<ProfilesOptions>(profiles => profiles.Path = paths.Profiles);

        // The sockets are bound already, each where its setting says. (Kestrel warns that Urls is overridden; appsettings.json silences it.)
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.CreateBoundListenSocket = listeners.Take);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
            foreach (IPEndPoint endPoint in listeners.Mqtt)
                kestrel.Listen(endPoint, listen => listen.UseMqtt(tls: false));
            foreach (IPEndPoint endPoint in listeners.MqttTls)
                kestrel.Listen(endPoint, listen => listen.UseMqtt(tls: true));
            foreach (IPEndPoint endPoint in listeners.Web)
                kestrel.Listen(endPoint, listen => listen.Use(CutAfterFarewell));
        });

        // Strangers are welcome on loopback only, unless somebody says otherwise; a load balancer brings them from elsewhere.
        bool reachable = listeners.Mqtt.Concat(listeners.MqttTls).Any(endPoint => !IPAddress.IsLoopback(endPoint.Address))
            || builder.Configuration.GetValue("Mqtt:ProxyProtocol", false);
        if (builder.Configuration["Devices:FirstContact"] is null && reachable)
            builder.Services.PostConfigure<RegistryOptions>(registry => registry.FirstContact = FirstContact.Reject);
    }

    /// <summary>The dashboard's files, and the devices' WebSocket beside them.</summary>
    public static void MapDashboard(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.Use(static (context, next) =>
        {
            IHeaderDictionary headers = context.Response.Headers;
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            return next(context);
        });
        app.UseWebSockets();
        app.UseDefaultFiles();
        app.UseStaticFiles(new StaticFileOptions
        {
            // Built files carry a hash in their name and never change; the page that names them must be asked for each time.
            OnPrepareResponse = static file => file.Context.Response.Headers.CacheControl =
                file.Context.Request.Path.StartsWithSegments("/assets") ? "public, max-age=31536000, immutable" : "no-cache",
            ServeUnknownFileTypes = false,
            ContentTypeProvider = ContentTypes(),
        });
        app.MapMqtt();
        app.MapFallbackToFile("index.html");
    }

    // By itself Kestrel waits for half a request as long as the host waits for Kestrel: its time-outs no longer tick by then.
    private static ConnectionDelegate CutAfterFarewell(ConnectionDelegate next) => async connection =>
    {
        CancellationToken stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        await using CancellationTokenRegistration registration =
            stopping.UnsafeRegister(static state => _ = CutLaterAsync((ConnectionContext)state!), connection);
        await next(connection);
    };

    private static async Task CutLaterAsync(ConnectionContext connection)
    {
        await Task.Delay(Farewell, connection.ConnectionClosed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        connection.Abort();
    }

    private static Microsoft.AspNetCore.StaticFiles.FileExtensionContentTypeProvider ContentTypes()
    {
        var types = new Microsoft.AspNetCore.StaticFiles.FileExtensionContentTypeProvider();
        types.Mappings[".geojson"] = "application/geo+json";
        return types;
    }
}
