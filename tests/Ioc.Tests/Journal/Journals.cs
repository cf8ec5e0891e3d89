using System.Buffers;
using System.Text;
using Ioc.Journal;
using Ioc.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Journal;

/// <summary>Small journals and what tests do with them.</summary>
internal static class Journals
{
    /// <summary>Little segments, so that a test meets many.</summary>
    public static JournalOptions Small(string folder, int segmentBytes = 4096) => new()
    {
        Path = folder,
        SegmentBytes = segmentBytes,
        BudgetBytes = 1L << 30,
        MaxRecordBytes = Math.Min(segmentBytes - 128, 1 << 20),
        BufferBytes = Math.Max(64 << 10, segmentBytes),
        StallLimitMs = 20_000,
        ReservedFreeBytes = 0,
    };

    public static RecordJournal Open(JournalOptions options, IClock? clock = null, Action<SafeFileHandle>? flush = null) =>
        RecordJournal.Open(options, clock ?? new FakeClock(), NullLogger<RecordJournal>.Instance, flush ?? RandomAccess.FlushToDisk);

    public static AppendOutcome TryAppend(this RecordJournal journal, string payload, out long offset, RecordKind kind = RecordKind.Publish)
    {
        using RecordBatch batch = journal.BeginBatch();
        return batch.TryAppend(kind, "header"u8, new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(payload)), out offset);
    }

    public static long Append(this RecordJournal journal, string payload, RecordKind kind = RecordKind.Publish)
    {
        Assert.Equal(AppendOutcome.Appended, journal.TryAppend(payload, out long offset, kind));
        return offset;
    }

    /// <summary>Appends and waits for the flush.</summary>
    public static async Task AppendDurableAsync(this RecordJournal journal, params string[] payloads)
    {
        foreach (string payload in payloads)
            journal.Append(payload);

        await journal.WaitForDurableAsync(journal.TailOffset - 1, TestContext.Current.CancellationToken);
    }

    public static List<string> ReadPayloads(this RecordJournal journal, long fromOffset = 0)
    {
        using JournalReader reader = journal.OpenReader(fromOffset);
        var payloads = new List<string>();
        while (reader.TryRead(out JournalRecord record))
        {
            Assert.Equal(fromOffset + payloads.Count, record.Offset);
            payloads.Add(Encoding.UTF8.GetString(record.Payload));
        }

        return payloads;
    }

    public static string[] Numbered(int count, int bytes = 100) =>
        [.. Enumerable.Range(0, count).Select(i => i.ToString("D6", null).PadRight(bytes, '.'))];

    public static string[] SegmentFiles(string folder) => [.. Directory.GetFiles(folder, "*.segment").Order()];

    /// <summary>What a segment's name says.</summary>
    public static long FirstOffset(string file) => long.Parse(Path.GetFileNameWithoutExtension(file), null);

    /// <summary>As a crash leaves it: nobody has said at the end how far it was durable.</summary>
    public static void ForgetDurableMark(string folder)
    {
        foreach (string file in Directory.GetFiles(folder, "durable*"))
            File.Delete(file);
    }

    public static void Flip(string file, long at)
    {
        using FileStream stream = File.Open(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Position = at;
        int was = stream.ReadByte();
        stream.Position = at;
        stream.WriteByte((byte)(was ^ 0x10));
    }
}
