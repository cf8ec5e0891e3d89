using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ioc.Broker.Upstream;

/// <summary>The client role: takes messages from brokers that a city already has. Thread-safe.</summary>
/// <remarks>
/// Messages go into the journal and nowhere else: our own subscribers do not see them. Begins when the host has started, after
/// everybody is back in place, and ends when it begins to stop.
/// </remarks>
public sealed class Upstreams : BackgroundService
{
    private readonly IHostApplicationLifetime _lifetime;
    private readonly Meter _meter;
    private readonly UpstreamState[] _states;
    private readonly UpstreamLink[] _links;

    /// <summary>Creates the links and their instruments; nothing is connected yet.</summary>
    public Upstreams(
        IOptions<UpstreamsOptions> options,
        IOptions<BrokerOptions> broker,
        IPublishHandler handler,
        IHostApplicationLifetime lifetime,
        IMeterFactory meters,
        TimeProvider time,
        ILogger<Upstreams> log)
    {
        _lifetime = lifetime;
        UpstreamModel[] models = [.. options.Value.Upstreams.Select(config => new UpstreamModel(config, broker.Value.MaxPacketBytes))];
        _states = Array.ConvertAll(models, model => new UpstreamState(model, time));
        _links = [.. models.Zip(_states, (model, state) => new UpstreamLink(model, state, handler, time, log))];
        foreach (UpstreamModel model in models.Where(model => model.Config.Password.Length > 0))
            UpstreamLog.PlainPassword(log, model.Name);

        _meter = meters.Create("Ioc.Broker.Upstream");
        _meter.CreateObservableUpDownCounter("ioc.broker.upstream.connected", () => Measure(state => state.IsConnected ? 1 : 0), "{connection}", "Standing connections to other brokers.");
        _meter.CreateObservableCounter("ioc.broker.upstream.connects", () => Measure(state => state.Connections), "{connection}", "Connections made to other brokers.");
        _meter.CreateObservableCounter("ioc.broker.upstream.received", () => Measure(state => state.Received), "{message}", "Messages taken from other brokers into the journal.");
    }

    /// <summary>How each of them stands, in the order of the settings.</summary>
    public IReadOnlyList<UpstreamStatus> Read() => Array.ConvertAll(_states, state => state.Read());

    /// <inheritdoc/>
    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, _lifetime.ApplicationStopping);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration start = _lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_links.Select(link => link.RunAsync(stopping.Token)));
    }

    private IEnumerable<Measurement<long>> Measure(Func<UpstreamState, long> value) =>
        _states.Select(state => new Measurement<long>(value(state), new KeyValuePair<string, object?>("upstream", state.Name)));
}
