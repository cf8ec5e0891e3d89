using System.Globalization;
using System.Text;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Profiles;
using Ioc.Profiles.Preview;
using Ioc.Profiles.Sparkplug;
using Ioc.Server.Api;
using NodaTime;

namespace Ioc.Server.ProfileTools;

/// <summary>Decodes captured messages with the real engine beside the running product: nothing is stored and no device is created. Thread-safe.</summary>
internal sealed class DecodeBench(ProfileSet set, MetricCatalogue metrics, ChannelTable channels, Lazy<IReadOnlyDictionary<string, ProfileOutline>> outlines)
{
    // How far arrival is moved to see which times move with it.
    private static readonly Duration Nudge = Duration.FromSeconds(1);

    public ProfileSet Profiles => set;

    public IReadOnlyDictionary<string, ProfileOutline> Outlines => outlines.Value;

    /// <summary>Decodes a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="prelude">What came before it, in order.</param>
    /// <param name="deviceOf">What the registry says of a device key; null when it says nothing.</param>
    public DecodeView Decode(CapturedMessage message, IReadOnlyList<CapturedMessage> prelude, Func<string, Device?> deviceOf)
    {
        BirthBook births = BirthsOf([.. prelude, message]);
        IReadOnlyList<Candidate> candidates = CandidateSearch.Find(set, metrics, Encoding.UTF8.GetBytes(message.Topic), message.Payload, message.ReceivedAt, births);
        HashSet<string> keys = [.. candidates.Concat(prelude.SelectMany(Candidates)).Select(candidate => candidate.DeviceKey).OfType<string>()];
        BenchRun run = Run(message, message.ReceivedAt, prelude, keys, deviceOf);

        // A gateway's message has shown who stands behind it: parameters and zones of those count too.
        if (keys.Count < (keys = [.. keys, .. run.Rows.Select(row => row.Device)]).Count)
            run = Run(message, message.ReceivedAt, prelude, keys, deviceOf);

        BenchRun nudged = Run(message, message.ReceivedAt + Nudge, prelude, keys, deviceOf);
        Candidate? chosen = Chosen(candidates, deviceOf);
        return View(message, run, nudged, candidates, chosen);
    }

    private IReadOnlyList<Candidate> Candidates(CapturedMessage message) =>
        CandidateSearch.Find(set, metrics, Encoding.UTF8.GetBytes(message.Topic), message.Payload, message.ReceivedAt);

    private BenchRun Run(CapturedMessage message, Instant receivedAt, IReadOnlyList<CapturedMessage> prelude, HashSet<string> keys, Func<string, Device?> deviceOf)
    {
        // Keys that the product would refuse stay unknown here as well.
        var doorman = new DeviceRegistry([], new RegistryOptions(), SystemClock.Instance);
        List<Device> known =
        [
            .. keys.Where(key => doorman.Resolve("default"u8, Encoding.UTF8.GetBytes(key), "", Families.Other) != DeviceId.None)
                .Select(key => deviceOf(key) ?? new Device { Key = key, Name = key, Family = Families.Other }),
        ];
        var registry = new DeviceRegistry(known, new RegistryOptions(), SystemClock.Instance);
        var decoder = new MessageDecoder(set, registry);
        var batch = new ReadingBatch();
        long offset = 0;
        foreach (CapturedMessage before in prelude)
            Feed(decoder, before, before.ReceivedAt, offset++, batch);

        Feed(decoder, message, receivedAt, offset, batch);
        BatchMessage row = batch.Messages[^1];
        var rows = new List<BenchRow>(row.ReadingCount);
        for (int i = row.FirstReading; i < row.FirstReading + row.ReadingCount; i++)
            rows.Add(new BenchRow(registry[batch[i].Device].Key, batch[i]));

        var facts = new List<BenchFact>(row.AttributeCount);
        foreach (BatchAttribute fact in batch.Attributes.Slice(row.FirstAttribute, row.AttributeCount))
            facts.Add(new BenchFact(registry[fact.Device].Key, fact.Name, DeviceViews.ValueOf(fact.Kind, Encoding.UTF8.GetString(batch.TextOf(fact)))));

        return new BenchRun(row, row.Device == DeviceId.None ? null : registry[row.Device].Key, rows, facts);
    }

    private static void Feed(MessageDecoder decoder, CapturedMessage message, Instant receivedAt, long offset, ReadingBatch batch)
    {
        batch.Clear(offset);
        decoder.Decode(RawOf(message, receivedAt, offset), batch);
    }

    private static RawMessage RawOf(CapturedMessage message, Instant receivedAt, long offset) =>
        new() { Offset = offset, ReceivedAt = receivedAt, Source = "default"u8, Topic = Encoding.UTF8.GetBytes(message.Topic), Payload = message.Payload };

    private static BirthBook BirthsOf(IReadOnlyList<CapturedMessage> messages)
    {
        var births = new BirthBook();
        for (int i = 0; i < messages.Count; i++)
            births.Replay(RawOf(messages[i], messages[i].ReceivedAt, i));
        return births;
    }

    // The decoder's own rule: what the registry assigns, else the only one that fits.
    private static Candidate? Chosen(IReadOnlyList<Candidate> candidates, Func<string, Device?> deviceOf)
    {
        List<Candidate> assigned = [.. candidates.Where(one => one is { Fits: true, DeviceKey: { } key } && deviceOf(key)?.Profile == one.Profile)];
        List<Candidate> open = [.. candidates.Where(one => one is { Fits: true, AssignedOnly: false })];
        return assigned.Count == 1 ? assigned[0] : open.Count == 1 ? open[0] : null;
    }

    private DecodeView View(CapturedMessage message, BenchRun run, BenchRun nudged, IReadOnlyList<Candidate> candidates, Candidate? chosen)
    {
        string outcome = run.Message.Outcome switch
        {
            MessageOutcome.Quarantined => "reject",
            _ when chosen?.Carries == "attributes" => "attributes",
            MessageOutcome.Ignored => "ignore",
            _ => run.Message.Availability != Availability.Unsaid ? "state" : run.Rows.Count > 0 ? "readings" : "attributes",
        };
        List<string?> keys = [.. candidates.Select(candidate => candidate.DeviceKey).Distinct()];
        return new DecodeView(
            outcome,
            run.Device ?? chosen?.DeviceKey ?? (chosen is null && keys.Count == 1 ? keys[0] : null),
            chosen?.Profile,
            [.. run.Rows.Select((row, i) => ReadingView(row, message.ReceivedAt, nudged.Rows.Count == run.Rows.Count ? nudged.Rows[i] : null, chosen))],
            outcome == "readings" ? Absent(run, chosen) : [],
            outcome == "state" ? new DecodedState(run.Message.Availability == Availability.Online, message.Retained) : null,
            AttributesOf(run),
            outcome == "reject" ? Words.Of(run.Message.Reason) : null,
            run.Message.Detail,
            [.. candidates.Select(one => new CandidateView(one.Profile, one.Envelope, one.DeviceKey, one.Fits, one.AssignedOnly))]);
    }

    private DecodedReading ReadingView(BenchRow row, Instant receivedAt, BenchRow? nudged, Candidate? chosen)
    {
        Metric metric = metrics[row.Reading.Metric];
        string channel = channels.NameOf(row.Reading.Channel);
        object canonical = DeviceViews.ValueOf(metric, row.Reading.Value) ?? row.Reading.Value;
        (object value, string? unit) = metric.Type == MetricType.Number ? AsWritten(metric, channel, row.Reading.Value, chosen) : (canonical, null);
        return new DecodedReading(
            row.Device,
            metric.Name,
            channel.Length == 0 ? null : channel,
            value,
            unit,
            new CanonicalValue(canonical, metric.Type == MetricType.Number ? metric.Unit : null),
            row.Reading.MeasuredAt,
            TimeSource(row.Reading, receivedAt, nudged?.Reading, chosen),
            row.Reading.Quality == Quality.Good ? "good" : string.Join(',', Words.Of(row.Reading.Quality).Select(Snake)),
            OutlineOf(chosen)?.Kinds.GetValueOrDefault(metric.Name) ?? Words.Of(metric.Semantics),
            Delta: null,
            CounterReset: null);
    }

    /// <summary>The value in the device's unit, where the profile leaves no doubt which one that is; else in the stored one.</summary>
    private (object Value, string? Unit) AsWritten(Metric metric, string channel, double canonical, Candidate? chosen)
    {
        IEnumerable<OutlineField> fields = (OutlineOf(chosen)?.Fields ?? []).Concat(EnvelopeOf(chosen)?.Fields ?? []);
        string[] units = [.. fields.Where(field => field.Metric == metric.Name && (field.Channel is null || field.Channel == channel)).Select(field => field.Unit ?? metric.Unit).Distinct()];
        if (units is not [var unit] || unit == metric.Unit || !UnitConversion.TryConvert(canonical, metric.Unit, unit, out double written))
            return (canonical, metric.Unit);

        // There and back again leaves dust behind the fifteenth digit.
        return (double.Parse(written.ToString("G15", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), unit);
    }

    // Told by experiment, not from the profile alone: a time that moves when arrival moves is made from arrival.
    private string? TimeSource(in Reading reading, Instant receivedAt, Reading? nudged, Candidate? chosen)
    {
        if (nudged is not { } again || again.Metric != reading.Metric)
            return null;
        if (again.MeasuredAt - reading.MeasuredAt == Nudge && reading.MeasuredAt == receivedAt)
            return "receive";
        if (chosen is null)
            return null;

        bool isWrapped = EnvelopeOf(chosen) is { HasTime: true };
        ProfileOutline? own = OutlineOf(chosen);
        return own is { HasTime: true } || !isWrapped ? "payload" : own is { HasInnerTime: false } ? "envelope" : null;
    }

    private List<AbsentField> Absent(BenchRun run, Candidate? chosen)
    {
        HashSet<string> given = [.. run.Rows.Select(row => metrics[row.Reading.Metric].Name)];
        Dictionary<string, string?> reasons = [];
        foreach (AbsentField field in chosen?.Absent ?? [])
            reasons.TryAdd(field.Metric, field.Reason);

        return
        [
            .. (OutlineOf(chosen)?.Fields ?? []).Select(field => field.Metric).Distinct().Where(metric => !given.Contains(metric))
                .Select(metric => new AbsentField(metric, reasons.GetValueOrDefault(metric))),
        ];
    }

    // Those of the message's own device by their name, those of others with its key in front.
    private static Dictionary<string, object>? AttributesOf(BenchRun run)
    {
        var told = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (BenchFact fact in run.Facts)
            told[fact.Device == run.Device ? fact.Name : $"{fact.Device} {fact.Name}"] = fact.Value;
        return told.Count == 0 ? null : told;
    }

    private ProfileOutline? OutlineOf(Candidate? chosen) => chosen is null ? null : Outlines.GetValueOrDefault(chosen.Profile);

    private ProfileOutline? EnvelopeOf(Candidate? chosen) => chosen?.Envelope is { } envelope ? Outlines.GetValueOrDefault($"envelope {envelope}") : null;

    private static string Snake(string word) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(word);

    private sealed record BenchRow(string Device, Reading Reading);

    private sealed record BenchFact(string Device, string Name, object Value);

    private sealed record BenchRun(BatchMessage Message, string? Device, List<BenchRow> Rows, List<BenchFact> Facts);
}
