using System.Text;
using Ioc.Journal;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Journal;

public class ReadAtTests
{
    [Fact]
    public async Task Records_here_and_there_are_shown_in_order_over_many_segments()
    {
        using var folder = new TemporaryFolder();
        await using RecordJournal journal = Journals.Open(Journals.Small(folder.FullName));
        string[] payloads = Journals.Numbered(400);
        await journal.AppendDurableAsync(payloads);

        var random = new Random(3);
        for (int round = 0; round < 100; round++)
        {
            long[] offsets = [.. Enumerable.Range(0, 400).Where(_ => random.Next(12) == 0).Select(i => (long)i)];
            Assert.Equal(offsets.Select(offset => payloads[offset]), Read(journal, offsets));
        }

        Assert.Empty(Read(journal, []));
    }

    [Fact]
    public async Task Records_larger_than_the_buffer_and_smaller_ones_between_are_shown_whole()
    {
        using var folder = new TemporaryFolder();
        await using RecordJournal journal = Journals.Open(Journals.Small(folder.FullName, segmentBytes: 4 << 20));
        string[] payloads = [.. Enumerable.Range(0, 12).Select(i => new string((char)('a' + i), i % 3 == 0 ? 200_000 : 10_000 * i))];
        await journal.AppendDurableAsync(payloads);

        Assert.Equal([payloads[0], payloads[3], payloads[4], payloads[9], payloads[11]], Read(journal, [0, 3, 4, 9, 11]));
    }

    [Fact]
    public async Task What_is_trimmed_damaged_or_not_durable_is_named_and_the_rest_is_shown()
    {
        using var folder = new TemporaryFolder();
        JournalOptions options = Journals.Small(folder.FullName);
        await using (RecordJournal writer = Journals.Open(options))
            await writer.AppendDurableAsync(Journals.Numbered(300));

        string[] files = Journals.SegmentFiles(folder.FullName);
        File.Delete(files[0]);
        long first = Journals.FirstOffset(files[1]);
        long damaged = Journals.FirstOffset(files[3]) + 2;
        Journals.Flip(files[3], 64 + (2 * (32 + 6 + 100)) + 70);
        await using RecordJournal journal = Journals.Open(options);

        Assert.Equal(
            ["0 Trimmed", $"{first - 1} Trimmed", Text(first), Text(damaged - 1), $"{damaged} Damaged", Text(damaged + 1), Text(299), "300 NotDurable", "4000 NotDurable"],
            Read(journal, [0, first - 1, first, damaged - 1, damaged, damaged + 1, 299, 300, 4000]));
        Assert.Equal([$"{damaged} Damaged"], Read(journal, [damaged]));

        static string Text(long offset) => Journals.Numbered(300)[offset];
    }

    [Fact]
    public async Task Every_record_of_a_damaged_stretch_is_named_as_such()
    {
        using var folder = new TemporaryFolder();
        JournalOptions options = Journals.Small(folder.FullName, segmentBytes: 1 << 16);
        string[] payloads = Journals.Numbered(20);
        await using (RecordJournal writer = Journals.Open(options))
            await writer.AppendDurableAsync(payloads);

        byte[] bytes = File.ReadAllBytes(Journals.SegmentFiles(folder.FullName)[^1]);
        bytes.AsSpan(64 + (5 * (32 + 6 + 100)) + 4, 400).Fill(0xEE);
        File.WriteAllBytes(Journals.SegmentFiles(folder.FullName)[^1], bytes);

        await using RecordJournal journal = Journals.Open(options);
        Assert.Equal([payloads[4], "5 Damaged", "6 Damaged", "7 Damaged", payloads[8]], Read(journal, [4, 5, 6, 7, 8]));
    }

    private static List<string> Read(RecordJournal journal, long[] offsets)
    {
        var told = new Told(offsets);
        int found = journal.ReadAt(offsets, ref told);
        Assert.Equal(found, told.FoundCount);
        return told.Lines;
    }

    private struct Told(long[] offsets) : IRecordVisitor
    {
        public List<string> Lines { get; } = [];

        public int FoundCount { get; private set; }

        public void Found(int index, in JournalRecord record)
        {
            Assert.Equal((Lines.Count, offsets[index]), (index, record.Offset));
            Lines.Add(Encoding.UTF8.GetString(record.Payload));
            FoundCount++;
        }

        public readonly void NotFound(int index, long offset, RecordAbsence why)
        {
            Assert.Equal((Lines.Count, offsets[index]), (index, offset));
            Lines.Add($"{offset} {why}");
        }
    }
}
