using Microsoft.AspNetCore.Connections;

namespace Ioc.Broker.Transports;

/// <summary>One connection between accept and the first byte of MQTT: it has a deadline, and a reason if it does not arrive.</summary>
internal sealed class Passage : IDisposable
{
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationToken _stopping;

    /// <param name="connection">Cut when the time is over or the server stops.</param>
    /// <param name="patience">Time for everything before MQTT.</param>
    /// <param name="stopping">The server stops.</param>
    public Passage(ConnectionContext connection, TimeSpan patience, CancellationToken stopping)
    {
        _stopping = stopping;
        _deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _deadline.Token.UnsafeRegister(static state => ((ConnectionContext)state!).Abort(), connection);
        _deadline.CancelAfter(patience);
    }

    public bool HasArrived { get; private set; }

    /// <summary>Why it was cut from outside; null when it was not.</summary>
    public Turned? Cut => _stopping.IsCancellationRequested ? Turned.Gone : _deadline.IsCancellationRequested ? Turned.OpeningTimeout : null;

    /// <summary>Why it does not arrive, if somebody on the way knows.</summary>
    public Turned? Reason { get; set; }

    public void Arrive() => HasArrived = true;

    public void Dispose() => _deadline.Dispose();
}
