using System.Collections.Concurrent;
using Ioc.Alarms.Lifecycle;
using Ioc.Devices.Registry;
using Ioc.Server.Api;
using Microsoft.AspNetCore.SignalR;

namespace Ioc.Server.Live;

/// <summary>All clients of the live view. Each has a session of its own, so a slow one gets fewer frames and holds up nobody.</summary>
internal sealed class LiveFeed
{
    // Dashboards and walls of a province; beyond it a client is told, rather than all served badly.
    private const int MaxSessions = 1_000;

    private readonly ConcurrentDictionary<string, LiveSession> _sessions = new();
    private readonly LiveScene _scene;
    private readonly Places _places;
    private readonly TimeProvider _time;
    private readonly ILogger<LiveFeed> _log;

    public LiveFeed(LiveScene scene, Places places, AlarmEngine alarms, DeviceRegistry registry, TimeProvider time, ILogger<LiveFeed> log)
    {
        _scene = scene;
        _places = places;
        _time = time;
        _log = log;
        alarms.Changed += alarm =>
        {
            foreach (LiveSession session in _sessions.Values)
                session.Post(alarm);
        };
        registry.Changed += _ =>
        {
            foreach (LiveSession session in _sessions.Values)
                session.Refresh();
        };
    }

    /// <summary>Begins, or begins again, what a client sees.</summary>
    /// <exception cref="ArgumentException">There is no such zone or family, or no room for another client.</exception>
    public void Join(string connectionId, IClientProxy client, JoinRequest request, CancellationToken aborted)
    {
        LiveScope scope = LiveScope.Of(request, _places);
        if (_sessions.Count >= MaxSessions && !_sessions.ContainsKey(connectionId))
            throw new ArgumentException($"All {MaxSessions} places for live views are taken.");

        LiveSession session = _sessions.GetOrAdd(connectionId, _ => new LiveSession(client, _scene, _time, _log));
        session.Show(scope, aborted);
    }

    public void Leave(string connectionId) => _sessions.TryRemove(connectionId, out _);
}
