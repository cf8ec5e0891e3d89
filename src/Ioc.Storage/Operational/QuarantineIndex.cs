using Ioc.Devices.Readings;
using NodaTime;

namespace Ioc.Storage.Operational;

/// <summary>A message set aside. Its bytes stay in the journal, under the same offset.</summary>
/// <param name="Offset">Its position in the journal.</param>
/// <param name="ReceivedAt">Arrival time.</param>
/// <param name="DeviceApiId">Whose message, as far as known.</param>
/// <param name="Topic">Where it was published, as far as known.</param>
/// <param name="Reason">Why it was set aside.</param>
/// <param name="Detail">Names profile and field; never payload content.</param>
public sealed record QuarantineEntry(long Offset, Instant ReceivedAt, string? DeviceApiId, string? Topic, QuarantineReason Reason, string Detail);

/// <summary>One page of set-aside messages.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="Next">Cursor of the next page; null when this is the last.</param>
public sealed record QuarantinePage(IReadOnlyList<QuarantineEntry> Items, string? Next);
