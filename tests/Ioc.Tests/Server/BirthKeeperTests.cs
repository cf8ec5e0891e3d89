using System.Buffers;
using System.Text;
using Ioc.Broker;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Journal;
using Ioc.Journal.Recovery;
using Ioc.Profiles;
using Ioc.Profiles.Sparkplug;
using Ioc.Server.Pipeline;
using Ioc.Testing;
using Ioc.Tests.Profiles;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NodaTime;
using Xunit;
using static Ioc.Testing.SparkplugBytes;

namespace Ioc.Tests.Server;

/// <summary>Births behind a real journal: whoever reads an offset, whenever and from wherever, reads it with the birth of its time.</summary>
public sealed class BirthKeeperTests : IAsyncDisposable
{
    private const ulong Now = 1_795_312_800_000;

    private readonly TemporaryFolder _folder = new();
    private readonly FakeClock _clock = new(Instant.FromUnixTimeMilliseconds((long)Now + 1_000));
    private readonly ChannelTable _channels = new();
    private readonly MetricCatalogue _metrics = DecoderUnderTest.Catalogue();
    private readonly DeviceRegistry _registry;
    private readonly RecordJournal _journal;
    private readonly JournalOptions _options;
    private readonly OwnSet _set;

    public BirthKeeperTests()
    {
        _options = new JournalOptions { Path = _folder.File("journal"), SegmentBytes = 1 << 20, BufferBytes = 1 << 20, MaxRecordBytes = 1 << 16, ReservedFreeBytes = 0 };
        _journal = RecordJournal.Open(_options, _clock, NullLogger<RecordJournal>.Instance);
        _registry = new DeviceRegistry([], new RegistryOptions(), _clock);
        string profiles = Directory.CreateDirectory(_folder.File("profiles")).FullName;
        File.WriteAllText(
            Path.Combine(profiles, "own.profile.yaml"),
            """
            schema: 1
            name: own
            family: other
            match: {topics: [{topic: "spBv1.0/{group}/{message}/{node}", device: "{node}"}]}
            body: {codec: sparkplug}
            fields: [{each: metrics, keys: "{name}", channel: "{name}", fields: [{metric: value, path: value}]}]
            """);
        _set = new OwnSet(ProfileSet.Load(profiles, _metrics, _channels), _registry);
    }

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_restart_every_offset_is_read_with_the_birth_of_its_time_with_or_without_a_snapshot(bool hasSnapshot)
    {
        var births = new BirthBook();
        using BirthKeeper keeper = Keeper(births);
        keeper.Restore(Stopping);
        await SendAsync("NBIRTH", Birth("old"));
        await SendAsync("NDATA", Data(1));
        await SendAsync("NBIRTH", Birth("new"));
        await SendAsync("NDATA", Data(1));
        Assert.Equal(["old", "old", "new", "new"], Names(births, 0));
        if (hasSnapshot)
        {
            keeper.NextOffset = 4;
            await keeper.StopAsync(Stopping);
        }

        var again = new BirthBook();
        using BirthKeeper after = Keeper(again);
        after.Restore(Stopping);
        Assert.Equal(4, after.NextOffset);
        Assert.Equal(hasSnapshot, File.Exists(Path.Combine(_options.Path, "births.snapshot")));
        await SendAsync("NDATA", Data(2));

        Assert.Equal(["new"], Names(again, 4));
        Assert.Equal(["old", "new", "new", "new"], Names(again, 1));
    }

    [Fact]
    public async Task A_snapshot_of_another_journal_is_not_believed()
    {
        await SendAsync("NBIRTH", Birth("x"));
        var other = new ArrayBufferWriter<byte>();
        new BirthBook().WriteSnapshot(other);
        new SnapshotFile(Path.Combine(_options.Path, "births.snapshot"), NullLogger.Instance).Write(1_000, new ReadOnlySequence<byte>(other.WrittenMemory));

        var again = new BirthBook();
        using BirthKeeper after = Keeper(again);
        after.Restore(Stopping);
        Assert.Equal((1, 1L), (again.NodeCount, after.NextOffset));
    }

    [Fact]
    public async Task Only_the_reader_of_live_messages_wishes_and_not_for_what_another_broker_brought()
    {
        var births = new BirthBook();
        await SendAsync("NDATA", Data(1));
        var wishes = new RebirthWishes();
        using (var live = new JournalDecoder(_journal, 0, _set.Over(births), 64, NullLogger.Instance, wishes))
            live.TryFill(new ReadingBatch(), 0, long.MaxValue);
        Assert.Single(wishes.All);

        wishes.Clear();
        Names(births, 0);
        await SendAsync("NDATA", Data(1), upstream: true);
        using (var live = new JournalDecoder(_journal, 1, _set.Over(births), 64, NullLogger.Instance, wishes))
            live.TryFill(new ReadingBatch(), 1, long.MaxValue);
        Assert.Empty(wishes.All);
    }

    public async ValueTask DisposeAsync()
    {
        await _journal.DisposeAsync();
        _folder.Dispose();
    }

    private static SparkplugBytes Birth(string name) => NodeBirth(Now, 1, Metric(name, 7, 9, Now).F32(1));

    private static SparkplugBytes Data(int sequence) => Payload(Now, sequence).With(Metric(null, 7, 0, Now).F32(2));

    private BirthKeeper Keeper(BirthBook births) =>
        new(_journal, births, Options.Create(_options), TimeProvider.System, NullLogger<BirthKeeper>.Instance);

    /// <summary>What the readings are called when a consumer reads from an offset on.</summary>
    private List<string> Names(BirthBook births, long from)
    {
        using var decoder = new JournalDecoder(_journal, from, _set.Over(births), 64, NullLogger.Instance);
        var batch = new ReadingBatch();
        Assert.True(decoder.TryFill(batch, from, long.MaxValue));
        return [.. Enumerable.Range(0, batch.ReadingCount).Select(i => _channels.NameOf(batch[i].Channel))];
    }

    private async Task SendAsync(string verb, SparkplugBytes payload, bool upstream = false)
    {
        byte[] header = new byte[256];
        int length = new PublishHeader { Topic = Encoding.ASCII.GetBytes($"spBv1.0/G/{verb}/n"), Upstream = upstream }.Write(header);
        using (RecordBatch batch = _journal.BeginBatch())
            Assert.Equal(AppendOutcome.Appended, batch.TryAppend(RecordKind.Publish, header.AsSpan(0, length), new ReadOnlySequence<byte>(payload.ToArray()), out _));
        await _journal.WaitForDurableAsync(_journal.TailOffset - 1, Stopping);
    }

    private sealed class OwnSet(ProfileSet set, DeviceRegistry registry, BirthBook? births = null) : IDecoderSource
    {
        public OwnSet Over(BirthBook book) => new(set, registry, book);

        public MessageDecoder At(long offset) => new(set, registry, births);

        public MessageDecoder Of(ReadOnlySpan<byte> edition) => At(0);
    }
}
