using Ioc.Devices.Readings;
using NodaTime;

namespace Ioc.Devices.Firmware;

/// <summary>A member that no profile reads, as samples met it.</summary>
/// <param name="Samples">How many samples had it.</param>
/// <param name="FirstSeen">In the first one.</param>
/// <param name="LastSeen">In the last one.</param>
public sealed record UnreadMember(long Samples, Instant FirstSeen, Instant LastSeen);

/// <summary>What is known of one firmware in the field. A copy.</summary>
/// <param name="Profile">The profile that reads it.</param>
/// <param name="Version">What its devices say of themselves; null when they say nothing.</param>
/// <param name="FirstSeen">Arrival of its first message.</param>
/// <param name="LastSeen">Arrival of its last one.</param>
/// <param name="Messages">How many came, those that could not be decoded included.</param>
/// <param name="Failures">Those set aside, by reason.</param>
/// <param name="Unread">Members that no profile reads, by path.</param>
public sealed record FirmwareCount(
    string Profile,
    string? Version,
    Instant FirstSeen,
    Instant LastSeen,
    long Messages,
    IReadOnlyDictionary<QuarantineReason, long> Failures,
    IReadOnlyDictionary<string, UnreadMember> Unread);

/// <summary>A device runs another firmware than before.</summary>
/// <param name="Device">Which.</param>
/// <param name="At">When it said so.</param>
/// <param name="Before">The version before.</param>
/// <param name="After">The version now.</param>
public sealed record FirmwareChange(DeviceId Device, Instant At, string Before, string After);

/// <summary>Everything counted up to an offset.</summary>
/// <param name="NextOffset">The first offset not counted.</param>
/// <param name="Counts">By profile and version.</param>
/// <param name="Changes">Changes of version since the last save.</param>
public sealed record FirmwareSheet(long NextOffset, IReadOnlyList<FirmwareCount> Counts, IReadOnlyList<FirmwareChange> Changes);

/// <summary>Keeps the counts. Implemented by the storage room.</summary>
public interface IFirmwareLedger
{
    /// <summary>What was kept last; null when nothing ever was.</summary>
    Task<FirmwareSheet?> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Keeps counts, cursor and changes in one transaction.</summary>
    Task SaveAsync(FirmwareSheet sheet, CancellationToken cancellationToken);
}
