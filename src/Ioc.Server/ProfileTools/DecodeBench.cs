using System.Text;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Profiles;
using Ioc.Profiles.Preview;
using Ioc.Profiles.Sparkplug;
using Ioc.Profiles.Tracing;
using Ioc.Server.Api;
using NodaTime;

namespace Ioc.Server.ProfileTools;

/// <summary>Decodes captured messages with the real engine beside the running product: nothing is stored and no device is created. Thread-safe.</summary>
internal sealed class DecodeBench(ProfileSet set, MetricCatalogue metrics, ChannelTable channels, Lazy<IReadOnlyDictionary<string, ProfileOutline>> outlines)
{
    // The topic says who sends; only then a gateway's message shows who stands behind it; only then are all known.
    private const int MostRounds = 3;

    public ProfileSet Profiles => set;

    public IReadOnlyDictionary<string, ProfileOutline> Outlines => outlines.Value;

    /// <summary>Decodes a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="prelude">What came before it, in order.</param>
    /// <param name="deviceOf">What the registry says of a device key; null when it says nothing.</param>
    /// <param name="withSteps">Tell every field's way as well.</param>
    /// <param name="births">What Sparkplug nodes told before; null when nothing is known. It stays as it is.</param>
    /// <param name="offset">The message's journal offset, by which births are found.</param>
    public DecodeView Decode(
        CapturedMessage message, IReadOnlyList<CapturedMessage> prelude, Func<string, Device?> deviceOf, bool withSteps = false, BirthBook? births = null, long offset = 0)
    {
        IReadOnlyList<CapturedMessage> messages = [.. prelude, message];
        BenchRun run = BenchRun.Of(set, metrics, messages, [], births?.Copy(), offset);
        int knownCount = 0;
        for (int round = 1; round < MostRounds && run.Keys.Count > knownCount; round++)
        {
            knownCount = run.Keys.Count;
            run = BenchRun.Of(set, metrics, messages, Known(run.Keys, deviceOf), births?.Copy(), offset);
        }

        return View(message, run, withSteps);
    }

    // Keys that the product would refuse stay unknown here as well.
    private static List<Device> Known(IEnumerable<string> keys, Func<string, Device?> deviceOf)
    {
        var doorman = new DeviceRegistry([], new RegistryOptions(), SystemClock.Instance);
        return
        [
            .. keys.Where(key => doorman.Resolve("default"u8, Encoding.UTF8.GetBytes(key), "", Families.Other) != DeviceId.None)
                .Select(key => deviceOf(key) ?? new Device { Key = key, Name = key, Family = Families.Other }),
        ];
    }

    private DecodeView View(CapturedMessage message, BenchRun run, bool withSteps)
    {
        DecodeTrace trace = run.Trace;
        CandidateStep? chosen = trace.Chosen;
        string outcome = run.Message.Outcome switch
        {
            MessageOutcome.Quarantined => "reject",
            _ when chosen is { Carries: "attributes" } => "attributes",
            // A state of a device that nobody knows is not kept; it is a state all the same.
            _ when run.Message.Availability != Availability.Unsaid => "state",
            MessageOutcome.Ignored => "ignore",
            _ => run.Readings.Count > 0 ? "readings" : "attributes",
        };
        List<string?> keys = [.. trace.Candidates.Select(candidate => candidate.DeviceKey).Distinct()];
        Dictionary<int, FieldStep> steps = trace.Fields.Where(step => step.Reading >= 0).ToDictionary(step => step.Reading);
        return new DecodeView(
            outcome,
            run.Device ?? chosen?.DeviceKey ?? (chosen is null && keys.Count == 1 ? keys[0] : null),
            chosen?.Profile,
            [.. run.Readings.Select((reading, i) => ReadingView(reading, steps.GetValueOrDefault(i)))],
            outcome is "readings" or "attributes" ? Absent(run) : [],
            outcome == "state" ? new DecodedState(run.Message.Availability == Availability.Online, message.Retained) : null,
            AttributesOf(run),
            outcome == "reject" ? Words.Of(run.Message.Reason) : null,
            run.Message.Detail,
            [.. trace.Candidates.Select(CandidateView.Of)],
            withSteps ? [.. trace.Fields.Select(step => StepView.Of(step, metrics, channels))] : null);
    }

    private DecodedReading ReadingView(BenchReading bench, FieldStep? step)
    {
        Reading reading = bench.Reading;
        Metric metric = metrics[reading.Metric];
        string channel = channels.NameOf(reading.Channel);
        object canonical = DeviceViews.ValueOf(metric, reading.Value) ?? reading.Value;
        bool isNumber = metric.Type == MetricType.Number;
        string? unit = isNumber ? step?.Unit ?? metric.Unit : null;
        return new DecodedReading(
            bench.Device,
            metric.Name,
            channel.Length == 0 ? null : channel,
            isNumber && step?.Scaled is { } scaled ? DeviceViews.Plain(scaled) : canonical,
            unit,
            new CanonicalValue(canonical, isNumber ? metric.Unit : null),
            reading.MeasuredAt,
            step is null ? null : Words.Of(step.TimeSource),
            reading.Quality == Quality.Good ? "good" : string.Join(',', Words.Of(reading.Quality).Select(Snake)),
            Words.Of(bench.Rule?.Kind ?? metric.Semantics),
            bench.Counter.Delta is { } delta ? DeviceViews.Plain(DeltaIn(unit, metric.Unit, delta)) : null,
            bench.Counter.Event == Devices.Counters.CounterEvent.None ? null : Words.Of(bench.Counter.Event),
            bench.Counter.ResetAt);
    }

    // A difference has no zero point of its own: what the conversion adds falls out.
    private static double DeltaIn(string? unit, string canonical, double delta) =>
        unit is not null && UnitConversion.TryConvert(delta, canonical, unit, out double told) && UnitConversion.TryConvert(0, canonical, unit, out double zero)
            ? told - zero
            : delta;

    // Each metric and channel once: what gave a value in one place is not absent because it gave none in another.
    private List<AbsentMetric> Absent(BenchRun run)
    {
        HashSet<(MetricId, ChannelId)> given = [.. run.Readings.Select(one => (one.Reading.Metric, one.Reading.Channel))];
        return
        [
            .. run.Trace.Fields.Where(step => step is { Metric: not null, Absent: not null } && !given.Contains((step.Metric.Value, step.Channel)))
                .DistinctBy(step => (step.Metric, step.Channel))
                .Select(step => new AbsentMetric(
                    metrics[step.Metric!.Value].Name,
                    step.Channel == ChannelId.None ? null : channels.NameOf(step.Channel),
                    Words.Of(step.Absent!.Value))),
        ];
    }

    // Those of the message's own device by their name, those of others with its key in front.
    private static Dictionary<string, object>? AttributesOf(BenchRun run)
    {
        var told = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (BenchFact fact in run.Facts)
            told[fact.Device == run.Device ? fact.Name : $"{fact.Device} {fact.Name}"] = DeviceViews.ValueOf(fact.Kind, fact.Value);
        return told.Count == 0 ? null : told;
    }

    private static string Snake(string word) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(word);
}
