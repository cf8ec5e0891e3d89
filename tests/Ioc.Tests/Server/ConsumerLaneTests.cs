using System.Buffers;
using System.Text;
using Ioc.Broker;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Journal;
using Ioc.Profiles;
using Ioc.Server.Pipeline;
using Ioc.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Ioc.Tests.Server;

/// <summary>A lane never loses an offset, whatever its queue has no room for, over a real journal.</summary>
public sealed class ConsumerLaneTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeClock _clock = new();
    private RecordJournal _journal;

    public ConsumerLaneTests() => _journal = OpenJournal();

    [Fact]
    public async Task What_was_journaled_before_the_head_began_is_read_by_the_lane_itself()
    {
        await AppendAsync(5_000);
        var consumer = new CountingConsumer();
        ConsumerLane lane = Lane(consumer);
        using var stop = new CancellationTokenSource();

        Task run = lane.RunAsync(() => 5_000, stop.Token);
        await Wait.UntilAsync(() => consumer.NextOffset == 5_000);

        Assert.Equal(Enumerable.Range(0, 5_000).Select(n => (long)n), consumer.Seen);
        await StopAsync(run, stop);
    }

    [Fact]
    public async Task A_consumer_that_lags_behind_a_full_queue_still_sees_every_offset_once_and_in_order()
    {
        var consumer = new CountingConsumer { Gate = new SemaphoreSlim(0) };
        ConsumerLane lane = Lane(consumer);
        var pool = new BatchPool();
        using var stop = new CancellationTokenSource();
        long head = 0;
        using JournalDecoder decoder = OpenDecoder(0, batchMessages: 100);
        Task run = lane.RunAsync(() => Volatile.Read(ref head), stop.Token);

        int refused = 0;
        for (int round = 0; round < 20; round++)
        {
            await AppendAsync(100);
            SharedBatch batch = pool.Rent();
            Assert.True(decoder.TryFill(batch.Readings, head, long.MaxValue));
            batch.Hold(1);
            if (!lane.TryOffer(batch))
            {
                refused++;
                batch.Release();
            }

            Volatile.Write(ref head, batch.Readings.NextOffset);
        }

        consumer.Gate.Release(1_000);
        await Wait.UntilAsync(() => consumer.NextOffset == 2_000);

        Assert.True(refused > 0, "the queue never was full: the test shows nothing");
        Assert.Equal(Enumerable.Range(0, 2_000).Select(n => (long)n), consumer.Seen);
        await StopAsync(run, stop);
    }

    [Fact]
    public async Task A_consumer_whose_database_is_away_gets_the_same_batch_again()
    {
        await AppendAsync(100);
        var consumer = new CountingConsumer { FailuresLeft = 2 };
        ConsumerLane lane = Lane(consumer);
        using var stop = new CancellationTokenSource();

        Task run = lane.RunAsync(() => 100, stop.Token);
        await Wait.UntilAsync(() => consumer.NextOffset == 100);

        Assert.Equal(Enumerable.Range(0, 100).Select(n => (long)n), consumer.Seen);
        await StopAsync(run, stop);
    }

    [Fact]
    public async Task Records_that_the_disk_has_damaged_are_set_aside_one_by_one_and_the_rest_goes_on()
    {
        await AppendAsync(1_000);
        await _journal.DisposeAsync();
        string segment = Directory.EnumerateFiles(_folder.FullName, "*", SearchOption.AllDirectories).OrderByDescending(file => new FileInfo(file).Length).First();
        byte[] bytes = await File.ReadAllBytesAsync(segment, TestContext.Current.CancellationToken);
        int middle = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes("payload 500"));
        bytes[middle] ^= 0x20;
        await File.WriteAllBytesAsync(segment, bytes, TestContext.Current.CancellationToken);
        _journal = OpenJournal();

        var batch = new ReadingBatch();
        using JournalDecoder decoder = OpenDecoder(0, batchMessages: 10_000);
        Assert.True(decoder.TryFill(batch, 0, long.MaxValue));

        Assert.Equal(Enumerable.Range(0, 1_000).Select(n => (long)n), batch.Messages.ToArray().Select(message => message.Offset));
        BatchMessage[] damaged = [.. batch.Messages.ToArray().Where(message => message.Reason == QuarantineReason.JournalDamaged)];
        Assert.Contains(500, damaged.Select(message => message.Offset));
    }

    public async ValueTask DisposeAsync()
    {
        await _journal.DisposeAsync();
        _folder.Dispose();
    }

    private RecordJournal OpenJournal() =>
        RecordJournal.Open(new JournalOptions { Path = _folder.FullName, SegmentBytes = 1 << 20, BufferBytes = 1 << 20, MaxRecordBytes = 1 << 16, ReservedFreeBytes = 0 }, _clock, NullLogger<RecordJournal>.Instance);

    private ConsumerLane Lane(CountingConsumer consumer) => new(consumer, queuedBatches: 1, offset => OpenDecoder(offset), NullLogger.Instance);

    private JournalDecoder OpenDecoder(long offset, int batchMessages = 64)
    {
        // No profile at all: every message is set aside, under its own offset.
        string none = Directory.CreateDirectory(_folder.File("no-profiles")).FullName;
        ProfileSet set = ProfileSet.Load(none, new MetricCatalogue([]), new ChannelTable());
        return new JournalDecoder(_journal, offset, new OneProfileSet(set, new DeviceRegistry([], new RegistryOptions(), _clock)), batchMessages, NullLogger.Instance);
    }

    private async Task AppendAsync(int count)
    {
        Append(count);
        await _journal.WaitForDurableAsync(_journal.TailOffset - 1, TestContext.Current.CancellationToken);
    }

    private void Append(int count)
    {
        byte[] header = new byte[256];
        int length = new PublishHeader { Topic = "a/b"u8 }.Write(header);
        using RecordBatch batch = _journal.BeginBatch();
        for (int i = 0; i < count; i++)
        {
            var payload = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes($"payload {_journal.TailOffset}"));
            Assert.Equal(AppendOutcome.Appended, batch.TryAppend(RecordKind.Publish, header.AsSpan(0, length), payload, out _));
        }
    }

    private static async Task StopAsync(Task run, CancellationTokenSource stop)
    {
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    private sealed class CountingConsumer : IReadingConsumer
    {
        private long _nextOffset;

        public SemaphoreSlim? Gate { get; init; }

        public int FailuresLeft { get; set; }

        public List<long> Seen { get; } = [];

        public string Name => "counting";

        public long NextOffset => Volatile.Read(ref _nextOffset);

        public async ValueTask ConsumeAsync(ReadingBatch batch, CancellationToken stopping)
        {
            if (Gate is not null)
                await Gate.WaitAsync(stopping);
            if (FailuresLeft-- > 0)
                throw new IOException("the database is away");
            foreach (BatchMessage message in batch.Messages.ToArray().Where(message => message.Offset >= _nextOffset))
                Seen.Add(message.Offset);
            Volatile.Write(ref _nextOffset, Math.Max(_nextOffset, batch.NextOffset));
        }
    }
}
