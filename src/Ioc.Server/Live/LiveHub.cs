using Microsoft.AspNetCore.SignalR;

namespace Ioc.Server.Live;

/// <summary>The operators' live view. A client joins a scope, gets a snapshot, then changes, alarms and a beat.</summary>
internal sealed class LiveHub(LiveFeed feed) : Hub
{
    /// <summary>Chooses what to see, and asks for a fresh snapshot of it.</summary>
    public Task Join(JoinRequest request)
    {
        try
        {
            ArgumentNullException.ThrowIfNull(request);
            feed.Join(Context.ConnectionId, Clients.Caller, request, Context.ConnectionAborted);
            return Task.CompletedTask;
        }
        catch (ArgumentException e)
        {
            throw new HubException(e.Message);
        }
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        feed.Leave(Context.ConnectionId);
        return base.OnDisconnectedAsync(exception);
    }
}
