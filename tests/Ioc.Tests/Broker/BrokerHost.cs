using System.Buffers;
using System.Net;
using Ioc.Broker;
using Ioc.Broker.Connections;
using Ioc.Broker.Sessions;
using Ioc.Tests.Broker.Access;
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

    private readonly (string Key, string Value)[] _settings;
    private readonly FakeTime? _time;

    private BrokerHost(WebApplication app, HeldJournal journal, FakeTime? time, (string Key, string Value)[] settings)
    {
        _app = app;
        _time = time;
        _settings = settings;
        Journal = journal;
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Port = new Uri(address).Port;
    }

    public HeldJournal Journal { get; }

    public int Port { get; }

    public BrokerCounters Counters => Service<BrokerCounters>();

    public T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public static Task<BrokerHost> StartAsync(params (string Key, string Value)[] settings) =>
        StartAsync(time: null, new HeldJournal(), recover: null, settings);

    /// <summary>A broker whose time passes only when told to: see <see cref="Pass"/>.</summary>
    public static Task<BrokerHost> StartAsync(FakeTime time, params (string Key, string Value)[] settings) =>
        StartAsync(time, new HeldJournal(time), recover: null, settings);

    /// <summary>Another broker over what this one's journal holds durably, as after a crash of this one, which goes on unheard.</summary>
    /// <param name="snapshot">What it begins with; null: the journal's first record.</param>
    public Task<BrokerHost> RestartAsync(BrokerSnapshot? snapshot = null)
    {
        HeldJournal left = Journal.AfterCrash();
        return StartAsync(_time, left, recovery =>
        {
            Xunit.Assert.True(snapshot is null || recovery.TryRestoreSnapshot(snapshot.Bytes));
            left.ReplayInto(recovery, snapshot?.Position ?? 0);
        }, _settings);
    }

    public BrokerSnapshot TakeSnapshot()
    {
        var bytes = new ArrayBufferWriter<byte>();
        long position = Service<BrokerRecovery>().TakeSnapshot(bytes);
        return new BrokerSnapshot(bytes.WrittenSpan.ToArray(), position);
    }

    /// <summary>Lets time pass, and has everything done that is due then.</summary>
    public void Pass(double seconds)
    {
        _time!.Advance(seconds);
        Service<SessionSweeper>().Sweep(_time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    private static async Task<BrokerHost> StartAsync(FakeTime? time, HeldJournal journal, Action<BrokerRecovery>? recover, (string Key, string Value)[] settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create("Mqtt:" + s.Key, (string?)s.Value)));
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseConnectionHandler<MqttConnectionHandler>()));

        if (time is not null)
            builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton<IPublishHandler>(journal);
        builder.Services.AddBroker(builder.Configuration.GetSection("Mqtt"));

        WebApplication app = builder.Build();
        recover?.Invoke(app.Services.GetRequiredService<BrokerRecovery>());
        await app.StartAsync();
        return new BrokerHost(app, journal, time, settings);
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

/// <summary>What a broker wrote down of itself.</summary>
/// <param name="Position">The first one it does not know.</param>
internal sealed record BrokerSnapshot(byte[] Bytes, long Position);
