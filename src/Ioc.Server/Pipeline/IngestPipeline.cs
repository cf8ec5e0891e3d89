using Ioc.Devices.Readings;
using Ioc.Journal;
using Microsoft.Extensions.Options;

namespace Ioc.Server.Pipeline;

/// <summary>
/// The way from durable bytes to meaning:
/// <code>
///   journal ──▶ head: decode once ──┬─▶ lane ▶ twins
///                                   ├─▶ lane ▶ alarms
///                                   └─▶ lane ▶ store
/// </code>
/// The head starts where the journal ends at start-up; what a consumer has not seen before that, its lane reads by itself.
/// </summary>
internal sealed class IngestPipeline : BackgroundService
{
    private readonly RecordJournal _journal;
    private readonly IDecoderSource _decoders;
    private readonly BirthKeeper _births;
    private readonly RebirthRequests _rebirths;
    private readonly PipelineOptions _options;
    private readonly ConsumerLane[] _lanes;
    private readonly BatchPool _pool = new();
    private readonly ILogger<IngestPipeline> _log;
    private readonly IHostApplicationLifetime _lifetime;
    private long _headOffset;

    public IngestPipeline(
        RecordJournal journal,
        IDecoderSource decoders,
        BirthKeeper births,
        RebirthRequests rebirths,
        IEnumerable<IReadingConsumer> consumers,
        IOptions<PipelineOptions> options,
        IHostApplicationLifetime lifetime,
        ILogger<IngestPipeline> log)
    {
        _journal = journal;
        _decoders = decoders;
        _births = births;
        _rebirths = rebirths;
        _options = options.Value;
        _lifetime = lifetime;
        _log = log;
        _lanes = [.. consumers.Select(consumer => new ConsumerLane(consumer, _options.QueuedBatches, OpenDecoder, log))];
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_options.Enabled)
            return;

        // Where the births are known up to: that is where the journal ended when the product was opened.
        _headOffset = _births.NextOffset;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        Task[] work = [Task.Run(() => RunHeadAsync(ending.Token), ending.Token), .. _lanes.Select(lane => Task.Run(() => lane.RunAsync(() => Volatile.Read(ref _headOffset), ending.Token), ending.Token))];
        try
        {
            await await Task.WhenAny(work);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            // The journal cannot be read, or a lane broke: readings would pass unseen. Stop: the journal keeps everything.
            IngestPipelineLog.Failed(_log, e);
            Environment.ExitCode = 1;
            _lifetime.StopApplication();
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(work).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    private async Task RunHeadAsync(CancellationToken stopping)
    {
        using var decoder = new JournalDecoder(_journal, _headOffset, _decoders, _options.BatchMessages, _log, _rebirths.Wishes);
        while (true)
        {
            SharedBatch batch = _pool.Rent();
            if (decoder.TryFill(batch.Readings, _headOffset, long.MaxValue))
            {
                Offer(batch);
                _births.NextOffset = _headOffset;
                _rebirths.Send();
            }
            else
            {
                _pool.Return(batch);
                await _journal.WaitForDurableBeyondAsync(_headOffset, stopping);
            }
        }
    }

    private void Offer(SharedBatch batch)
    {
        long next = batch.Readings.NextOffset;

        // The head holds it too while it is handed out, so that a fast lane cannot send it back to the pool too early.
        batch.Hold(_lanes.Length + 1);
        foreach (ConsumerLane lane in _lanes)
        {
            if (!lane.TryOffer(batch))
                batch.Release();
        }

        batch.Release();
        Volatile.Write(ref _headOffset, next);
    }

    private JournalDecoder OpenDecoder(long offset) => new(_journal, offset, _decoders, _options.BatchMessages, _log);
}
