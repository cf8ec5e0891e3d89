using Ioc.Broker;
using Ioc.Devices.Firmware;
using Ioc.Journal;
using Ioc.Profiles.Editions;
using Ioc.Profiles.Preview;

namespace Ioc.Server.Onboarding;

/// <summary>Looks at a few messages a second for members that no profile reads, and keeps the census. Behind the pipeline; nothing waits for it.</summary>
internal sealed class FirmwareWatch(FirmwareCensus census, IFirmwareLedger ledger, RecordJournal journal, ProfileEditions editions, TimeProvider time, ILogger<FirmwareWatch> log)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private const int TurnsPerSave = 10;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        for (int turn = 1; await timer.WaitForNextTickAsync(stoppingToken); turn++)
        {
            try
            {
                foreach (FirmwareSample sample in census.TakeSamples())
                    Look(sample);
                if (turn % TurnsPerSave == 0)
                    await census.SaveAsync(ledger, stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The database may be locked or full for a while; what was counted is kept by a later turn.
                FirmwareWatchLog.Failed(log, e);
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await census.SaveAsync(ledger, cancellationToken);
    }

    private void Look(in FirmwareSample sample)
    {
        try
        {
            if (!journal.TryReadAt(sample.Offset, out StoredRecord? record) || !PublishHeader.TryRead(record.Header, out PublishHeader header))
                return;

            census.Note(sample, UnreadMembers.Find(editions.At(sample.Offset).Set, header.Topic, record.Payload));
        }
        catch (JournalCorruptException)
        {
            // Logged and set aside where the pipeline met it.
        }
    }
}

internal static partial class FirmwareWatchLog
{
    [LoggerMessage(9061, LogLevel.Error, "The firmware census could not be kept; tried again")]
    public static partial void Failed(ILogger log, Exception exception);
}
