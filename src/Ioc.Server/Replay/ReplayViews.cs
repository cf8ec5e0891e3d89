using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Server.Api;
using Ioc.Storage.Replay;

namespace Ioc.Server.Replay;

/// <summary>Replays as people see them.</summary>
internal sealed class ReplayViews(MetricCatalogue metrics)
{
    public ReplayStatus Of(ReplayPlan plan, double progress, long chosen, string? failure) => new(
        failure is not null ? "failed" : plan.State == ReplayState.Applied ? Words.Of(ReplayState.Committing) : Words.Of(plan.State),
        plan.Id,
        ReplaySelection.FromJson(plan.Selection),
        plan.By,
        plan.At,
        plan.Profiles,
        plan.State == ReplayState.Done ? 1 : plan is { State: ReplayState.Committing, Difference: { ChangedMessages: > 0 } all } ? (double)plan.DoneCount / all.ChangedMessages : progress,
        plan.Difference?.Messages ?? chosen,
        plan.Token.Length == 0 ? null : plan.Token,
        plan.Difference is { } difference ? Of(difference) : null,
        plan.CommittedBy,
        failure);

    private ReplayDifferenceView Of(ReplayDifference difference) => new(
        difference.Messages,
        difference.ChangedMessages,
        difference.Added,
        difference.Changed,
        difference.Removed,
        difference.Unchanged,
        difference.Duplicate,
        difference.Unknown,
        [.. difference.Series.Select(series => new SeriesDifferenceView(ApiIds.Of(series.Source, series.Key), series.Metric, series.Added, series.Changed, series.Removed))],
        difference.SeriesCount,
        [.. difference.Outcomes.Select(change => new OutcomeDifferenceView(Word(change.From, change.FromReason), Word(change.To, change.ToReason), change.Count, change.ExampleOffset))],
        [.. difference.Examples.Select(Of)],
        difference.NewDevices,
        difference.NewDeviceCount);

    private ReadingDifferenceView Of(ReadingDifference example)
    {
        metrics.TryFind(example.Metric, out Metric? metric);
        return new ReadingDifferenceView(
            example.Old is null ? "added" : example.New is null ? "removed" : "changed",
            ApiIds.Of(example.Source, example.Key),
            example.Metric,
            example.Channel.Length == 0 ? null : example.Channel,
            example.MeasuredAt,
            Shown(metric, example.Old),
            Shown(metric, example.New),
            metric is { Type: MetricType.Number } ? metric.Unit : null,
            example.Offset);
    }

    private static object? Shown(Metric? metric, double? value) => value is { } number ? metric is null ? number : DeviceViews.ValueOf(metric, number) : null;

    private static string Word(MessageOutcome outcome, QuarantineReason reason) => outcome == MessageOutcome.Quarantined ? Words.Of(reason) : Words.Of(outcome);
}
