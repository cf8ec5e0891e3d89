using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Journal;
using Ioc.Profiles;
using Ioc.Profiles.Sparkplug;
using Ioc.Server.Pipeline;
using Ioc.Storage;
using Ioc.Storage.Operational;
using Ioc.Storage.Replay;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Ioc.Server.Replay;

/// <summary>Decodes a selection's messages out of the journal again and stages them. Nothing of it is seen by anybody, and no device appears.</summary>
internal sealed class ReplayScan(
    RecordJournal journal,
    DryRegistry dry,
    DeviceRegistry registry,
    BirthBook births,
    QuarantineIndex quarantine,
    QuarantineGroups groups,
    IReadingStore store,
    IReplayStore replays,
    IOptions<ReplayOptions> options,
    IOptions<PipelineOptions> pipeline,
    TimeProvider time,
    ILogger<ReplayScan> log)
{
    private static readonly TimeSpan LivePause = TimeSpan.FromMilliseconds(20);

    /// <summary>Stages everything that the selection means, below the horizon.</summary>
    /// <param name="selection">What.</param>
    /// <param name="profiles">With what.</param>
    /// <param name="horizon">First offset left out.</param>
    /// <param name="progress">Told after each batch: offsets read, offsets to read, messages chosen.</param>
    /// <param name="stopping">Gives up; what is staged stays until another plan begins.</param>
    /// <exception cref="ReplayRefusedException">The selection means nothing, or too much.</exception>
    public async Task RunAsync(ReplaySelection selection, ProfileSet profiles, long horizon, Action<long, long, long> progress, CancellationToken stopping)
    {
        Wanted wanted = await WantedAsync(selection, horizon, stopping);
        DeviceRegistry own = dry.Own();
        using var decoder = new JournalDecoder(journal, wanted.FirstOffset, new SameDecoder(new MessageDecoder(profiles, own, births)), pipeline.Value.BatchMessages, log);
        var batch = new ReadingBatch();
        var chosen = new List<QuarantineReason?>();
        long chosenCount = 0;
        long at = wanted.FirstOffset;
        while (at < wanted.EndOffset && decoder.TryFill(batch, at, wanted.EndOffset))
        {
            await LiveFirstAsync(stopping);
            chosenCount += await ChooseAsync(batch, wanted, own, chosen, stopping);
            if (chosenCount > options.Value.MaxMessages)
                throw new ReplayRefusedException($"These are more than {options.Value.MaxMessages} messages (Replay:MaxMessages); choose a shorter time.");
            if (chosen.Exists(reason => reason is not null))
                await replays.StageAsync(batch, chosen, own, stopping);

            at = batch.NextOffset;
            progress(at - wanted.FirstOffset, wanted.EndOffset - wanted.FirstOffset, chosenCount);
        }

        if (chosenCount == 0)
            throw new ReplayRefusedException("The journal keeps no such message.");
    }

    private async Task LiveFirstAsync(CancellationToken stopping)
    {
        while (journal.DurableOffset - store.NextOffset > options.Value.LiveLag)
            await Task.Delay(LivePause, time, stopping);
    }

    private async Task<Wanted> WantedAsync(ReplaySelection selection, long horizon, CancellationToken stopping)
    {
        Device? device = selection.Device is null ? null : DeviceOf(selection.Device);

        QuarantineGroup? group = selection.Group is null ? null : await groups.FindAsync(selection.Group, stopping)
            ?? throw new ReplayRefusedException($"There is no group '{selection.Group}' any more.");
        long first = Math.Max(journal.FirstOffset, group?.FirstOffset ?? 0);
        long end = Math.Min(horizon, group is null ? long.MaxValue : group.LastOffset + 1);
        if (selection.From is { } from)
            first = Math.Max(first, FirstReceivedAtOrAfter(from, first, end, damagedIsBefore: false));
        if (selection.To is { } to)
            end = Math.Min(end, FirstReceivedAtOrAfter(to, first, end, damagedIsBefore: true));
        return new Wanted(device, group, selection.From, selection.To, first, Math.Max(first, end));
    }

    // One whose messages were all set aside is not known yet; decoding again may bring it into being.
    private Device DeviceOf(string id)
    {
        if (registry.TryFind(id, out Device? known))
            return known;

        string apiId = ApiIds.Restore(id);
        if (!ApiIds.TryParse(apiId, out string source, out string key))
            throw new ReplayRefusedException($"'{id}' is no id of a device.");

        return new Device { ApiId = apiId, Source = source, Key = key, Name = key, Family = Families.Other };
    }

    // Arrival rises with the offset. Of a damaged record nothing is known: a little too much is read then.
    private long FirstReceivedAtOrAfter(Instant instant, long low, long high, bool damagedIsBefore)
    {
        while (low < high)
        {
            long middle = low + ((high - low) / 2);
            bool isBefore = Api.MessagesApi.ReadAt(journal, middle) is { } record ? record.ReceivedAt < instant : damagedIsBefore;
            if (isBefore)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    // What the disk has damaged is left out: readings that were made of it before must not go because of that.
    private async Task<int> ChooseAsync(ReadingBatch batch, Wanted wanted, DeviceRegistry own, List<QuarantineReason?> chosen, CancellationToken stopping)
    {
        Dictionary<long, QuarantineEntry> indexed = (await quarantine.BetweenAsync(batch.FirstOffset, batch.NextOffset, stopping)).ToDictionary(entry => entry.Offset);
        IReadOnlySet<long> stored = wanted.Device is null ? new HashSet<long>() : await replays.OffsetsOfAsync(wanted.Device, batch.FirstOffset, batch.NextOffset, stopping);
        chosen.Clear();
        int count = 0;
        foreach (BatchMessage message in batch.Messages)
        {
            indexed.TryGetValue(message.Offset, out QuarantineEntry? entry);
            bool isWanted = message.Reason != QuarantineReason.JournalDamaged
                && (wanted.From is not { } from || message.ReceivedAt >= from)
                && (wanted.To is not { } to || message.ReceivedAt < to)
                && (wanted.Group is not { } group || (entry?.Reason == group.Reason && entry.Detail == group.Detail))
                && (wanted.Device is not { } device || stored.Contains(message.Offset) || entry?.DeviceApiId == device.ApiId || IsOf(device, message, batch, own));
            chosen.Add(isWanted ? entry?.Reason ?? QuarantineReason.None : null);
            count += isWanted ? 1 : 0;
        }

        return count;
    }

    private static bool IsOf(Device device, in BatchMessage message, ReadingBatch batch, DeviceRegistry own)
    {
        bool Same(DeviceId id) => id != DeviceId.None && own[id].ApiId == device.ApiId;
        if (Same(message.Device))
            return true;

        for (int i = message.FirstReading; i < message.FirstReading + message.ReadingCount; i++)
        {
            if (Same(batch.Devices[i]))
                return true;
        }

        return false;
    }

    private sealed record Wanted(Device? Device, QuarantineGroup? Group, Instant? From, Instant? To, long FirstOffset, long EndOffset);
}
