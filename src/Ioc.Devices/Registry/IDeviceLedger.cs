using NodaTime;

namespace Ioc.Devices.Registry;

/// <summary>A device that appeared by itself, as it is kept over a restart.</summary>
/// <param name="Source">First half of its identity.</param>
/// <param name="Key">Second half of its identity.</param>
/// <param name="Profile">The profile that read its first message.</param>
/// <param name="Family">The family that the profile gives.</param>
/// <param name="FirstSeen">When it was first heard.</param>
public sealed record UnclaimedDevice(string Source, string Key, string Profile, string Family, Instant FirstSeen);

/// <summary>Keeps the devices that no seed knows. Implemented by the storage room.</summary>
public interface IDeviceLedger
{
    /// <summary>All kept devices, in the order in which they were added.</summary>
    Task<IReadOnlyList<UnclaimedDevice>> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Adds devices; one that is already kept stays as it is.</summary>
    Task AddAsync(IReadOnlyList<UnclaimedDevice> devices, CancellationToken cancellationToken);
}
