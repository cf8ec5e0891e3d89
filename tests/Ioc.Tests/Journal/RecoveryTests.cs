using Ioc.Journal;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Journal;

public class RecoveryTests
{
    private const int HeaderBytes = 64;
    private const int RecordBytes = 32 + 6 + 100;

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_cut_at_any_byte_of_the_last_records_leaves_the_records_before_it(bool preallocated)
    {
        const int ShortBytes = 32 + 6 + 30;
        string[] payloads = Journals.Numbered(4, bytes: 30);
        using var written = new TemporaryFolder();
        string original = await WriteAsync(written.FullName, payloads);
        for (int cut = HeaderBytes + (2 * ShortBytes); cut <= HeaderBytes + (4 * ShortBytes); cut++)
        {
            using var folder = new TemporaryFolder();
            string file = folder.File(Path.GetFileName(original));
            File.Copy(original, file);
            CutAt(file, cut, preallocated);

            int whole = (cut - HeaderBytes) / ShortBytes;
            await using RecordJournal journal = Journals.Open(Journals.Small(folder.FullName));
            Assert.Equal((whole, whole), (journal.TailOffset, journal.DurableOffset));
            Assert.Equal((whole, whole), journal.DurablePublishes);
            Assert.Equal(payloads[..whole], journal.ReadPayloads());

            await journal.AppendDurableAsync("again");
            Assert.Equal([.. payloads[..whole], "again"], journal.ReadPayloads());
        }
    }

    [Fact]
    public async Task After_a_crash_a_flipped_bit_anywhere_in_the_last_record_cuts_that_record_only()
    {
        string[] payloads = Journals.Numbered(4, bytes: 20);
        int recordBytes = 32 + 6 + 20;
        for (int at = 0; at < recordBytes; at++)
        {
            using var folder = new TemporaryFolder();
            string file = await WriteAsync(folder.FullName, payloads);
            Journals.Flip(file, HeaderBytes + (3 * recordBytes) + at);
            Journals.ForgetDurableMark(folder.FullName);

            await using RecordJournal journal = Journals.Open(Journals.Small(folder.FullName));
            Assert.Equal(payloads[..3], journal.ReadPayloads());
            await journal.AppendDurableAsync("again");
            Assert.Equal([.. payloads[..3], "again"], journal.ReadPayloads());
        }
    }

    [Fact]
    public async Task A_flipped_bit_before_whole_records_is_told_and_neither_they_nor_their_offsets_are_lost()
    {
        string[] payloads = Journals.Numbered(6, bytes: 20);
        int recordBytes = 32 + 6 + 20;
        for (int at = 0; at < recordBytes; at++)
        {
            using var folder = new TemporaryFolder();
            string file = await WriteAsync(folder.FullName, payloads);
            Journals.Flip(file, HeaderBytes + (2 * recordBytes) + at);

            // Over two starts: what is damaged stays damaged, and the journal goes on behind it.
            await using (RecordJournal first = Journals.Open(Journals.Small(folder.FullName)))
            {
                Assert.Equal((6, 6), first.DurablePublishes);
                await first.AppendDurableAsync("behind");
            }

            await using RecordJournal journal = Journals.Open(Journals.Small(folder.FullName));
            Assert.Equal((7, 7), journal.DurablePublishes);
            using JournalReader reader = journal.OpenReader(0);
            Assert.True(reader.TryRead(out _) && reader.TryRead(out _));
            for (int i = 0; i < 2; i++)
            {
                var damage = Assert.Throws<JournalCorruptException>(() => reader.TryRead(out _));
                Assert.Equal((file, HeaderBytes + (2 * recordBytes), 2, 3), (damage.Segment, damage.Position, damage.Offset, damage.ResumeOffset));
            }

            Assert.Equal([.. payloads[3..], "behind"], journal.ReadPayloads(3));
            Assert.Throws<JournalCorruptException>(() => journal.TryReadAt(2, out _));
        }
    }

    [Fact]
    public async Task A_flipped_bit_in_an_earlier_segment_is_told_by_the_reader_with_segment_and_offset()
    {
        using var folder = new TemporaryFolder();
        string[] payloads = Journals.Numbered(120);
        await WriteAsync(folder.FullName, payloads);
        string[] files = Journals.SegmentFiles(folder.FullName);
        Assert.True(files.Length >= 4);
        int firstOffset = int.Parse(Path.GetFileNameWithoutExtension(files[1]), null);
        Journals.Flip(files[1], HeaderBytes + (5 * RecordBytes) + 50);

        await using RecordJournal journal = Journals.Open(Journals.Small(folder.FullName));
        using JournalReader reader = journal.OpenReader(0);
        for (int i = 0; i < firstOffset + 5; i++)
            Assert.True(reader.TryRead(out _));

        var damage = Assert.Throws<JournalCorruptException>(() => reader.TryRead(out _));
        Assert.Equal((files[1], firstOffset + 5, firstOffset + 6), (damage.Segment, damage.Offset, damage.ResumeOffset));
        Assert.Equal(payloads[(firstOffset + 6)..], journal.ReadPayloads(damage.ResumeOffset));
    }

    [Theory, InlineData("missing"), InlineData("empty"), InlineData("zeroed")]
    public async Task A_segment_that_is_gone_is_told_by_the_reader_and_the_rest_can_be_read(string how)
    {
        using var folder = new TemporaryFolder();
        string[] payloads = Journals.Numbered(120);
        await WriteAsync(folder.FullName, payloads);
        string[] files = Journals.SegmentFiles(folder.FullName);
        int lost = int.Parse(Path.GetFileNameWithoutExtension(files[1]), null);
        int resume = int.Parse(Path.GetFileNameWithoutExtension(files[2]), null);
        if (how == "missing")
            File.Delete(files[1]);
        else
            File.WriteAllBytes(files[1], new byte[how == "empty" ? 0 : 4096]);

        await using RecordJournal journal = Journals.Open(Journals.Small(folder.FullName));
        using JournalReader reader = journal.OpenReader(0);
        for (int i = 0; i < lost; i++)
            Assert.True(reader.TryRead(out _));

        var damage = Assert.Throws<JournalCorruptException>(() => reader.TryRead(out _));
        Assert.Equal((lost, resume), (damage.Offset, damage.ResumeOffset));
        Assert.Equal(payloads[resume..], journal.ReadPayloads(resume));
    }

    [Fact]
    public async Task A_flipped_bit_in_a_segment_header_loses_no_record()
    {
        for (int at = 0; at < HeaderBytes; at += 3)
        {
            using var folder = new TemporaryFolder();
            string[] payloads = Journals.Numbered(60);
            await WriteAsync(folder.FullName, payloads);
            foreach (string file in Journals.SegmentFiles(folder.FullName))
                Journals.Flip(file, at);

            await using RecordJournal journal = Journals.Open(Journals.Small(folder.FullName));
            Assert.Equal(payloads, journal.ReadPayloads());
            Assert.Equal((60, 60), journal.DurablePublishes);
            await journal.AppendDurableAsync("on");
            Assert.Equal([.. payloads, "on"], journal.ReadPayloads());
        }
    }

    [Fact]
    public async Task A_last_segment_with_nothing_readable_is_set_aside()
    {
        using var folder = new TemporaryFolder();
        string[] payloads = Journals.Numbered(60);
        await WriteAsync(folder.FullName, payloads);
        string last = Journals.SegmentFiles(folder.FullName)[^1];
        int kept = int.Parse(Path.GetFileNameWithoutExtension(last), null);
        File.WriteAllBytes(last, [1, 2, 3]);

        await using RecordJournal journal = Journals.Open(Journals.Small(folder.FullName));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(last + ".damaged"));
        Assert.Equal((60, 60), journal.DurablePublishes);
        await journal.AppendDurableAsync("on");
        using JournalReader reader = journal.OpenReader(0);
        for (int i = 0; i < kept; i++)
            Assert.True(reader.TryRead(out _));

        var damage = Assert.Throws<JournalCorruptException>(() => reader.TryRead(out _));
        Assert.Equal((kept, 60, 60 - kept), (damage.Offset, damage.ResumeOffset, damage.LostPublishCount));
        Assert.Equal(["on"], journal.ReadPayloads(60));
    }

    [Theory, InlineData(11), InlineData(12), InlineData(13)]
    public async Task Random_bytes_behind_the_last_record_are_cut_for_good(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 20; round++)
        {
            using var folder = new TemporaryFolder();
            string[] payloads = Journals.Numbered(random.Next(1, 20));
            string file = await WriteAsync(folder.FullName, payloads);
            byte[] noise = new byte[random.Next(1, 1000)];
            random.NextBytes(noise);
            using (FileStream stream = File.OpenWrite(file))
            {
                stream.Position = HeaderBytes + (payloads.Length * RecordBytes);
                stream.Write(noise);
            }

            await using (RecordJournal journal = Journals.Open(Journals.Small(folder.FullName)))
            {
                Assert.Equal(payloads, journal.ReadPayloads());
                await journal.AppendDurableAsync("a");
                Assert.Equal([.. payloads, "a"], journal.ReadPayloads());
            }

            // Nothing of it is left behind the new, shorter record to be found torn once more.
            Assert.Equal(-1, File.ReadAllBytes(file).AsSpan(..^HeaderBytes)[(HeaderBytes + (payloads.Length * RecordBytes) + 39)..].IndexOfAnyExcept((byte)0));
        }
    }

    [Fact]
    public async Task Every_start_goes_on_where_the_last_one_ended_over_many_small_segments()
    {
        using var folder = new TemporaryFolder();
        string[] payloads = Journals.Numbered(400);
        for (int start = 0; start < 20; start++)
        {
            await using RecordJournal journal = Journals.Open(Journals.Small(folder.FullName));
            Assert.Equal((start * 20, start * 20), journal.DurablePublishes);
            await journal.AppendDurableAsync(payloads[(start * 20)..((start + 1) * 20)]);
        }

        Assert.True(Journals.SegmentFiles(folder.FullName).Length > 10);
        await using RecordJournal all = Journals.Open(Journals.Small(folder.FullName));
        Assert.Equal(payloads, all.ReadPayloads());
    }

    [Fact]
    public async Task Only_publishes_are_counted_as_publishes_also_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        await using (RecordJournal journal = Journals.Open(Journals.Small(folder.FullName)))
        {
            for (int i = 0; i < 100; i++)
                journal.Append($"{i}", i % 4 == 0 ? (RecordKind)9 : RecordKind.Publish);
        }

        await using RecordJournal again = Journals.Open(Journals.Small(folder.FullName));
        Assert.Equal((100, 75), again.DurablePublishes);
    }

    [Fact]
    public async Task A_segment_of_a_later_format_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        string file = await WriteAsync(folder.FullName, ["a"]);
        byte[] bytes = File.ReadAllBytes(file);
        bytes[8] = 3;
        BitConverter.TryWriteBytes(bytes.AsSpan(60), Ioc.Journal.Segments.Crc32C.Compute(bytes.AsSpan(0, 60)));
        File.WriteAllBytes(file, bytes);

        var refused = Assert.Throws<NotSupportedException>(() => Journals.Open(Journals.Small(folder.FullName)));
        Assert.Contains("format 3", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Writes a journal, closes it, and names its last segment.</summary>
    private static async Task<string> WriteAsync(string folder, string[] payloads)
    {
        await using (RecordJournal journal = Journals.Open(Journals.Small(folder)))
            await journal.AppendDurableAsync(payloads);

        return Journals.SegmentFiles(folder)[^1];
    }

    private static void CutAt(string file, long length, bool preallocated)
    {
        using FileStream stream = File.OpenWrite(file);
        long whole = stream.Length;
        stream.SetLength(length);
        if (preallocated)
            stream.SetLength(whole);
    }
}
