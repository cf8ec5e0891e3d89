using System.Buffers;
using System.Globalization;
using System.Text;
using Ioc.Alarms.Lifecycle;
using Ioc.Alarms.Rules;
using Ioc.Broker;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Devices.Twins;
using Ioc.Journal;
using Ioc.Profiles;
using Ioc.Profiles.Sparkplug;
using Ioc.Server.Pipeline;
using Ioc.Storage;
using Ioc.Testing;
using Ioc.Tests.Alarms;
using Ioc.Tests.Profiles;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Server;

/// <summary>The whole way behind a real journal, with a store whose commits do not come back.</summary>
[Collection(StoppedStoreTests.Alone)]
public sealed class StoppedStoreTests : IAsyncDisposable
{
    /// <summary>Of tests that measure the whole process: nothing else runs beside them.</summary>
    public const string Alone = "alone";

    private const int CommitRows = 2_000;
    private const int BatchMessages = 256;
    private const int QueuedBatches = 4;
    private const int DeviceCount = 50;

    private readonly TemporaryFolder _folder = new();
    private readonly FakeClock _clock = new(Instant.FromUtc(2026, 11, 22, 3, 0));
    private readonly StuckStore _store = new(CommitRows);
    private readonly RecordJournal _journal;
    private readonly TwinStore _twins;
    private readonly AlarmEngine _alarms;
    private readonly IngestPipeline _pipeline;
    private long _made;

    public StoppedStoreTests()
    {
        MetricCatalogue metrics = DecoderUnderTest.Catalogue();
        var channels = new ChannelTable();
        ProfileSet profiles = ProfileSet.Load(DecoderUnderTest.Folder, metrics, channels);
        var registry = new DeviceRegistry([], new RegistryOptions(), _clock);
        Assert.True(metrics.TryFind("voltage", out Metric? voltage));
        AlarmRule tooHigh = AlarmDesk.Above(250, "overvoltage") with { Metric = voltage };
        _journal = RecordJournal.Open(
            new JournalOptions { Path = _folder.FullName, SegmentBytes = 8 << 20, BufferBytes = 4 << 20, MaxRecordBytes = 1 << 16, ReservedFreeBytes = 0 }, _clock, NullLogger<RecordJournal>.Instance);
        _twins = new TwinStore(registry, new TwinOptions(), metrics);
        _alarms = new AlarmEngine(new AlarmRules([tooHigh]), registry, metrics, channels, new MemoryAlarmLedger(), new AlarmOptions(), _clock, NullLogger<AlarmEngine>.Instance);
        _pipeline = new IngestPipeline(
            _journal,
            new OneProfileSet(profiles, registry),
            new BirthKeeper(_journal, new BirthBook(), Options.Create(new JournalOptions { Path = _folder.FullName }), TimeProvider.System, NullLogger<BirthKeeper>.Instance),
            new RebirthRequests((_, _) => AcceptOutcome.Unavailable, Options.Create(new PipelineOptions()), TimeProvider.System, NullLogger<RebirthRequests>.Instance),
            [_twins, _alarms, _store],
            Options.Create(new PipelineOptions { BatchMessages = BatchMessages, QueuedBatches = QueuedBatches }),
            new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance),
            NullLogger<IngestPipeline>.Instance);
    }

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twins_and_alarms_go_on_in_bounded_memory_and_the_store_catches_up_from_the_journal()
    {
        await _alarms.OpenAsync(Stopping);
        await _pipeline.StartAsync(Stopping);

        await SendAsync(10_000, volts: 230);
        long afterSome = await SettledMemoryAsync();
        await SendAsync(50_000, volts: 230);
        long afterMany = await SettledMemoryAsync();
        await SendAsync(1, volts: 260);
        await Wait.UntilAsync(() => _alarms.Open.Count == 1);

        // Two groups, and the batch that overfills each.
        Assert.InRange(_store.NextOffset, 1, 2 * (CommitRows + BatchMessages));
        Assert.Equal(0, _store.CommittedCount);

        // 50,000 messages of eight readings take 15 MB as batches.
        Assert.InRange(afterMany - afterSome, long.MinValue, 8_000_000);

        _store.LetCommit();
        await Wait.UntilAsync(() => _store.CommittedCount == _made);
        Assert.Equal(_made * 8, _store.CommittedReadings);
        Assert.True(_store.InOrder);
    }

    public async ValueTask DisposeAsync()
    {
        _store.LetCommit();
        await _pipeline.StopAsync(CancellationToken.None);
        _pipeline.Dispose();
        await _store.DisposeAsync();
        _alarms.Dispose();
        await _journal.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<long> SettledMemoryAsync()
    {
        await Wait.UntilAsync(() => _twins.NextOffset == _made && _alarms.NextOffset == _made);
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private async Task SendAsync(int count, int volts)
    {
        for (int sent = 0; sent < count; sent += 500)
        {
            Append(Math.Min(500, count - sent), volts);
            await _journal.WaitForDurableAsync(_journal.TailOffset - 1, Stopping);
        }
    }

    private void Append(int count, int volts)
    {
        byte[] header = new byte[256];
        using RecordBatch batch = _journal.BeginBatch();
        for (int i = 0; i < count; i++, _made++)
        {
            string topic = string.Create(CultureInfo.InvariantCulture, $"tele/meter-{_made % DeviceCount}/SENSOR");
            LocalDateTime time = new LocalDateTime(2026, 11, 22, 9, 0, 0).PlusSeconds(_made / DeviceCount);
            string payload = string.Create(
                CultureInfo.InvariantCulture,
                $$$"""{"Time":"{{{time:yyyy-MM-ddTHH:mm:ss}}}","ENERGY":{"Total":{{{_made / 100.0:F2}}},"Today":2.4,"Power":187,"ApparentPower":201,"ReactivePower":73,"Factor":0.93,"Voltage":{{{volts}}},"Current":0.905}}""");
            int length = new PublishHeader { Topic = Encoding.UTF8.GetBytes(topic) }.Write(header);
            Assert.Equal(AppendOutcome.Appended, batch.TryAppend(RecordKind.Publish, header.AsSpan(0, length), new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(payload)), out _));
        }
    }

    /// <summary>A store as both stores are: groups and their commits, with a database that does not answer until it is let.</summary>
    private sealed class StuckStore : IReadingConsumer, IAsyncDisposable
    {
        private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly GroupCommit _commits;
        private long _committedCount;

        public StuckStore(int commitRows)
        {
            _commits = new GroupCommit(new StorageOptions { CommitRows = commitRows }, "stuck", CommitAsync, TimeProvider.System, NullLogger.Instance);
            _commits.Start(0);
        }

        public string Name => "store";

        public long NextOffset => _commits.NextOffset;

        public long CommittedCount => Volatile.Read(ref _committedCount);

        public long CommittedReadings { get; private set; }

        public bool InOrder { get; private set; } = true;

        public void LetCommit() => _answer.TrySetResult();

        public ValueTask ConsumeAsync(ReadingBatch batch, CancellationToken stopping) => _commits.AddAsync(batch, stopping);

        public ValueTask DisposeAsync() => _commits.DisposeAsync();

        private async Task CommitAsync(PendingGroup group, CancellationToken cancellationToken)
        {
            await _answer.Task;
            long next = CommittedCount;
            foreach (PendingMessage message in group.Messages.ToArray())
            {
                InOrder &= message.Offset == next++;
                CommittedReadings += message.ReadingCount;
            }

            Volatile.Write(ref _committedCount, next);
        }
    }
}

/// <summary>Runs when all other collections are done.</summary>
[CollectionDefinition(StoppedStoreTests.Alone, DisableParallelization = true)]
public sealed class AloneCollection;
