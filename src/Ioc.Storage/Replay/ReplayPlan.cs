using Ioc.Devices.Readings;
using NodaTime;

namespace Ioc.Storage.Replay;

/// <summary>How far a replay is.</summary>
public enum ReplayState
{
    /// <summary>Messages are being decoded and compared; nothing is changed.</summary>
    Comparing,

    /// <summary>The difference is there; nothing is changed.</summary>
    Ready,

    /// <summary>Being carried out, step by step.</summary>
    Committing,

    /// <summary>Carried out; index, twins and audit are still to follow.</summary>
    Applied,

    /// <summary>Over.</summary>
    Done,
}

/// <summary>One replay, as the store keeps it.</summary>
/// <param name="Id">Number of the audit's entry of its comparison.</param>
/// <param name="State">How far it is.</param>
/// <param name="Selection">What it decodes again, as JSON; for the server to read.</param>
/// <param name="Profiles">Version of the profile folder that it decoded with.</param>
/// <param name="By">Who asked.</param>
/// <param name="At">When.</param>
/// <param name="Horizon">Messages from here on are not part of it: they came later.</param>
/// <param name="Token">Names exactly this difference; empty until there is one.</param>
/// <param name="Difference">The difference; null until there is one.</param>
/// <param name="DoneCount">Messages carried out so far.</param>
/// <param name="CommittedBy">Who approved it; null until then.</param>
public sealed record ReplayPlan(
    long Id, ReplayState State, string Selection, string Profiles, string By, Instant At, long Horizon, string Token, ReplayDifference? Difference, long DoneCount, string? CommittedBy);

/// <summary>What a replay changes.</summary>
/// <param name="Messages">Messages decoded again.</param>
/// <param name="ChangedMessages">Messages of which something changes.</param>
/// <param name="Added">Readings that are not stored now.</param>
/// <param name="Changed">Readings whose value or quality changes.</param>
/// <param name="Removed">Readings that go.</param>
/// <param name="Unchanged">Readings that stay as they are.</param>
/// <param name="Duplicate">Readings that another message has brought already; they are not stored again.</param>
/// <param name="Unknown">Messages left out because what became of them is not known: stored by a version that did not keep it.</param>
/// <param name="Series">Counts by device and metric, the largest first; bounded.</param>
/// <param name="SeriesCount">How many series there are in all.</param>
/// <param name="Outcomes">Messages whose outcome changes, by outcome.</param>
/// <param name="Examples">Some of the differences.</param>
/// <param name="NewDevices">Devices that appear by it, some of them.</param>
/// <param name="NewDeviceCount">How many do.</param>
public sealed record ReplayDifference(
    long Messages,
    long ChangedMessages,
    long Added,
    long Changed,
    long Removed,
    long Unchanged,
    long Duplicate,
    long Unknown,
    IReadOnlyList<SeriesDifference> Series,
    long SeriesCount,
    IReadOnlyList<OutcomeDifference> Outcomes,
    IReadOnlyList<ReadingDifference> Examples,
    IReadOnlyList<string> NewDevices,
    long NewDeviceCount);

/// <summary>Counts of one device and metric.</summary>
/// <param name="Source">The device's source.</param>
/// <param name="Key">The device's key.</param>
/// <param name="Metric">The metric.</param>
/// <param name="Added">Readings added.</param>
/// <param name="Changed">Readings changed.</param>
/// <param name="Removed">Readings removed.</param>
public sealed record SeriesDifference(string Source, string Key, string Metric, long Added, long Changed, long Removed);

/// <summary>Messages that were one thing and become another.</summary>
/// <param name="From">The outcome that was counted.</param>
/// <param name="FromReason">Why, when it was set aside.</param>
/// <param name="To">The outcome that is counted instead.</param>
/// <param name="ToReason">Why, when it is set aside.</param>
/// <param name="Count">How many.</param>
/// <param name="ExampleOffset">The newest of them.</param>
public sealed record OutcomeDifference(MessageOutcome From, QuarantineReason FromReason, MessageOutcome To, QuarantineReason ToReason, long Count, long ExampleOffset);

/// <summary>One reading that is added, changed or removed.</summary>
/// <param name="Offset">Its message.</param>
/// <param name="Source">The device's source.</param>
/// <param name="Key">The device's key.</param>
/// <param name="Metric">The metric.</param>
/// <param name="Channel">The channel; empty where there is one.</param>
/// <param name="MeasuredAt">When.</param>
/// <param name="Old">The stored value; null when it is added.</param>
/// <param name="New">The value decoded now; null when it is removed.</param>
public sealed record ReadingDifference(long Offset, string Source, string Key, string Metric, string Channel, Instant MeasuredAt, double? Old, double? New);

/// <summary>A device that nobody knows yet.</summary>
/// <param name="Source">Its source.</param>
/// <param name="Key">Its key.</param>
/// <param name="Profile">The profile that reads it.</param>
/// <param name="Family">The family that the profile gives.</param>
public sealed record NewDevice(string Source, string Key, string Profile, string Family);

/// <summary>A step carried out.</summary>
/// <param name="MessageCount">Messages of the step.</param>
/// <param name="DoneCount">Messages of all steps so far.</param>
public sealed record ReplayStep(long MessageCount, long DoneCount);

/// <summary>A message whose outcome has changed.</summary>
/// <param name="Offset">The message.</param>
/// <param name="ReceivedAt">Its arrival.</param>
/// <param name="Outcome">What it is counted as now.</param>
/// <param name="Reason">Why, when it is set aside.</param>
/// <param name="Detail">Profile and field, when it is set aside.</param>
public sealed record AmendedMessage(long Offset, Instant ReceivedAt, MessageOutcome Outcome, QuarantineReason Reason, string Detail);

/// <summary>The newest stored reading of a series; null values when the series has none left.</summary>
public sealed record NewestReading(DeviceId Device, MetricId Metric, ChannelId Channel, Reading? Reading, long Offset);

/// <summary>A stored reading and its message.</summary>
/// <param name="Offset">The message's offset in the journal.</param>
/// <param name="Index">The reading's place in the message.</param>
/// <param name="ReceivedAt">The message's arrival.</param>
/// <param name="MeasuredAt">When it was measured.</param>
/// <param name="Channel">Which of several.</param>
/// <param name="Value">In the metric's unit.</param>
/// <param name="Quality">What to doubt.</param>
public sealed record ReadingPlace(long Offset, int Index, Instant ReceivedAt, Instant MeasuredAt, ChannelId Channel, double Value, Quality Quality);

/// <summary>What a store keeps of one message.</summary>
/// <param name="ReadingCount">Stored readings.</param>
/// <param name="Outcome">What it was counted as; null when that is not known.</param>
/// <param name="Reason">Why, when it was set aside.</param>
/// <param name="Replay">The last replay that changed it; null when none did.</param>
/// <param name="ReplayProfiles">The version of the profile folder that replay decoded with.</param>
public sealed record StoredMessage(long ReadingCount, MessageOutcome? Outcome, QuarantineReason Reason, long? Replay, string? ReplayProfiles);
