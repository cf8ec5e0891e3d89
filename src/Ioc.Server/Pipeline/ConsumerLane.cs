using System.Threading.Channels;
using Ioc.Devices.Readings;

namespace Ioc.Server.Pipeline;

/// <summary>
/// The way to one consumer: a short queue of live batches, and the consumer's own reading of the journal for everything that
/// did not fit into it.
/// </summary>
/// <remarks>
/// The queue holds <see cref="PipelineOptions.QueuedBatches"/>; when it is full the head goes on without this lane, and the lane
/// reads the missing offsets from the journal by itself. So a slow or stopped store never stops alarms or the live view, and
/// memory stays bounded.
/// </remarks>
internal sealed class ConsumerLane
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly IReadingConsumer _consumer;
    private readonly Func<long, JournalDecoder> _openDecoder;
    private readonly Channel<SharedBatch> _queue;
    private readonly ReadingBatch _ownBatch = new();

    private readonly ILogger _log;

    public ConsumerLane(IReadingConsumer consumer, int queuedBatches, Func<long, JournalDecoder> openDecoder, ILogger log)
    {
        _consumer = consumer;
        _log = log;
        _openDecoder = openDecoder;
        _queue = Channel.CreateBounded<SharedBatch>(new BoundedChannelOptions(queuedBatches) { SingleReader = true, SingleWriter = true });
    }

    /// <summary>Offers a live batch; false when the lane is full and will fetch it from the journal itself.</summary>
    public bool TryOffer(SharedBatch batch) => _queue.Writer.TryWrite(batch);

    /// <summary>Feeds the consumer until told to stop.</summary>
    /// <param name="headOffset">First offset the head has not offered yet.</param>
    public async Task RunAsync(Func<long> headOffset, CancellationToken stopping)
    {
        while (true)
        {
            if (_queue.Reader.TryRead(out SharedBatch? batch))
                await ConsumeAsync(batch, stopping);
            else if (_consumer.NextOffset < headOffset())
                await CatchUpAsync(headOffset(), stopping);
            else if (!await _queue.Reader.WaitToReadAsync(stopping))
                return;
        }
    }

    private async ValueTask ConsumeAsync(SharedBatch batch, CancellationToken stopping)
    {
        try
        {
            if (batch.Readings.FirstOffset > _consumer.NextOffset)
                await CatchUpAsync(batch.Readings.FirstOffset, stopping);

            await GiveAsync(batch.Readings, stopping);
        }
        finally
        {
            batch.Release();
        }
    }

    private async Task CatchUpAsync(long until, CancellationToken stopping)
    {
        using JournalDecoder decoder = _openDecoder(_consumer.NextOffset);
        while (_consumer.NextOffset < until && decoder.TryFill(_ownBatch, _consumer.NextOffset, until))
            await GiveAsync(_ownBatch, stopping);
    }

    // A consumer fails when its database does: full, locked, away. The batch is given again until it is taken, and meanwhile only this
    // lane stands still; taking part of a batch twice is normal.
    private async ValueTask GiveAsync(ReadingBatch batch, CancellationToken stopping)
    {
        for (TimeSpan wait = FirstWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            try
            {
                await _consumer.ConsumeAsync(batch, stopping);
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                ConsumerLaneLog.Failed(_log, _consumer.Name, wait, e);
                await Task.Delay(wait, stopping);
            }
        }
    }
}

internal static partial class ConsumerLaneLog
{
    [LoggerMessage(9045, LogLevel.Error, "'{Consumer}' could not take a batch; it is given again in {Wait}")]
    public static partial void Failed(ILogger log, string consumer, TimeSpan wait, Exception exception);
}
