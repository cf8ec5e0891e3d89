using Ioc.Devices.Registry;
using NodaTime;

namespace Ioc.Devices.Onboarding;

/// <summary>Who did something.</summary>
/// <param name="Name">Account; until there are accounts, <see cref="LocalOperator"/>.</param>
/// <param name="Address">Remote address, where it came over the network; null for the command line and the product itself.</param>
/// <param name="Via">The way it came: api, cli or policy.</param>
public sealed record Actor(string Name, string? Address, string Via)
{
    /// <summary>Whoever reaches the loopback-only application.</summary>
    public const string LocalOperator = "local operator";
}

/// <summary>One change of one device.</summary>
/// <param name="Action">What was done, as the audit names it: <c>device.claim</c>.</param>
/// <param name="Before">Null for a new device.</param>
/// <param name="After">Its version is one more than before.</param>
public sealed record DeviceChange(string Action, Device? Before, Device After);

/// <summary>Keeps what people have decided about devices, and who did. Several processes may use it at once. Implemented by the storage room.</summary>
public interface IRegistryLedger
{
    /// <summary>Devices that were changed after a revision, and the revision reached. Places and handles are the registry's to give.</summary>
    /// <param name="revision">0 for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<(long Revision, IReadOnlyList<Device> Devices)> ReadSinceAsync(long revision, CancellationToken cancellationToken);

    /// <summary>Keeps changes and their audit in one transaction.</summary>
    /// <returns>False, with nothing kept, when a device is no longer at the version it was changed from: another process was faster.</returns>
    Task<bool> SaveAsync(IReadOnlyList<DeviceChange> changes, Actor actor, Instant now, CancellationToken cancellationToken);
}
