using Ioc.Devices.Readings;
using Ioc.Devices.Twins;

namespace Ioc.Server.Pipeline;

/// <summary>Changes of device states on their way to the alarms: the newest per device, so bounded by the number of devices.</summary>
internal sealed class StateChanges
{
    private readonly Lock _gate = new();
    private Dictionary<DeviceId, DeviceStateChange> _pending = [];

    public StateChanges(TwinStore twins) => twins.StateChanged += Keep;

    /// <summary>Takes all that came since the last call.</summary>
    public IReadOnlyList<DeviceStateChange> Take()
    {
        lock (_gate)
        {
            if (_pending.Count == 0)
                return [];

            Dictionary<DeviceId, DeviceStateChange> taken = _pending;
            _pending = [];
            return [.. taken.Values];
        }
    }

    private void Keep(DeviceStateChange change)
    {
        lock (_gate)
        {
            // From the state that the alarms know to the newest one.
            _pending[change.Device] = _pending.TryGetValue(change.Device, out DeviceStateChange earlier) ? change with { From = earlier.From } : change;
        }
    }
}
