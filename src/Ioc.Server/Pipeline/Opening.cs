using Ioc.Alarms.Lifecycle;
using Ioc.Broker;
using Ioc.Devices.Attributes;
using Ioc.Devices.Firmware;
using Ioc.Devices.Onboarding;
using Ioc.Devices.Readings;
using Ioc.Devices.Twins;
using Ioc.Journal;
using Ioc.Profiles.Editions;
using Ioc.Server.Hosting;
using Ioc.Storage;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Ioc.Server.Pipeline;

/// <summary>Puts everybody back where they stood, before the first byte is read and the first door opens.</summary>
internal sealed class Opening(
    RecordJournal journal,
    IReadingStore store,
    FirstContacts contacts,
    DeviceDesk desk,
    AttributeBook attributes,
    FirmwareCensus census,
    IFirmwareLedger firmware,
    Refusals refusals,
    AlarmEngine alarms,
    TwinStore twins,
    SessionKeeper sessions,
    BirthKeeper births,
    ProfileEditions profiles,
    IOptions<BrokerOptions> broker,
    IOptions<JournalOptions> journalOptions,
    IClock clock,
    ILogger<Opening> log) : IHostedService
{
    private const int MessagesSeenAgain = 10_000;

    // Client id and user name are not part of a PUBLISH but stand in its record; each has at most 64 KiB.
    private const int RecordOverheadBytes = 2 * 65_536 + 1_024;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        CheckSizes();
        await store.OpenAsync(cancellationToken);
        await contacts.RestoreAsync(cancellationToken);
        await desk.RefreshAsync(cancellationToken);
        await attributes.RestoreAsync(cancellationToken);
        FirmwareSheet? counted = await firmware.LoadAsync(cancellationToken);
        census.Restore(counted?.NextOffset <= journal.DurableOffset ? counted : null, journal.DurableOffset);
        await refusals.RestoreAsync(cancellationToken);
        await alarms.OpenAsync(cancellationToken);
        CheckCursor(store.Name, store.Balance.NextOffset);
        CheckCursor(alarms.Name, alarms.SavedOffset);

        // The store is the twins' snapshot: newest values from it, the rest from the journal behind its cursor.
        IReadOnlyList<Reading> latest = await ReadLatestAsync(cancellationToken);
        // A little of the journal before its cursor is read again, for the devices' last messages; values seen twice are harmless.
        twins.Restore(latest, Math.Max(journal.FirstOffset, store.Balance.NextOffset - MessagesSeenAgain), clock.GetCurrentInstant());
        twins.Tick(clock.GetCurrentInstant());
        sessions.Restore(cancellationToken);
        births.Restore(cancellationToken);
        OpeningLog.Opened(log, profiles.Current.Set.Profiles.Count, store.Name, latest.Count);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<IReadOnlyList<Reading>> ReadLatestAsync(CancellationToken stopping)
    {
        try
        {
            return await store.ReadLatestAsync(stopping);
        }
        catch (StorageException e)
        {
            // A database server that is away must not keep the city dark: values come with the next messages.
            OpeningLog.NoLatest(log, e.Message);
            return [];
        }
    }

    private void CheckSizes()
    {
        if (broker.Value.MaxPacketBytes + RecordOverheadBytes > journalOptions.Value.MaxRecordBytes)
            throw new StartupException($"Mqtt:MaxPacketBytes {broker.Value.MaxPacketBytes} does not fit into Journal:MaxRecordBytes {journalOptions.Value.MaxRecordBytes} with {RecordOverheadBytes} bytes for topic, client id and record.");
    }

    private void CheckCursor(string consumer, long nextOffset)
    {
        if (nextOffset > journal.TailOffset)
        {
            throw new StartupException(
                $"'{consumer}' has seen the journal up to {nextOffset}, but the journal ends at {journal.TailOffset}: it was removed, or the two belong to different installations. Put the journal back, or move the whole data folder aside.");
        }

        journal.SetCursor(consumer, nextOffset);
    }
}

internal static partial class OpeningLog
{
    [LoggerMessage(9051, LogLevel.Information, "{ProfileCount} firmware profiles; {SeriesCount} newest values brought back from '{Store}'")]
    public static partial void Opened(ILogger log, int profileCount, string store, int seriesCount);

    [LoggerMessage(9050, LogLevel.Warning, "The store cannot be read at start; newest values come with the next messages: {Reason}")]
    public static partial void NoLatest(ILogger log, string reason);
}
