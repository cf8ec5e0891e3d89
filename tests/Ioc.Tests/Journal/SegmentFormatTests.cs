using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Ioc.Journal;
using Ioc.Journal.Segments;
using Ioc.Testing;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Ioc.Tests.Journal;

public class SegmentFormatTests
{
    private const int HeaderBytes = 64;

    [Theory, InlineData(1), InlineData(2)]
    public async Task Records_that_a_device_sends_as_payload_never_pass_for_records_behind_damage(int format)
    {
        using var folder = new TemporaryFolder();
        JournalOptions options = Journals.Small(folder.FullName, segmentBytes: 1 << 16);
        // All that an attacker can know: everything but the salt. Many of them, for each offset that could follow.
        byte[] forged = new byte[40 * 40];
        for (int i = 0; i < 40; i++)
            Forge(format, forged.AsSpan(i * 40, 40), offset: 1 + (i % 6));

        await using (RecordJournal journal = Journals.Open(options))
        {
            journal.Append("before");
            using (RecordBatch batch = journal.BeginBatch())
                batch.TryAppend(RecordKind.Publish, "header"u8, new ReadOnlySequence<byte>(forged), out _);
            journal.Append("behind");
        }

        Journals.Flip(Journals.SegmentFiles(folder.FullName)[0], HeaderBytes + 32 + 6 + 6 + 2);
        await using RecordJournal again = Journals.Open(options);
        using JournalReader reader = again.OpenReader(0);
        Assert.True(reader.TryRead(out _));
        var damage = Assert.Throws<JournalCorruptException>(() => reader.TryRead(out _));
        Assert.Equal((1, 2, 1), (damage.Offset, damage.ResumeOffset, damage.LostPublishCount));
        Assert.Equal(["behind"], again.ReadPayloads(2));
    }

    [Fact]
    public async Task Segments_of_format_1_are_read_and_followed_by_one_of_format_2()
    {
        using var folder = new TemporaryFolder();
        string[] payloads = Journals.Numbered(12);
        string file = folder.File("00000000000000000000.segment");
        File.WriteAllBytes(file, Format1(payloads));

        for (int start = 0; start < 2; start++)
        {
            await using RecordJournal journal = Journals.Open(Journals.Small(folder.FullName));
            Assert.Equal((12 + start, 12 + start), journal.DurablePublishes);
            Assert.Equal(payloads, journal.ReadPayloads()[..12]);
            await journal.AppendDurableAsync($"new {start}");
        }

        Assert.Equal([0, 12], Journals.SegmentFiles(folder.FullName).Select(Journals.FirstOffset));
        await using RecordJournal again = Journals.Open(Journals.Small(folder.FullName));
        Assert.Equal([.. payloads, "new 0", "new 1"], again.ReadPayloads());
        using JournalReader reader = again.OpenReader(13);
        Assert.True(reader.TryRead(out JournalRecord last));
        Assert.Equal(13, last.PublishesBefore);
    }

    [Fact]
    public async Task An_empty_segment_of_format_1_is_replaced()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("00000000000000000000.segment"), Format1([]));
        await using RecordJournal journal = Journals.Open(Journals.Small(folder.FullName));
        await journal.AppendDurableAsync("first");
        Assert.Equal(["first"], journal.ReadPayloads());
    }

    [Fact]
    public async Task A_record_says_how_many_publishes_came_before_it_over_segments_and_starts()
    {
        using var folder = new TemporaryFolder();
        JournalOptions options = Journals.Small(folder.FullName);
        for (int start = 0; start < 3; start++)
        {
            await using RecordJournal journal = Journals.Open(options);
            for (int i = 0; i < 40; i++)
                journal.Append($"{i}", i % 4 == 3 ? RecordKind.Session : RecordKind.Publish);
        }

        await using RecordJournal again = Journals.Open(options);
        using JournalReader reader = again.OpenReader(0);
        long publishes = 0;
        while (reader.TryRead(out JournalRecord record))
        {
            Assert.Equal(publishes, record.PublishesBefore);
            publishes += record.Kind == RecordKind.Publish ? 1 : 0;
        }

        Assert.Equal((120, 90), (again.TailOffset, publishes));
        Assert.Equal([0, 3, 3, 90], new long[] { 0, 3, 4, 120 }.Select(offset => again.TryCountPublishesBefore(offset, out long count) ? count : -1));
        Assert.False(again.TryCountPublishesBefore(121, out _));
    }

    [Fact]
    public async Task One_log_line_says_what_a_start_found()
    {
        using var folder = new TemporaryFolder();
        JournalOptions options = Journals.Small(folder.FullName);
        await using (RecordJournal journal = Journals.Open(options))
            await journal.AppendDurableAsync(Journals.Numbered(40));

        string file = Journals.SegmentFiles(folder.FullName)[^1];
        (LogLevel clean, string cleanText) = await OnlyLineAsync(options);
        Assert.Equal(LogLevel.Information, clean);
        Assert.Contains("2 segments, records 0 to 40, 40 publishes ever, 12 records checked in the last segment, nothing damaged there", cleanText, StringComparison.Ordinal);

        Journals.Flip(file, 10);
        Journals.Flip(file, HeaderBytes + (3 * 138) + 50);
        (LogLevel damaged, string text) = await OnlyLineAsync(options);
        Assert.Equal(LogLevel.Warning, damaged);
        Assert.Contains("the header of 00000000000000000028.segment was damaged and is restored from its copy; 00000000000000000028.segment: bytes 478 to 615 are damaged, records 31 to 31 are lost", text, StringComparison.Ordinal);
    }

    private static async Task<(LogLevel Level, string Text)> OnlyLineAsync(JournalOptions options)
    {
        var log = new LineLog();
        await using RecordJournal journal = RecordJournal.Open(options, new FakeClock(), log);
        return Assert.Single(log.Lines);
    }

    private static void Forge(int format, Span<byte> into, long offset)
    {
        if (format == 2)
            new RecordFormat(2, Salt: 0, BasePublishCount: 0).Write(into, offset, RecordKind.Publish, 1, offset, "hd"u8, new ReadOnlySequence<byte>("forged"u8.ToArray()));
        else
            WriteFormat1(into, offset, "hd"u8, "forged"u8);
    }

    private static byte[] Format1(string[] payloads)
    {
        byte[] file = new byte[4096];
        new SegmentHeader(0, 0, 1, 1, 0, 0, Version: 1).Write(file);
        int at = HeaderBytes;
        for (int i = 0; i < payloads.Length; i++)
        {
            int length = 32 + 6 + payloads[i].Length;
            WriteFormat1(file.AsSpan(at, length), i, "header"u8, Encoding.UTF8.GetBytes(payloads[i]));
            at += length;
        }

        return file;
    }

    private static void WriteFormat1(Span<byte> into, long offset, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteInt32LittleEndian(into[4..], into.Length);
        into[8] = 1;
        into[9] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(into[12..], header.Length);
        BinaryPrimitives.WriteInt64LittleEndian(into[16..], offset);
        BinaryPrimitives.WriteInt64LittleEndian(into[24..], 1_000 + offset);
        header.CopyTo(into[32..]);
        payload.CopyTo(into[(32 + header.Length)..]);
        BinaryPrimitives.WriteUInt32LittleEndian(into, Crc32C.Compute(into[4..]));
    }
}
