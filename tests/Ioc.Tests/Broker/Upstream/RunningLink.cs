using Ioc.Broker;
using Ioc.Broker.Upstream;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ioc.Tests.Broker.Upstream;

/// <summary>One upstream on its own, with a journal that the test holds.</summary>
internal sealed class RunningLink : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly UpstreamState _state;
    private readonly Task _running;

    public RunningLink(int port, Action<UpstreamConfig>? configure = null, int maxPacketBytes = 64 * 1024)
    {
        UpstreamConfig config = Config(port, configure);
        var model = new UpstreamModel(config, maxPacketBytes);
        _state = new UpstreamState(model, TimeProvider.System);
        _running = new UpstreamLink(model, _state, Journal, TimeProvider.System, NullLogger.Instance).RunAsync(_stop.Token);
    }

    public HeldJournal Journal { get; } = new();

    public UpstreamStatus Status => _state.Read();

    public static UpstreamConfig Config(int port, Action<UpstreamConfig>? configure = null)
    {
        var config = new UpstreamConfig { Name = "city", Host = "127.0.0.1", Port = port, ClientId = "ioc-1" };
        configure?.Invoke(config);
        if (config.Filters.Count == 0)
            config.Filters.Add("$share/ioc/#");
        return config;
    }

    /// <summary>A record's header fields that tests look at, out of the journal.</summary>
    public (string Topic, string Payload, bool Retain, bool RetainedDelivery, bool Upstream, string Source, byte[] Properties) Record(int index)
    {
        (byte[] bytes, byte[] payload) = Journal.Records[index];
        Xunit.Assert.True(PublishHeader.TryRead(bytes, out PublishHeader header));
        return (Text(header.Topic), Text(payload), header.Retain, header.RetainedDelivery, header.Upstream, Text(header.Source), header.Properties.ToArray());
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private static string Text(ReadOnlySpan<byte> utf8) => System.Text.Encoding.UTF8.GetString(utf8);
}
