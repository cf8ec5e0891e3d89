using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Ioc.Devices.Readings;
using NodaTime;

namespace Ioc.Devices.Registry;

/// <summary>All devices: those that people wrote into the seeds, and those that appeared by themselves. Thread-safe; reads take no lock.</summary>
public sealed class DeviceRegistry
{
    /// <summary>Longest source or key taken at first contact, in UTF-8 bytes.</summary>
    public const int MaxPartBytes = 256;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly RegistryOptions _options;
    private readonly FirstContactPolicy _policy;
    private readonly IClock _clock;
    private readonly ConcurrentDictionary<string, Device> _byApiId = new(StringComparer.Ordinal);
    private readonly Lock _adding = new();
    private readonly IdentityTable _identities = new();

    // Slot n holds device n; slot 0 is nobody. Replaced whole when it grows, so a reader may hold an old one that lacks the newest.
    private Device[] _devices = new Device[1024];
    private int _count;
    private int _undecidedCount;

    /// <summary>Builds the registry of the given devices.</summary>
    /// <param name="devices">Get ids from 1 in this order; api id and search text are filled in.</param>
    /// <param name="options">Limits and first-contact policy.</param>
    /// <param name="clock">Dates the first contact.</param>
    /// <param name="seeds">Sites for devices that are taken on at first contact; null for none.</param>
    /// <exception cref="ArgumentException">Two devices share source and key.</exception>
    /// <exception cref="FirstContactException">A policy names a site that the seeds do not know.</exception>
    public DeviceRegistry(IReadOnlyList<Device> devices, RegistryOptions options, IClock clock, Seeds? seeds = null)
    {
        _options = options;
        _clock = clock;
        _policy = new FirstContactPolicy(options, seeds ?? Seeds.Empty);
        foreach (Device device in devices)
        {
            byte[] source = Encoding.UTF8.GetBytes(device.Source);
            byte[] key = Encoding.UTF8.GetBytes(device.Key);
            if (_identities.Find(source, key) != 0)
                throw new ArgumentException($"Device '{device.Source}' '{device.Key}' stands twice.", nameof(devices));

            Add(device, source, key);
        }
    }

    /// <summary>Raised once for each device created at first contact, outside locks, on the thread that decoded its message.</summary>
    public event Action<Device>? Created;

    /// <summary>Raised after devices were added or changed by a person, outside locks: the new records.</summary>
    public event Action<IReadOnlyList<Device>>? Changed;

    /// <summary>How many devices.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>First contacts turned away because of policy, bound or an impossible key, since start.</summary>
    public long RejectedCount => Interlocked.Read(ref _rejectedCount);
    private long _rejectedCount;

    /// <summary>All devices at this moment, in the order of their ids.</summary>
    public IReadOnlyList<Device> All
    {
        get
        {
            // Count first: every device below it is already in the array read after it.
            int count = Count;
            return new ArraySegment<Device>(Volatile.Read(ref _devices), 1, count);
        }
    }

    /// <summary>The device behind a handle.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such device.</exception>
    public Device this[DeviceId id] =>
        id.Value > 0 && id.Value <= Count ? Volatile.Read(ref _devices)[id.Value] : throw new ArgumentOutOfRangeException(nameof(id), id, "No such device.");

    /// <summary>Finds a device by its API id, as it stands or as a web server unescaped it.</summary>
    public bool TryFind(string apiId, [NotNullWhen(true)] out Device? device) =>
        _byApiId.TryGetValue(apiId, out device) || _byApiId.TryGetValue(ApiIds.Restore(apiId), out device);

    /// <summary>The handle of a known device, without creating it.</summary>
    /// <returns><see cref="DeviceId.None"/> when unknown.</returns>
    public DeviceId Find(ReadOnlySpan<byte> source, ReadOnlySpan<byte> key) => new(_identities.Find(source, key));

    /// <summary>The handle of the device that a message names; unknown ones are created or turned away as the policy says.</summary>
    /// <param name="source">UTF-8 source; empty means the default one.</param>
    /// <param name="key">UTF-8 key.</param>
    /// <param name="profile">The profile that reads the message.</param>
    /// <param name="family">The family that the profile gives.</param>
    /// <returns><see cref="DeviceId.None"/> when the device is unknown and may not be created.</returns>
    public DeviceId Resolve(ReadOnlySpan<byte> source, ReadOnlySpan<byte> key, string profile, string family)
    {
        if (source.IsEmpty)
            source = "default"u8;

        int known = _identities.Find(source, key);
        return known != 0 ? new DeviceId(known) : Create(source, key, profile, family);
    }

    /// <summary>Why what a device sends is set aside; <see cref="QuarantineReason.None"/> when it is not. Costs no lock and no memory.</summary>
    /// <param name="id">A known device.</param>
    /// <param name="receivedAt">When the message arrived: one from before the retirement stays a reading.</param>
    public QuarantineReason WhyRefused(DeviceId id, Instant receivedAt)
    {
        Device device = this[id];
        if (device.RefusedFrom is not { } from || receivedAt < from)
            return QuarantineReason.None;

        return device.Standing == DeviceStanding.Rejected ? QuarantineReason.DeviceRejected : QuarantineReason.DeviceRetired;
    }

    /// <summary>Adds devices, or puts new records in the place of old ones with the same source and key. Readers see each at once.</summary>
    /// <returns>The records as they are kept, with their handles.</returns>
    public IReadOnlyList<Device> Put(IReadOnlyList<Device> devices)
    {
        if (devices.Count == 0)
            return [];

        var kept = new List<Device>(devices.Count);
        lock (_adding)
        {
            foreach (Device device in devices)
            {
                byte[] source = Encoding.UTF8.GetBytes(device.Source);
                byte[] key = Encoding.UTF8.GetBytes(device.Key);
                int known = _identities.Find(source, key);
                kept.Add(known == 0 ? Add(device, source, key) : Replace(known, device));
            }
        }

        Changed?.Invoke(kept);
        return kept;
    }

    /// <summary>Brings back devices that appeared before a restart. One that the seeds know by now is the seeds'.</summary>
    public void Restore(IReadOnlyList<UnclaimedDevice> devices)
    {
        foreach (UnclaimedDevice kept in devices)
        {
            byte[] source = Encoding.UTF8.GetBytes(kept.Source);
            byte[] key = Encoding.UTF8.GetBytes(kept.Key);
            lock (_adding)
            {
                if (_identities.Find(source, key) == 0)
                    Add(_policy.Held(kept), source, key);
            }
        }
    }

    private DeviceId Create(ReadOnlySpan<byte> source, ReadOnlySpan<byte> key, string profile, string family)
    {
        if (!TryRead(source, out string sourceText) || !TryRead(key, out string keyText))
            return Rejected();

        Device created;
        lock (_adding)
        {
            int known = _identities.Find(source, key);
            if (known != 0)
                return new DeviceId(known);
            if (_undecidedCount >= _options.MaxUnclaimed)
                return Rejected();
            if (_policy.Meet(new UnclaimedDevice(sourceText, keyText, profile, family, _clock.GetCurrentInstant())) is not { } stranger)
                return Rejected();

            created = Add(stranger, source.ToArray(), key.ToArray());
        }

        Created?.Invoke(created);
        return created.Id;
    }

    private DeviceId Rejected()
    {
        Interlocked.Increment(ref _rejectedCount);
        return DeviceId.None;
    }

    // Under _adding, or before anybody else can see the registry.
    private Device Add(Device device, byte[] source, byte[] key)
    {
        int id = _count + 1;
        device = Known(device, id);

        if (id == _devices.Length)
        {
            Device[] grown = new Device[_devices.Length * 2];
            _devices.CopyTo(grown, 0);
            Volatile.Write(ref _devices, grown);
        }

        // The order is the promise to lock-free readers: a device is in its slot before its number, its name or its key can be met.
        _devices[id] = device;
        Volatile.Write(ref _count, id);
        _byApiId[device.ApiId] = device;
        _identities.Add(source, key, id);
        _undecidedCount += Undecided(device);
        return device;
    }

    // Under _adding. A reader holds the record before or the one after, each whole.
    private Device Replace(int id, Device device)
    {
        device = Known(device, id);
        _undecidedCount += Undecided(device) - Undecided(_devices[id]);
        Volatile.Write(ref _devices[id], device);
        _byApiId[device.ApiId] = device;
        return device;
    }

    private static Device Known(Device device, int id)
    {
        string apiId = ApiIds.Of(device.Source, device.Key);
        return device with { Id = new DeviceId(id), ApiId = apiId, SearchText = FoldedText.Of($"{apiId}\n{device.Key}\n{device.Name}") };
    }

    // Appeared by itself, and nobody has said anything about it.
    private static int Undecided(Device device) => device is { FirstSeen: not null, Version: 1 } ? 1 : 0;

    // What a payload calls itself becomes an id, a log field and a row: no control characters, no broken UTF-8, no novels.
    private static bool TryRead(ReadOnlySpan<byte> part, out string text)
    {
        text = "";
        if (part.IsEmpty || part.Length > MaxPartBytes)
            return false;

        foreach (byte b in part)
        {
            if (b < 0x20 || b == 0x7F)
                return false;
        }

        if (!System.Text.Unicode.Utf8.IsValid(part))
            return false;

        text = StrictUtf8.GetString(part);
        return true;
    }
}
