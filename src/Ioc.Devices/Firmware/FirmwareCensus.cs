using System.Text;
using Ioc.Devices.Attributes;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using NodaTime;

namespace Ioc.Devices.Firmware;

/// <summary>A message to look at for members that nobody reads.</summary>
/// <param name="Offset">Where the journal keeps it.</param>
/// <param name="ReceivedAt">When it arrived.</param>
/// <param name="Profile">The profile that read it.</param>
/// <param name="Version">The firmware that its device runs.</param>
public readonly record struct FirmwareSample(long Offset, Instant ReceivedAt, string Profile, string? Version);

/// <summary>Counts messages, failures and unread members by profile and firmware version, so that drift shows on the day a vendor ships an update.</summary>
/// <remarks>
/// A consumer of its own, on its own lane: decoding and storing wait for nothing here. One lane calls <see cref="ConsumeAsync"/>, anybody
/// the rest. A message costs two look-ups and no allocation; payloads are looked at elsewhere, one per firmware every
/// <see cref="SampleEvery"/>. Bounded: <see cref="MaxEntries"/> firmwares, a hundred unread members each, 256 waiting samples.
/// </remarks>
public sealed class FirmwareCensus(DeviceRegistry registry, AttributeBook attributes) : IReadingConsumer
{
    /// <summary>Most pairs of profile and version; messages of further versions are counted as of none.</summary>
    public const int MaxEntries = 4_096;

    private const int MaxWaitingSamples = 256;

    // Two firmwares behind one key would fill the history; one change in this time is told.
    private static readonly Duration ChangeGrain = Duration.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Profile, string? Version), FirmwareEntry> _entries = [];
    private readonly Queue<FirmwareSample> _samples = [];
    private readonly List<FirmwareChange> _changes = [];
    private readonly Dictionary<DeviceId, (string Version, Instant ToldAt)> _versions = [];
    private FirmwareEntry?[] _byDevice = new FirmwareEntry?[1024];
    private long _nextOffset;
    private long _keptOffset;

    /// <summary>How often one firmware's messages are looked at.</summary>
    public static Duration SampleEvery { get; } = Duration.FromSeconds(5);

    /// <inheritdoc/>
    public string Name => "firmware";

    /// <inheritdoc/>
    public long NextOffset => Volatile.Read(ref _nextOffset);

    /// <summary>Begins with what was kept, or with nothing at an offset.</summary>
    /// <param name="kept">Null where nothing was kept.</param>
    /// <param name="otherwise">Where counting begins then: an old journal is not read for it.</param>
    public void Restore(FirmwareSheet? kept, long otherwise)
    {
        lock (_gate)
        {
            foreach (FirmwareCount count in kept?.Counts ?? [])
                (_entries[(count.Profile, count.Version)] = new FirmwareEntry(count.Profile, count.Version)).Restore(count);
            _keptOffset = kept?.NextOffset ?? otherwise;
            Volatile.Write(ref _nextOffset, _keptOffset);
        }
    }

    /// <inheritdoc/>
    public ValueTask ConsumeAsync(ReadingBatch batch, CancellationToken stopping)
    {
        lock (_gate)
        {
            foreach (ref readonly BatchMessage message in batch.Messages)
            {
                if (message.Offset < _nextOffset)
                    continue;

                TakeVersions(batch, message);
                if (message.Profile is { } profile)
                    Count(message, profile);
            }

            if (batch.NextOffset > _nextOffset)
                Volatile.Write(ref _nextOffset, batch.NextOffset);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>What is counted so far, by profile and version.</summary>
    public IReadOnlyList<FirmwareCount> Read()
    {
        lock (_gate)
        {
            return [.. _entries.Values.Select(entry => entry.Copy())
                .OrderBy(count => count.Profile, StringComparer.Ordinal).ThenBy(count => count.Version, StringComparer.Ordinal)];
        }
    }

    /// <summary>How many live devices run what: the version each told last, under the profile that read it last or is assigned to it.</summary>
    public IReadOnlyDictionary<(string Profile, string? Version), int> Devices()
    {
        var counts = new Dictionary<(string, string?), int>();
        foreach (Device device in registry.All.Where(device => device.IsLive))
        {
            string? profile;
            lock (_gate)
                profile = EntryOf(device.Id)?.Profile ?? device.Profile;
            if (profile is null)
                continue;

            (string, string?) firmware = (profile, VersionOf(device.Id));
            counts[firmware] = counts.GetValueOrDefault(firmware) + 1;
        }

        return counts;
    }

    /// <summary>Takes the messages that wait to be looked at.</summary>
    public IReadOnlyList<FirmwareSample> TakeSamples()
    {
        lock (_gate)
        {
            FirmwareSample[] taken = [.. _samples];
            _samples.Clear();
            return taken;
        }
    }

    /// <summary>Notes what a look at a message found.</summary>
    public void Note(in FirmwareSample sample, IReadOnlyList<string> unread)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue((sample.Profile, sample.Version), out FirmwareEntry? entry))
                return;
            foreach (string member in unread)
                entry.Met(member, sample.ReceivedAt);
        }
    }

    /// <summary>Keeps what has changed since the last call. After an exception it is kept by the next one.</summary>
    public async Task SaveAsync(IFirmwareLedger ledger, CancellationToken cancellationToken)
    {
        FirmwareSheet sheet;
        lock (_gate)
        {
            if (_nextOffset == _keptOffset)
                return;

            sheet = new FirmwareSheet(_nextOffset, [.. _entries.Values.Select(entry => entry.Copy())], [.. _changes]);
        }

        await ledger.SaveAsync(sheet, cancellationToken);
        lock (_gate)
        {
            _keptOffset = sheet.NextOffset;
            _changes.RemoveRange(0, sheet.Changes.Count);
        }
    }

    private void Count(in BatchMessage message, string profile)
    {
        FirmwareEntry? entry = EntryOf(message.Device);
        if (entry is null || entry.Profile != profile)
            entry = Find(message.Device, profile);

        entry.Count(message);
        if (message.Outcome != MessageOutcome.Stored || message.ReceivedAt < entry.NextSample || _samples.Count == MaxWaitingSamples)
            return;

        entry.NextSample = message.ReceivedAt + SampleEvery;
        _samples.Enqueue(new FirmwareSample(message.Offset, message.ReceivedAt, entry.Profile, entry.Version));
    }

    private FirmwareEntry Find(DeviceId device, string profile)
    {
        (string Profile, string? Version) key = (profile, VersionOf(device));
        if (!_entries.TryGetValue(key, out FirmwareEntry? entry))
        {
            if (_entries.Count >= MaxEntries)
                key = (profile, null);
            if (!_entries.TryGetValue(key, out entry))
                _entries[key] = entry = new FirmwareEntry(key.Profile, key.Version);
        }

        if (device != DeviceId.None)
        {
            if (device.Value >= _byDevice.Length)
                Array.Resize(ref _byDevice, Math.Max(device.Value + 1, _byDevice.Length * 2));
            _byDevice[device.Value] = entry;
        }

        return entry;
    }

    private FirmwareEntry? EntryOf(DeviceId device) => device.Value > 0 && device.Value < _byDevice.Length ? _byDevice[device.Value] : null;

    // What this lane has read goes before the book, which another lane fills.
    private string? VersionOf(DeviceId device)
    {
        lock (_gate)
        {
            if (_versions.TryGetValue(device, out (string Version, Instant) told))
                return told.Version;
        }

        return device == DeviceId.None ? null : attributes.Find(device, DeviceAttribute.Firmware)?.Value;
    }

    private void TakeVersions(ReadingBatch batch, in BatchMessage message)
    {
        foreach (ref readonly BatchAttribute told in batch.Attributes.Slice(message.FirstAttribute, message.AttributeCount))
        {
            if (told.Name != DeviceAttribute.Firmware || told.Device == DeviceId.None)
                continue;

            string version = Encoding.UTF8.GetString(batch.TextOf(told));
            string? before = _versions.TryGetValue(told.Device, out (string Version, Instant ToldAt) known)
                ? known.Version
                : KeptVersion(told.Device, message.ReceivedAt);
            Instant toldAt = known.ToldAt;
            if (before is not null && before != version)
            {
                if (known.Version is null || message.ReceivedAt - known.ToldAt >= ChangeGrain)
                {
                    _changes.Add(new FirmwareChange(told.Device, message.ReceivedAt, before, version));
                    toldAt = message.ReceivedAt;
                }
            }

            if (before != version && told.Device.Value < _byDevice.Length)
                _byDevice[told.Device.Value] = null;
            _versions[told.Device] = (version, toldAt);
        }
    }

    // The book may have taken this very message already; then nothing is known of the version before it.
    private string? KeptVersion(DeviceId device, Instant at) =>
        attributes.Find(device, DeviceAttribute.Firmware) is { } kept && kept.Since < at ? kept.Value : null;
}
