using System.Threading.Channels;
using Ioc.Alarms.Lifecycle;
using Ioc.Devices.Readings;
using Microsoft.AspNetCore.SignalR;

namespace Ioc.Server.Live;

/// <summary>One client's live view: snapshot, then changes at most four times a second, alarms at once, a beat every two seconds.</summary>
/// <remarks>
/// One loop per client, which waits for the client's own connection: whoever reads slowly gets the newest state less often. Alarms
/// queue up to <see cref="MaxQueuedAlarms"/>; a client further behind gets a fresh snapshot instead of them.
/// </remarks>
internal sealed class LiveSession(IClientProxy client, LiveScene scene, TimeProvider time, ILogger log)
{
    private const int MaxQueuedAlarms = 256;
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(250);
    private const int FramesPerBeat = 8;

    private readonly Channel<Alarm> _alarms = Channel.CreateBounded<Alarm>(new BoundedChannelOptions(MaxQueuedAlarms) { SingleReader = true });
    private readonly List<DeviceId> _changed = [];
    private readonly HashSet<DeviceId> _alarmed = [];
    private LiveScope? _wanted;
    private int _running;
    private volatile bool _needsSnapshot;
    private long _seq;

    /// <summary>Asks for a snapshot of a scope; starts the session with the first call.</summary>
    public void Show(LiveScope scope, CancellationToken aborted)
    {
        Volatile.Write(ref _wanted, scope);
        if (Interlocked.Exchange(ref _running, 1) == 0)
            _ = RunAsync(aborted);
    }

    /// <summary>Queues an alarm's change.</summary>
    public void Post(Alarm alarm)
    {
        if (!_alarms.Writer.TryWrite(alarm))
            _needsSnapshot = true;
    }

    /// <summary>Devices have another name, place or standing: the client gets a fresh snapshot with the next frame.</summary>
    public void Refresh() => _needsSnapshot = true;

    private async Task RunAsync(CancellationToken aborted)
    {
        try
        {
            LiveScope scope = Volatile.Read(ref _wanted)!;
            long version = 0;
            int untilBeat = 0;
            using var frames = new PeriodicTimer(Frame, time);
            Task<bool> frame = frames.WaitForNextTickAsync(aborted).AsTask();

            // Kept until it completes: a waiter made per frame would stay in the channel's list until the next alarm of a quiet night.
            Task<bool> alarm = _alarms.Reader.WaitToReadAsync(aborted).AsTask();
            while (true)
            {
                LiveScope? wanted = Interlocked.Exchange(ref _wanted, null);
                if (wanted is not null || _needsSnapshot)
                {
                    scope = wanted ?? scope;
                    version = await SendSnapshotAsync(scope, aborted);
                    untilBeat = FramesPerBeat;
                }

                await Task.WhenAny(frame, alarm);
                await SendAlarmsAsync(scope, aborted);
                if (alarm.IsCompleted)
                    alarm = _alarms.Reader.WaitToReadAsync(aborted).AsTask();
                if (!frame.IsCompleted)
                    continue;

                await frame;
                frame = frames.WaitForNextTickAsync(aborted).AsTask();
                version = await SendChangesAsync(scope, version, aborted);
                if (--untilBeat <= 0)
                {
                    untilBeat = FramesPerBeat;
                    await client.SendAsync("beat", new LiveBeat(++_seq, scene.Now), aborted);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The client has gone.
        }
        catch (Exception e)
        {
            // One client's view must not end another's; this client notices the silence and joins again.
            LiveLog.SessionFailed(log, e);
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    private async Task<long> SendSnapshotAsync(LiveScope scope, CancellationToken aborted)
    {
        // What changes from here on comes as a change; what is queued already is in the snapshot.
        _needsSnapshot = false;
        while (_alarms.Reader.TryRead(out _))
        {
        }

        long version = scene.Version;
        await client.SendAsync("snapshot", scene.Snapshot(scope, ++_seq), aborted);
        return version;
    }

    private async Task SendAlarmsAsync(LiveScope scope, CancellationToken aborted)
    {
        while (_alarms.Reader.TryRead(out Alarm? alarm))
        {
            // Its marker changes with it, whether or not the device says anything.
            _alarmed.Add(scene.DeviceOf(alarm));
            if (scene.View(alarm, scope) is { } view)
                await client.SendAsync("alarm", new LiveAlarm(++_seq, scene.Now, view), aborted);
        }
    }

    private async Task<long> SendChangesAsync(LiveScope scope, long version, CancellationToken aborted)
    {
        long reached = scene.ChangesSince(version, _changed);
        _alarmed.Remove(DeviceId.None);
        _alarmed.ExceptWith(_changed);
        _changed.AddRange(_alarmed);
        _alarmed.Clear();
        List<LiveChange> changes = scene.Changes(scope, _changed);
        if (changes.Count > 0)
            await client.SendAsync("changes", new LiveChanges(++_seq, scene.Now, changes), aborted);
        return reached;
    }
}

internal static partial class LiveLog
{
    [LoggerMessage(9030, LogLevel.Error, "A live view ended because of a fault")]
    public static partial void SessionFailed(ILogger log, Exception exception);
}
