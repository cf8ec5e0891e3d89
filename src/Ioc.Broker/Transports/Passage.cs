using Microsoft.AspNetCore.Connections;

namespace Ioc.Broker.Transports;

/// <summary>One connection between accept and the first byte of MQTT: it has a deadline, and a reason if it does not arrive.</summary>
internal sealed class Passage : IDisposable
{
    private readonly CancellationTokenSource _deadline;

    /// <param name="connection">Cut when the time is over or the server stops.</param>
    /// <param name="patience">Time for everything before MQTT.</param>
    /// <param name="stopping">The server stops.</param>
    public Passage(ConnectionContext connection, TimeSpan patience, CancellationToken stopping)
    {
        _deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _deadline.Token.UnsafeRegister(static state => ((ConnectionContext)state!).Abort(), connection);
        _deadline.CancelAfter(patience);
    }

    public bool HasArrived { get; private set; }

    public bool IsOverdue => _deadline.IsCancellationRequested;

    /// <summary>Why it does not arrive, if somebody on the way knows.</summary>
    public Turned? Reason { get; set; }

    public void Arrive() => HasArrived = true;

    public void Dispose() => _deadline.Dispose();
}
