using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using NodaTime;

namespace Ioc.Storage.Replay;

/// <summary>Stands where the store cannot decode again, and says why.</summary>
internal sealed class RefusingReplayStore(string why) : IReplayStore
{
    public string? Refusal => why;

    public Task<ReplayPlan?> FindPlanAsync(CancellationToken cancellationToken) => Task.FromResult<ReplayPlan?>(null);

    public Task BeginAsync(ReplayPlan plan, CancellationToken cancellationToken) => throw Refused();

    public Task<IReadOnlySet<long>> OffsetsOfAsync(Device device, long from, long to, CancellationToken cancellationToken) => throw Refused();

    public Task StageAsync(ReadingBatch batch, IReadOnlyList<QuarantineReason?> chosen, DeviceRegistry registry, CancellationToken cancellationToken) => throw Refused();

    public Task<ReplayPlan> CompareAsync(CancellationToken cancellationToken) => throw Refused();

    public Task<ReplayPlan> ApproveAsync(string token, string by, Func<NewDevice, DeviceId> resolve, CancellationToken cancellationToken) => throw Refused();

    public Task<ReplayStep?> CommitStepAsync(int messageCount, CancellationToken cancellationToken) => throw Refused();

    public Task<IReadOnlyList<AmendedMessage>> AmendedAsync(long fromOffset, int limit, CancellationToken cancellationToken) => throw Refused();

    public Task<IReadOnlyList<NewestReading>> NewestAsync(CancellationToken cancellationToken) => throw Refused();

    public Task FinishAsync(CancellationToken cancellationToken) => throw Refused();

    public Task DiscardAsync(CancellationToken cancellationToken) => throw Refused();

    public Task ForgetBelowAsync(long offset, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<ReadingPlace>> LocateAsync(DeviceId device, MetricId metric, ChannelId? channel, Instant at, CancellationToken cancellationToken) => throw Refused();

    public Task<StoredMessage> FindMessageAsync(long offset, CancellationToken cancellationToken) => Task.FromResult(new StoredMessage(0, null, QuarantineReason.None, null, null));

    private ReplayRefusedException Refused() => new(why);
}
