using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Ioc.Broker.Upstream;

/// <summary>Keeps one upstream connected: connects, takes messages, and begins again after growing pauses.</summary>
internal sealed class UpstreamLink(UpstreamModel model, UpstreamState state, IPublishHandler handler, TimeProvider time, ILogger log)
{
    private readonly UpstreamSession _session = new();
    private readonly Backoff _backoff = new(Random.Shared);

    /// <summary>Runs until cancelled. Never throws: what goes wrong is in the state and the log.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            long? since = null;
            try
            {
                state.Connecting();
                await using UpstreamConnection connection = await UpstreamConnection.OpenAsync(model, _session, handler, state, time, log, stopping);
                since = time.GetTimestamp();
                state.Connected(connection.SessionPresent);
                UpstreamLog.Connected(log, model.Name, model.Host, model.Port, connection.SessionPresent);
                await connection.RunAsync(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
            }
            catch (Exception exception)
            {
                Tell(exception, wasConnected: since is not null);
                TimeSpan pause = _backoff.After(since is { } start ? time.GetElapsedTime(start) : TimeSpan.Zero);
                await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        state.Stopped();
    }

    private void Tell(Exception exception, bool wasConnected)
    {
        string why = exception.Message;
        bool news = state.Lost(why);
        bool expected = exception is UpstreamLostException or IOException or SocketException or AuthenticationException or CryptographicException or UnauthorizedAccessException;
        if (!expected)
            UpstreamLog.Failed(log, model.Name, exception);
        else if (wasConnected)
            UpstreamLog.Lost(log, model.Name, why);
        else if (news)
            UpstreamLog.Refused(log, model.Name, model.Host, model.Port, why);
    }
}
