using System.Buffers;
using System.Text;
using Ioc.Broker;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Journal;
using Ioc.Profiles;
using Ioc.Profiles.Editions;
using Ioc.Profiles.Sparkplug;
using Ioc.Server.Pipeline;
using Ioc.Testing;
using Ioc.Tests.Profiles;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace Ioc.Tests.Server;

/// <summary>A profile is changed while messages come in.</summary>
public sealed class ProfileChangeTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeClock _clock = new();
    private readonly ChannelTable _channels = new();
    private readonly MetricCatalogue _metrics = DecoderUnderTest.Catalogue();
    private readonly RecordJournal _journal;
    private readonly ProfilesOptions _options;
    private readonly DeviceRegistry _registry;

    public ProfileChangeTests()
    {
        _journal = RecordJournal.Open(
            new JournalOptions { Path = _folder.File("journal"), SegmentBytes = 1 << 20, BufferBytes = 1 << 20, MaxRecordBytes = 1 << 16, ReservedFreeBytes = 0 }, _clock, NullLogger<RecordJournal>.Instance);
        _options = new ProfilesOptions { Path = _folder.File("profiles"), ArchivePath = _folder.File("kept"), ReloadSeconds = 0 };
        _registry = new DeviceRegistry([], new RegistryOptions(), _clock);
        Write("1");
    }

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_reader_of_the_journal_changes_at_the_same_message()
    {
        ProfileEditions editions = Editions();
        using ProfileKeeper keeper = await StartAsync(editions);
        using JournalDecoder live = Decoder(editions);
        await SendAsync(3);
        Write("10");
        Assert.True(await keeper.ReloadAsync(Stopping));
        await SendAsync(2);
        Write("100");
        Assert.True(await keeper.ReloadAsync(Stopping));
        Assert.False(await keeper.ReloadAsync(Stopping));
        await SendAsync(1);

        using JournalDecoder late = Decoder(editions);
        using JournalDecoder afterRestart = Decoder(Editions());
        foreach (JournalDecoder decoder in (JournalDecoder[])[live, late, afterRestart])
            Assert.Equal([1, 1, 1, 10, 10, 100], Values(decoder, 0));
        using JournalDecoder inTheMiddle = Decoder(editions, from: 4);
        Assert.Equal([10, 10, 100], Values(inTheMiddle, 4));
        await keeper.StopAsync(Stopping);
    }

    [Fact]
    public async Task What_changed_while_the_server_was_down_counts_from_the_end_of_the_journal_on()
    {
        using (ProfileKeeper first = await StartAsync(Editions()))
            await first.StopAsync(Stopping);
        await SendAsync(2);
        Write("10");
        ProfileEditions editions = Editions();
        using ProfileKeeper keeper = await StartAsync(editions);
        await SendAsync(1);

        using JournalDecoder decoder = Decoder(editions);
        Assert.Equal([1, 1, 10], Values(decoder, 0));
        await keeper.StopAsync(Stopping);
    }

    [Fact]
    public async Task A_saved_file_is_noticed_when_the_folder_has_come_to_rest_and_a_broken_one_changes_nothing()
    {
        _options.ReloadSeconds = 1;
        ProfileEditions editions = Editions();
        string working = editions.Current.Id;
        using ProfileKeeper keeper = await StartAsync(editions);

        File.WriteAllText(Profile("half.profile.yaml"), "schema: 1\nname: ha");
        await Wait.UntilAsync(() => editions.Mistakes.Count > 0, what: "the mistake is seen");
        Assert.Equal(working, editions.Current.Id);

        File.Delete(Profile("half.profile.yaml"));
        Write("10");
        await Wait.UntilAsync(() => editions.Current.Id != working, what: "the change is in force");
        Assert.Empty(editions.Mistakes);
        await keeper.StopAsync(Stopping);
    }

    public async ValueTask DisposeAsync()
    {
        await _journal.DisposeAsync();
        _folder.Dispose();
    }

    private string Profile(string name) => Path.Combine(Directory.CreateDirectory(_folder.File("profiles")).FullName, name);

    private void Write(string scale) =>
        File.WriteAllText(
            Profile("own.profile.yaml"),
            $"schema: 1\nname: own\nfamily: air\nmatch: {{topics: [\"lab/{{device}}\"]}}\nbody: {{codec: text}}\nfields:\n  - {{metric: co2, scale: {scale}, unit: \"[ppm]\"}}\n");

    private ProfileEditions Editions() => new(_options, _metrics, _channels, NullLogger<ProfileEditions>.Instance);

    private async Task<ProfileKeeper> StartAsync(ProfileEditions editions)
    {
        var keeper = new ProfileKeeper(_journal, editions, Options.Create(_options), _clock, TimeProvider.System, NullLogger<ProfileKeeper>.Instance);
        await keeper.StartAsync(Stopping);
        return keeper;
    }

    private JournalDecoder Decoder(ProfileEditions editions, long from = 0) =>
        new(_journal, from, new EditionDecoders(editions, _registry, new BirthBook()), 64, NullLogger.Instance);

    private async Task SendAsync(int count)
    {
        byte[] header = new byte[256];
        int length = new PublishHeader { Topic = "lab/a"u8 }.Write(header);
        using (RecordBatch batch = _journal.BeginBatch())
        {
            for (int i = 0; i < count; i++)
                Assert.Equal(AppendOutcome.Appended, batch.TryAppend(RecordKind.Publish, header.AsSpan(0, length), new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes("1")), out _));
        }

        await _journal.WaitForDurableAsync(_journal.TailOffset - 1, Stopping);
    }

    private static List<double> Values(JournalDecoder decoder, long from)
    {
        var batch = new ReadingBatch();
        var values = new List<double>();
        while (decoder.TryFill(batch, from, long.MaxValue))
        {
            for (int i = 0; i < batch.ReadingCount; i++)
                values.Add(batch[i].Value);
            from = batch.NextOffset;
        }

        return values;
    }
}
