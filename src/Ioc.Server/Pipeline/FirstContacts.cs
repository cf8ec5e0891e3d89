using System.Collections.Concurrent;
using Ioc.Devices.Registry;

namespace Ioc.Server.Pipeline;

/// <summary>Keeps devices that appeared by themselves over a restart.</summary>
/// <remarks>
/// The queue is bounded by the registry's own bound on unclaimed devices. One that is lost in a crash before it was saved appears
/// again with its next message or with the replay of the journal. Only alarms depend on it: they judge after it is saved.
/// </remarks>
internal sealed class FirstContacts : IDisposable
{
    private readonly ConcurrentQueue<UnclaimedDevice> _unsaved = new();
    private readonly SemaphoreSlim _saving = new(1);
    private readonly DeviceRegistry _registry;
    private readonly IDeviceLedger _ledger;

    public FirstContacts(DeviceRegistry registry, IDeviceLedger ledger)
    {
        _registry = registry;
        _ledger = ledger;
        registry.Created += Remember;
    }

    /// <summary>Brings back the devices of earlier runs.</summary>
    public async Task RestoreAsync(CancellationToken stopping) => _registry.Restore(await _ledger.LoadAsync(stopping));

    /// <summary>Saves those that appeared since the last call.</summary>
    public async Task SaveAsync(CancellationToken stopping)
    {
        if (_unsaved.IsEmpty)
            return;

        await _saving.WaitAsync(stopping);
        try
        {
            UnclaimedDevice[] batch = [.. _unsaved];
            await _ledger.AddAsync(batch, stopping);
            for (int i = 0; i < batch.Length; i++)
                _unsaved.TryDequeue(out _);
        }
        finally
        {
            _saving.Release();
        }
    }

    public void Dispose() => _saving.Dispose();

    private void Remember(Device device)
    {
        if (device.FirstSeen is { } firstSeen && device.Profile is { } profile)
            _unsaved.Enqueue(new UnclaimedDevice(device.Source, device.Key, profile, device.Family, firstSeen));
    }
}
