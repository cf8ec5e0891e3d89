using System.Collections.Concurrent;
using Ioc.Devices.Onboarding;
using Ioc.Devices.Registry;
using Ioc.Server.Onboarding;
using NodaTime;

namespace Ioc.Server.Pipeline;

/// <summary>Keeps devices that appeared by themselves over a restart.</summary>
/// <remarks>
/// The queue is bounded by the registry's own bound on unclaimed devices. One that is lost in a crash before it was saved appears
/// again with its next message or with the replay of the journal. Only alarms depend on it: they judge after it is saved.
/// </remarks>
internal sealed class FirstContacts : IDisposable
{
    private readonly ConcurrentQueue<Device> _unsaved = new();
    private readonly SemaphoreSlim _saving = new(1);
    private readonly DeviceRegistry _registry;
    private readonly IDeviceLedger _ledger;
    private readonly IRegistryLedger _decisions;
    private readonly IClock _clock;

    public FirstContacts(DeviceRegistry registry, IDeviceLedger ledger, IRegistryLedger decisions, IClock clock)
    {
        _registry = registry;
        _ledger = ledger;
        _decisions = decisions;
        _clock = clock;
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
            Device[] batch = [.. _unsaved];
            await _ledger.AddAsync([.. batch.Where(device => !device.Claimed).Select(Held)], stopping);

            // Taken on by policy: a decision like a person's. One that is kept already was saved before a crash.
            foreach (Device device in batch.Where(device => device.Claimed))
                await _decisions.SaveAsync([new DeviceChange("device.firstContact", null, device)], Actors.Policy, _clock.GetCurrentInstant(), stopping);
            for (int i = 0; i < batch.Length; i++)
                _unsaved.TryDequeue(out _);
        }
        finally
        {
            _saving.Release();
        }
    }

    public void Dispose() => _saving.Dispose();

    private static UnclaimedDevice Held(Device device) => new(device.Source, device.Key, device.Profile!, device.Family, device.FirstSeen!.Value);

    private void Remember(Device device)
    {
        if (device is { FirstSeen: not null, Profile: not null })
            _unsaved.Enqueue(device);
    }
}
