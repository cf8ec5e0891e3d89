using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using NodaTime;

namespace Ioc.Storage.Replay;

/// <summary>The store's side of decoding kept messages again: stage what the profiles make of them now, compare with what is stored, replace it step by step.</summary>
/// <remarks>
/// One plan exists at a time and survives a restart. Until <see cref="ApproveAsync"/> nothing that anybody reads is touched. Each step is one
/// transaction of rows, outcomes, counts and the plan's own place; a crash between two loses neither and repeats neither. One caller at a time.
/// </remarks>
public interface IReplayStore
{
    /// <summary>Why this store cannot do it, in words for an operator; null when it can.</summary>
    string? Refusal { get; }

    /// <summary>The plan there is; null without one.</summary>
    Task<ReplayPlan?> FindPlanAsync(CancellationToken cancellationToken);

    /// <summary>Throws away the plan there is, unless it is being committed, and starts another.</summary>
    /// <exception cref="StorageException">A plan is being committed.</exception>
    Task BeginAsync(ReplayPlan plan, CancellationToken cancellationToken);

    /// <summary>Which messages of a run of offsets have stored readings of a device.</summary>
    /// <param name="device">Whose.</param>
    /// <param name="from">First offset.</param>
    /// <param name="to">First offset left out.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlySet<long>> OffsetsOfAsync(Device device, long from, long to, CancellationToken cancellationToken);

    /// <summary>Adds messages as the profiles decode them now.</summary>
    /// <param name="batch">The messages, with handles of <paramref name="registry"/>.</param>
    /// <param name="chosen">By message of the batch: whether it is part of the replay, and the reason for which the index has it; null leaves it out.</param>
    /// <param name="registry">Knows the devices of the batch, also those that would appear by this replay.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task StageAsync(ReadingBatch batch, IReadOnlyList<QuarantineReason?> chosen, DeviceRegistry registry, CancellationToken cancellationToken);

    /// <summary>Compares everything staged with what is stored; the plan is then ready.</summary>
    Task<ReplayPlan> CompareAsync(CancellationToken cancellationToken);

    /// <summary>Makes a ready plan binding: from now on it is carried through, by another process if need be.</summary>
    /// <param name="token">The token of the comparison that was seen.</param>
    /// <param name="by">Who approves.</param>
    /// <param name="resolve">Brings the devices into being that appear by it.</param>
    /// <param name="cancellationToken">Gives up before anything is changed.</param>
    /// <exception cref="ReplayRefusedException">There is no such plan, or readings that bear on it have arrived since.</exception>
    Task<ReplayPlan> ApproveAsync(string token, string by, Func<NewDevice, DeviceId> resolve, CancellationToken cancellationToken);

    /// <summary>Carries out one step of an approved plan.</summary>
    /// <param name="messageCount">Most messages of the step.</param>
    /// <param name="cancellationToken">Gives up before the step.</param>
    /// <returns>What it changed; null when nothing is left and the plan is applied.</returns>
    Task<ReplayStep?> CommitStepAsync(int messageCount, CancellationToken cancellationToken);

    /// <summary>What became of messages whose outcome an applied plan changed, some at a time in order of offset.</summary>
    Task<IReadOnlyList<AmendedMessage>> AmendedAsync(long fromOffset, int limit, CancellationToken cancellationToken);

    /// <summary>For each series that the plan touched: its newest stored reading, back-fill left out.</summary>
    Task<IReadOnlyList<NewestReading>> NewestAsync(CancellationToken cancellationToken);

    /// <summary>Ends an applied plan: twins, index and audit have followed.</summary>
    Task FinishAsync(CancellationToken cancellationToken);

    /// <summary>Throws away a plan that is not approved.</summary>
    Task DiscardAsync(CancellationToken cancellationToken);

    /// <summary>Forgets what is only of use while the journal keeps the message.</summary>
    /// <param name="offset">First offset that the journal keeps.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task ForgetBelowAsync(long offset, CancellationToken cancellationToken);

    /// <summary>The stored readings of a series at a time, and the messages that brought them.</summary>
    Task<IReadOnlyList<ReadingPlace>> LocateAsync(DeviceId device, MetricId metric, ChannelId? channel, Instant at, CancellationToken cancellationToken);

    /// <summary>What the store keeps of one message.</summary>
    Task<StoredMessage> FindMessageAsync(long offset, CancellationToken cancellationToken);
}

/// <summary>A plan cannot be carried out: what it was made of has changed, or it is not there.</summary>
public sealed class ReplayRefusedException(string message) : Exception(message);
