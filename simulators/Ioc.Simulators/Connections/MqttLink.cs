using System.Net.Sockets;
using System.Threading.Channels;

namespace Ioc.Simulators.Connections;

/// <summary>
/// One device's or gateway's way to the broker. Connects, reconnects with growing pauses, and sends again with DUP what was
/// not acknowledged.
/// </summary>
internal sealed class MqttLink : IAsyncDisposable
{
    private readonly LinkOptions _options;
    private readonly LinkIdentity _identity;
    private readonly LinkCounters _counters;
    private readonly InflightWindow _window;
    private readonly Channel<OutgoingMessage> _queue;
    private readonly Backoff _backoff;

    public MqttLink(LinkOptions options, LinkIdentity identity, LinkCounters counters)
    {
        _options = options;
        _identity = identity;
        _counters = counters;
        _window = new InflightWindow(options.Window);
        // Full: Offer drops, SendAsync waits. Several readers: a wait that timed out for a ping stays registered.
        _queue = Channel.CreateBounded<OutgoingMessage>(new BoundedChannelOptions(options.Queued) { SingleReader = false, SingleWriter = true });
        _backoff = new Backoff(new Random(HashCode.Combine(identity.ClientId)));
    }

    /// <summary>Queues a message as a device does: when there is no room it is lost, and counted.</summary>
    public void Offer(OutgoingMessage message)
    {
        if (!_queue.Writer.TryWrite(message))
            _counters.CountDropped();
    }

    /// <summary>Queues a message; waits while there is no room.</summary>
    public ValueTask SendAsync(OutgoingMessage message, CancellationToken ct) => _queue.Writer.WriteAsync(message, ct);

    /// <summary>No more messages will come; <see cref="RunAsync"/> ends when the last is acknowledged.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    /// <summary>Keeps the link up until everything is delivered after <see cref="Complete"/>, or until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await using MqttSession session = await MqttSession.OpenAsync(_options, _identity, _window, _counters, ct);
                _backoff.Reset();
                _counters.OnConnected();
                try
                {
                    await session.RunAsync(_queue.Reader, ct);
                    return;
                }
                finally
                {
                    _counters.OnLost();
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception lost) when (lost is IOException or SocketException or InvalidDataException or TimeoutException)
            {
                _counters.OnProblem($"{_identity.ClientId} to {_options.Host}:{_options.Port}: {lost.Message}");
                await Task.Delay(_backoff.Next(), ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (ct.IsCancellationRequested)
                    return;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _window.Dispose();
        return ValueTask.CompletedTask;
    }
}
