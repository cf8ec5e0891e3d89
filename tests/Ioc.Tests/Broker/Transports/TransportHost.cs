using System.Collections.Concurrent;
using System.Net;
using Ioc.Broker;
using Ioc.Broker.Transports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ioc.Tests.Broker.Transports;

/// <summary>A real Kestrel with a plain endpoint, a TLS endpoint if a certificate is named, and one of HTTP, on free loopback ports.</summary>
internal sealed class TransportHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Uri[] _addresses;

    private TransportHost(WebApplication app, HeldJournal journal, Lines said)
    {
        _app = app;
        Journal = journal;
        Said = said;
        _addresses = [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address))];
    }

    public HeldJournal Journal { get; }

    public Lines Said { get; }

    public int WebPort => _addresses[0].Port;

    public int PlainPort => _addresses[1].Port;

    public int TlsPort => _addresses[2].Port;

    public static async Task<TransportHost> StartAsync(params (string Key, string Value)[] settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        var said = new Lines();
        builder.Logging.ClearProviders().AddProvider(said).AddFilter("Ioc", LogLevel.Debug);
        builder.Configuration.AddInMemoryCollection(settings.Append(("AllowAnonymous", "true")).Select(s => KeyValuePair.Create("Mqtt:" + s.Item1, (string?)s.Item2)));
        bool tls = settings.Any(setting => setting.Key == "Tls:Certificate");
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseMqtt(tls: false));
            if (tls)
                kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseMqtt(tls: true));
        });

        var journal = new HeldJournal();
        builder.Services.AddSingleton<IPublishHandler>(journal);
        builder.Services.AddBroker(builder.Configuration.GetSection("Mqtt"));
        builder.Services.AddTransports(builder.Configuration.GetSection("Mqtt"));

        WebApplication app = builder.Build();
        app.UseWebSockets();
        app.MapMqtt();
        await app.StartAsync();
        return new TransportHost(app, journal, said);
    }

    public long Turned(Turned reason) => _app.Services.GetRequiredService<TransportCounters>()[reason];

    public async Task StopAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await _app.StopAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        Journal.Release();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }

    /// <summary>What the host logged.</summary>
    internal sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public bool Hold(string part) => _lines.Any(line => line.Contains(part, StringComparison.Ordinal));

        public override string ToString() => string.Join('\n', _lines);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue(formatter(state, exception) + exception);

        public void Dispose()
        {
        }
    }
}
