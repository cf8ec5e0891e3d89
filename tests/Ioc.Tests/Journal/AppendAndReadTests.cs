using System.Buffers;
using Ioc.Journal;
using Ioc.Testing;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Journal;

public class AppendAndReadTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task What_is_appended_is_read_back_whatever_its_size_and_however_its_payload_is_split(int seed)
    {
        using var folder = new TemporaryFolder();
        var random = new Random(seed);
        var written = new List<(RecordKind Kind, byte[] Header, byte[] Payload)>();
        await using RecordJournal journal = Journals.Open(Journals.Small(folder.FullName, segmentBytes: 1 << 17));

        for (int batchNumber = 0; batchNumber < 60; batchNumber++)
        {
            using RecordBatch batch = journal.BeginBatch();
            for (int i = random.Next(20); i >= 0; i--)
            {
                var kind = (RecordKind)random.Next(1, 4);
                byte[] header = Bytes(random, random.Next(300));
                byte[] payload = Bytes(random, (int)Math.Pow(2, random.NextDouble() * 16));
                Assert.Equal(AppendOutcome.Appended, batch.TryAppend(kind, header, Split(random, payload), out long offset));
                Assert.Equal(written.Count, offset);
                written.Add((kind, header, payload));
            }
        }

        await journal.WaitForDurableAsync(written.Count - 1, TestContext.Current.CancellationToken);
        Assert.True(Journals.SegmentFiles(folder.FullName).Length > 3);

        using JournalReader reader = journal.OpenReader(0);
        foreach ((RecordKind kind, byte[] header, byte[] payload) in written)
        {
            Assert.True(reader.TryRead(out JournalRecord record));
            Assert.Equal(kind, record.Kind);
            Assert.Equal(header, record.Header);
            Assert.Equal(payload, record.Payload);
        }

        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public async Task A_reader_shows_records_as_they_become_durable_and_says_false_in_between()
    {
        using var folder = new TemporaryFolder();
        await using RecordJournal journal = Journals.Open(Journals.Small(folder.FullName));
        using JournalReader reader = journal.OpenReader(0);
        Assert.False(reader.TryRead(out _));

        for (int i = 0; i < 200; i++)
        {
            await journal.AppendDurableAsync($"{i}");
            Assert.True(reader.TryRead(out JournalRecord record));
            Assert.Equal(i, record.Offset);
            Assert.False(reader.TryRead(out _));
        }
    }

    [Fact]
    public async Task Any_record_can_be_read_by_its_offset()
    {
        using var folder = new TemporaryFolder();
        await using RecordJournal journal = Journals.Open(Journals.Small(folder.FullName, segmentBytes: 1 << 18));
        string[] payloads = Journals.Numbered(5000);
        await journal.AppendDurableAsync(payloads);

        foreach (int offset in (int[])[4999, 0, 2500, 1, 4998, 700, 701, 3999])
        {
            Assert.True(journal.TryReadAt(offset, out StoredRecord? record));
            Assert.Equal((offset, payloads[offset]), (record.Offset, System.Text.Encoding.UTF8.GetString(record.Payload)));
            Assert.Equal(payloads[offset..], journal.ReadPayloads(offset));
        }

        Assert.False(journal.TryReadAt(5000, out _));
        Assert.False(journal.TryReadAt(-1, out _));
    }

    [Fact]
    public async Task Arrival_times_increase_strictly_also_when_the_clock_stands_still_or_goes_back()
    {
        using var folder = new TemporaryFolder();
        var clock = new FakeClock();
        Instant start = clock.GetCurrentInstant();
        await using (RecordJournal journal = Journals.Open(Journals.Small(folder.FullName), clock))
        {
            await journal.AppendDurableAsync("a", "b");
            clock.Advance(Duration.FromHours(-1));
            await journal.AppendDurableAsync("c");
        }

        await using (RecordJournal journal = Journals.Open(Journals.Small(folder.FullName), clock))
        {
            await journal.AppendDurableAsync("d");
            clock.Set(start + Duration.FromSeconds(1));
            await journal.AppendDurableAsync("e");

            Instant[] times = [.. Enumerable.Range(0, 5).Select(i => journal.TryReadAt(i, out StoredRecord? record) ? record.ReceivedAt : default)];
            Duration microsecond = Duration.FromTicks(10);
            Assert.Equal([start, start + microsecond, start + (2 * microsecond), start + (3 * microsecond), start + Duration.FromSeconds(1)], times);
        }
    }

    [Fact]
    public async Task A_record_over_the_limit_is_refused_and_takes_no_offset()
    {
        using var folder = new TemporaryFolder();
        JournalOptions options = Journals.Small(folder.FullName);
        await using RecordJournal journal = Journals.Open(options);

        Assert.Equal(AppendOutcome.Appended, journal.TryAppend(new string('x', options.MaxRecordBytes - 38), out _));
        Assert.Equal(AppendOutcome.TooLarge, journal.TryAppend(new string('x', options.MaxRecordBytes - 37), out long refused));
        Assert.Equal(-1, refused);
        Assert.Equal(1, journal.Append("next"));
    }

    [Fact]
    public async Task Reading_allocates_nothing_per_record()
    {
        using var folder = new TemporaryFolder();
        await using RecordJournal journal = Journals.Open(Journals.Small(folder.FullName, segmentBytes: 4 << 20));
        await journal.AppendDurableAsync(Journals.Numbered(10_000));
        int count = 0;

        long allocated = Allocations.Fewest(_ =>
        {
            using JournalReader reader = journal.OpenReader(0);
            while (reader.TryRead(out JournalRecord record) && record.Payload.Length == 100)
                count++;
        });

        Assert.Equal(8 * 10_000, count);
        Assert.InRange(allocated, 1, 1_000); // the reader itself
    }

    [Fact]
    public async Task A_reader_beyond_the_tail_is_a_mistake()
    {
        using var folder = new TemporaryFolder();
        await using RecordJournal journal = Journals.Open(Journals.Small(folder.FullName));
        await journal.AppendDurableAsync("a");

        Assert.Throws<ArgumentOutOfRangeException>(() => journal.OpenReader(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => journal.SetCursor("store", 2));
        Assert.Empty(journal.ReadPayloads(1));
    }

    private static byte[] Bytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static ReadOnlySequence<byte> Split(Random random, byte[] bytes)
    {
        var first = new Piece(bytes.AsMemory(0, random.Next(bytes.Length + 1)), null);
        Piece last = first;
        for (int at = first.Memory.Length; at < bytes.Length;)
        {
            int length = random.Next(1, bytes.Length - at + 1);
            last = new Piece(bytes.AsMemory(at, length), last);
            at += length;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> bytes, Piece? before)
        {
            Memory = bytes;
            if (before is null)
                return;

            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }
}
