namespace Ioc.Profiles.Sparkplug;

/// <summary>What is known of an edge node: its births, those of its devices, and where its sequence stands.</summary>
internal sealed class NodeBirths(byte[] source, byte[] group, byte[] node)
{
    private DeviceBirths[] _devices = [];
    private int _sequence = -1;

    public byte[] Source { get; } = source;

    public byte[] Group { get; } = group;

    public byte[] Node { get; } = node;

    public BirthHistory Own { get; } = new();

    /// <summary>Every device that was ever born here and is remembered.</summary>
    public ReadOnlySpan<DeviceBirths> Devices => Volatile.Read(ref _devices);

    /// <summary>The number of the last message; −1 before the first. Written by the one reader that leads, read by the snapshot.</summary>
    public int Sequence
    {
        get => Volatile.Read(ref _sequence);
        set => Volatile.Write(ref _sequence, value);
    }

    /// <summary>Adds a device. The book's lock is held.</summary>
    public void Add(DeviceBirths device) => Volatile.Write(ref _devices, [.. _devices, device]);

    /// <summary>The birth of the node that holds at an offset; null when it is dead or unknown.</summary>
    public BirthCertificate? CertificateAt(long offset) => Own.Before(offset)?.Certificate;

    /// <summary>The birth of a device that holds at an offset: a birth or death of the node ends those of its devices.</summary>
    public BirthCertificate? CertificateAt(DeviceBirths device, long offset)
    {
        BirthEvent? born = device.History.Before(offset);
        BirthEvent? above = Own.Before(offset);
        return born is null || (above is not null && above.Offset > born.Offset) ? null : born.Certificate;
    }
}

/// <summary>What is known of a device behind an edge node.</summary>
internal sealed class DeviceBirths(byte[] device)
{
    public byte[] Device { get; } = device;

    public BirthHistory History { get; } = new();
}
