using System.Net;
using Ioc.Broker;
using Ioc.Broker.Connections;
using Ioc.Broker.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ioc.SystemTests.Broker;

/// <summary>The broker alone, in this process: what it takes is kept in memory.</summary>
internal sealed class LocalBroker : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LocalBroker(WebApplication app) => _app = app;

    public required MemoryJournal Journal { get; init; }

    public required int Port { get; init; }

    public SubscriptionTree Subscriptions => Service<SubscriptionTree>();

    public RetainedStore Retained => Service<RetainedStore>();

    /// <summary>Connections open, those before CONNECT included.</summary>
    public long Connections => Service<BrokerCounters>().Connections;

    public static async Task<LocalBroker> StartAsync()
    {
        var journal = new MemoryJournal();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("Mqtt:Users:gate", (string?)"secret"), KeyValuePair.Create("Mqtt:MaxPacketBytes", (string?)"100000")]);
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseConnectionHandler<MqttConnectionHandler>()));
        builder.Services.AddSingleton<IPublishHandler>(journal);
        builder.Services.AddBroker(builder.Configuration.GetSection("Mqtt"));
        WebApplication app = builder.Build();
        await app.StartAsync();
        int port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        return new LocalBroker(app) { Journal = journal, Port = port };
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }

    private T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();
}
