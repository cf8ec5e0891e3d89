using System.Text;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using NodaTime;

namespace Ioc.Devices.Attributes;

/// <summary>What is known of every device besides its readings: the last value of each attribute and since when it is so.</summary>
/// <remarks>
/// One consumer writes (<see cref="Take(ReadingBatch)"/>, <see cref="SaveAsync"/>), any number of threads read. A value that is told again costs a
/// comparison and no allocation. Bounded by the registry and by <see cref="DeviceAttribute.MaxPerDevice"/>.
/// </remarks>
public sealed class AttributeBook(DeviceRegistry registry, IAttributeLedger ledger)
{
    // That a value still holds is worth a write now and then; that it changed, at once.
    private static readonly Duration SeenGrain = Duration.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<DeviceId, List<Entry>> _devices = [];
    private readonly HashSet<(DeviceId Device, Entry Entry)> _unsaved = [];
    private long _droppedCount;

    /// <summary>Attributes left out since start, because their device had as many as it may.</summary>
    public long DroppedCount => Volatile.Read(ref _droppedCount);

    /// <summary>Brings back what was kept. Devices that the registry no longer knows are passed over.</summary>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        foreach (KeptAttribute kept in await ledger.LoadAsync(cancellationToken))
        {
            DeviceId device = registry.Find(Encoding.UTF8.GetBytes(kept.Source), Encoding.UTF8.GetBytes(kept.Key));
            if (device == DeviceId.None)
                continue;

            lock (_gate)
            {
                if (EntryOf(device, kept.Attribute.Name) is { } entry)
                    entry.Set(kept.Attribute, Encoding.UTF8.GetBytes(kept.Attribute.Value));
            }
        }
    }

    /// <summary>Takes what a batch tells. Seeing it twice changes nothing.</summary>
    public void Take(ReadingBatch batch)
    {
        if (batch.AttributeCount == 0)
            return;

        lock (_gate)
        {
            foreach (ref readonly BatchAttribute told in batch.Attributes)
                Take(told, batch.TextOf(told));
        }
    }

    /// <summary>Saves what changed since the last call. After an exception it is saved by the next one.</summary>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        KeptAttribute[] changed;
        lock (_gate)
        {
            if (_unsaved.Count == 0)
                return;

            changed = [.. _unsaved.Select(unsaved => new KeptAttribute(registry[unsaved.Device].Source, registry[unsaved.Device].Key, unsaved.Entry.Attribute!))];
        }

        await ledger.SaveAsync(changed, cancellationToken);
        lock (_gate)
            _unsaved.Clear();
    }

    /// <summary>The attributes of a device, by name.</summary>
    public IReadOnlyList<DeviceAttribute> Read(DeviceId device)
    {
        lock (_gate)
        {
            return _devices.TryGetValue(device, out List<Entry>? entries)
                ? [.. entries.Select(entry => entry.Attribute!).OrderBy(attribute => attribute.Name, StringComparer.Ordinal)]
                : [];
        }
    }

    /// <summary>One attribute of a device; null when it never told it.</summary>
    public DeviceAttribute? Find(DeviceId device, string name)
    {
        lock (_gate)
            return _devices.TryGetValue(device, out List<Entry>? entries) ? entries.Find(entry => entry.Name == name)?.Attribute : null;
    }

    private void Take(in BatchAttribute told, ReadOnlySpan<byte> text)
    {
        if (EntryOf(told.Device, told.Name) is not { } entry)
        {
            Volatile.Write(ref _droppedCount, _droppedCount + 1);
            return;
        }

        DeviceAttribute? known = entry.Attribute;
        if (known is not null && told.At < known.SeenAt)
            return;

        bool isSame = known is not null && known.Kind == told.Kind && text.SequenceEqual(entry.Utf8);
        if (isSame && told.At - known!.SeenAt < SeenGrain)
            return;

        if (isSame)
            entry.Set(known! with { SeenAt = told.At }, entry.Utf8);
        else
            entry.Set(new DeviceAttribute(told.Name, told.Kind, Encoding.UTF8.GetString(text), told.At, told.At), text.ToArray());
        _unsaved.Add((told.Device, entry));
    }

    private Entry? EntryOf(DeviceId device, string name)
    {
        if (!_devices.TryGetValue(device, out List<Entry>? entries))
            _devices[device] = entries = [];

        foreach (Entry known in entries)
        {
            if (known.Name == name)
                return known;
        }

        if (entries.Count == DeviceAttribute.MaxPerDevice)
            return null;

        var entry = new Entry(name);
        entries.Add(entry);
        return entry;
    }

    private sealed class Entry(string name)
    {
        public string Name { get; } = name;

        // Null only between EntryOf and Set, under one hold of the gate.
        public DeviceAttribute? Attribute { get; private set; }

        public byte[] Utf8 { get; private set; } = [];

        public void Set(DeviceAttribute attribute, byte[] utf8) => (Attribute, Utf8) = (attribute, utf8);
    }
}
