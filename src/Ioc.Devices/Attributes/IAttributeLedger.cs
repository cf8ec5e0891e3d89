namespace Ioc.Devices.Attributes;

/// <summary>An attribute as it is kept over a restart.</summary>
/// <param name="Source">First half of the device's identity.</param>
/// <param name="Key">Second half of it.</param>
/// <param name="Attribute">The attribute.</param>
public sealed record KeptAttribute(string Source, string Key, DeviceAttribute Attribute);

/// <summary>Keeps attributes of devices. Implemented by the storage room.</summary>
public interface IAttributeLedger
{
    /// <summary>All kept attributes.</summary>
    Task<IReadOnlyList<KeptAttribute>> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Saves attributes, each in place of the one of its device and name.</summary>
    Task SaveAsync(IReadOnlyList<KeptAttribute> attributes, CancellationToken cancellationToken);
}
