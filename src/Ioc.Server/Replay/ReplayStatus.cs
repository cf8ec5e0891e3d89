using NodaTime;

namespace Ioc.Server.Replay;

/// <summary>Where the one replay is that there may be.</summary>
/// <param name="State">none, comparing, ready, committing, done or failed.</param>
/// <param name="Replay">Its number; null when there is none.</param>
/// <param name="Selection">What it decodes again.</param>
/// <param name="By">Who asked for it.</param>
/// <param name="At">When.</param>
/// <param name="Profiles">Version of the profiles that it decodes with.</param>
/// <param name="Progress">How far the work under way is, from 0 to 1.</param>
/// <param name="Chosen">Messages chosen so far, or in all.</param>
/// <param name="Token">What a commit names; null until the difference is there.</param>
/// <param name="Difference">What changes; null until it is known.</param>
/// <param name="CommittedBy">Who approved it; null until then.</param>
/// <param name="Failure">Why it could not be done; null when it could.</param>
public sealed record ReplayStatus(
    string State,
    long? Replay,
    ReplaySelection? Selection,
    string? By,
    Instant? At,
    string? Profiles,
    double Progress,
    long Chosen,
    string? Token,
    ReplayDifferenceView? Difference,
    string? CommittedBy,
    string? Failure)
{
    internal static readonly ReplayStatus None = new("none", null, null, null, null, null, 0, 0, null, null, null, null);
}

/// <summary>What a replay changes, or has changed.</summary>
/// <param name="Messages">Messages decoded again.</param>
/// <param name="ChangedMessages">Messages of which something changes.</param>
/// <param name="Added">Readings that were not stored.</param>
/// <param name="Changed">Readings with another value or other doubts.</param>
/// <param name="Removed">Readings that go.</param>
/// <param name="Unchanged">Readings that stay.</param>
/// <param name="Duplicate">Readings that another message has brought already.</param>
/// <param name="Unknown">Messages left alone because what became of them is not known.</param>
/// <param name="Series">Counts by device and metric, the hundred largest.</param>
/// <param name="SeriesCount">How many there are in all.</param>
/// <param name="Outcomes">Messages whose outcome changes.</param>
/// <param name="Examples">Some readings, at most fifty.</param>
/// <param name="NewDevices">Keys of devices that appear by it, at most twenty.</param>
/// <param name="NewDeviceCount">How many do.</param>
public sealed record ReplayDifferenceView(
    long Messages,
    long ChangedMessages,
    long Added,
    long Changed,
    long Removed,
    long Unchanged,
    long Duplicate,
    long Unknown,
    IReadOnlyList<SeriesDifferenceView> Series,
    long SeriesCount,
    IReadOnlyList<OutcomeDifferenceView> Outcomes,
    IReadOnlyList<ReadingDifferenceView> Examples,
    IReadOnlyList<string> NewDevices,
    long NewDeviceCount);

/// <summary>Counts of one device and metric.</summary>
public sealed record SeriesDifferenceView(string Device, string Metric, long Added, long Changed, long Removed);

/// <summary>Messages that were one thing and become another: <c>stored</c>, <c>ignored</c>, <c>duplicate</c>, or the reason for which they are set aside.</summary>
public sealed record OutcomeDifferenceView(string From, string To, long Count, long ExampleOffset);

/// <summary>One reading; <c>kind</c> is added, changed or removed.</summary>
public sealed record ReadingDifferenceView(string Kind, string Device, string Metric, string? Channel, Instant At, object? Old, object? New, string? Unit, long Offset);
