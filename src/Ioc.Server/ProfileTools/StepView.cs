using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Profiles.Tracing;
using Ioc.Server.Api;
using NodaTime;

namespace Ioc.Server.ProfileTools;

/// <summary>One field on its way from the message to a reading.</summary>
/// <param name="Reading">Place of its reading in the list of readings; null when it gave none.</param>
/// <param name="Metric">What it measures; null when it only serves others.</param>
/// <param name="Name">Its name for expressions.</param>
/// <param name="Channel">Which of several; null where there is one.</param>
/// <param name="Place">Where it looks, as the profile writes it.</param>
/// <param name="WrittenAt">File and line of the profile.</param>
/// <param name="Raw">What stands there: a token, or bytes in hexadecimal.</param>
/// <param name="Number">What that says, before scale and offset.</param>
/// <param name="Scaled">After them, in <paramref name="Unit"/>.</param>
/// <param name="Unit">The device's unit.</param>
/// <param name="Canonical">As it is stored.</param>
/// <param name="CanonicalUnit">The metric's unit.</param>
/// <param name="Quality">Doubts; empty for a good value.</param>
/// <param name="Time">When it was measured; null when it gave no reading.</param>
/// <param name="TimeSource">payload, envelope or receive; null when it gave no reading.</param>
/// <param name="Absent">Why there is no value; null when there is one.</param>
public sealed record StepView(
    int? Reading,
    string? Metric,
    string? Name,
    string? Channel,
    string Place,
    string WrittenAt,
    string? Raw,
    double? Number,
    double? Scaled,
    string? Unit,
    object? Canonical,
    string? CanonicalUnit,
    IReadOnlyList<string> Quality,
    Instant? Time,
    string? TimeSource,
    string? Absent)
{
    internal static StepView Of(FieldStep step, MetricCatalogue metrics, ChannelTable channels)
    {
        Metric? metric = step.Metric is { } id ? metrics[id] : null;
        bool isRead = step.Reading >= 0;
        return new StepView(
            isRead ? step.Reading : null,
            metric?.Name,
            step.Name,
            step.Channel == ChannelId.None ? null : channels.NameOf(step.Channel),
            step.Place,
            step.WrittenAt,
            step.Raw,
            step.Number,
            step.Scaled is { } scaled ? DeviceViews.Plain(scaled) : null,
            step.Unit,
            metric is not null && step.Canonical is { } canonical ? DeviceViews.ValueOf(metric, canonical) : null,
            metric is { Type: MetricType.Number } ? metric.Unit : null,
            Words.Of(step.Quality),
            step.At,
            isRead ? Words.Of(step.TimeSource) : null,
            step.Absent is { } absent ? Words.Of(absent) : null);
    }
}
