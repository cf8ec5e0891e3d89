using System.Net;
using Ioc.Broker;
using Ioc.Broker.Connections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ioc.Tests.Broker;

/// <summary>A real Kestrel with the broker on a free loopback port.</summary>
internal sealed class BrokerHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private BrokerHost(WebApplication app, HeldJournal journal)
    {
        _app = app;
        Journal = journal;
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Port = new Uri(address).Port;
    }

    public HeldJournal Journal { get; }

    public int Port { get; }

    public BrokerCounters Counters => Service<BrokerCounters>();

    public T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public static async Task<BrokerHost> StartAsync(params (string Key, string Value)[] settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create("Mqtt:" + s.Key, (string?)s.Value)));
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseConnectionHandler<MqttConnectionHandler>()));

        var journal = new HeldJournal();
        builder.Services.AddSingleton<IPublishHandler>(journal);
        builder.Services.AddBroker(builder.Configuration.GetSection("Mqtt"));

        WebApplication app = builder.Build();
        await app.StartAsync();
        return new BrokerHost(app, journal);
    }

    public Task<TestClient> OpenAsync() => TestClient.OpenAsync(Port);

    /// <summary>A client that is connected already.</summary>
    public async Task<TestClient> ConnectAsync(byte[] connect)
    {
        TestClient client = await OpenAsync();
        await client.SendAsync(connect);
        byte[] connack = await client.ReadAsync();
        Xunit.Assert.Equal([0x20, 0], new[] { connack[0], connack[3] });
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        Journal.Release();
        await _app.StopAsync(new CancellationTokenSource(TimeSpan.FromSeconds(2)).Token);
        await _app.DisposeAsync();
    }
}
