using System.Buffers;
using Ioc.Journal;
using Ioc.Testing;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Journal;

public class ConcurrencyTests
{
    [Fact]
    public async Task Many_appenders_get_every_offset_once_batches_never_mix_and_a_reader_beside_them_sees_each_record_in_order()
    {
        const int Appenders = 8;
        const int Batches = 200;
        const int PerBatch = 16;
        const int Total = Appenders * Batches * PerBatch;
        using var folder = new TemporaryFolder();
        JournalOptions options = Journals.Small(folder.FullName, segmentBytes: 1 << 16);
        options.MaxRecordBytes = 1024;
        options.BufferBytes = 8192;
        await using RecordJournal journal = Journals.Open(options, SystemClock.Instance);

        var given = new long[Appenders][];
        Task reading = Task.Run(() => ReadAsync(journal, Total), TestContext.Current.CancellationToken);
        Thread[] threads = [.. Enumerable.Range(0, Appenders).Select(appender => new Thread(() => given[appender] = Append(journal, appender, Batches, PerBatch)))];
        foreach (Thread thread in threads)
            thread.Start();

        await reading;
        foreach (Thread thread in threads)
            thread.Join();

        Assert.Equal(Enumerable.Range(0, Total).Select(i => (long)i), given.SelectMany(offsets => offsets).Order());
        Assert.All(given, offsets => Assert.Equal(offsets.Order(), offsets));
        // Also where a batch had to wait for room in the middle.
        Assert.All(given.SelectMany(offsets => offsets.Chunk(PerBatch)), batch => Assert.Equal(PerBatch - 1, batch[^1] - batch[0]));
        Assert.Equal((Total, Total), journal.DurablePublishes);
    }

    private static long[] Append(RecordJournal journal, int appender, int batches, int perBatch)
    {
        var offsets = new List<long>();
        for (int i = 0; i < batches; i++)
        {
            using RecordBatch batch = journal.BeginBatch();
            for (int j = 0; j < perBatch; j++)
            {
                byte[] payload = BitConverter.GetBytes((appender * batches * perBatch) + offsets.Count);
                if (batch.TryAppend(RecordKind.Publish, default, new ReadOnlySequence<byte>(payload), out long offset) == AppendOutcome.Appended)
                    offsets.Add(offset);
            }
        }

        return [.. offsets];
    }

    private static async Task ReadAsync(RecordJournal journal, int total)
    {
        using JournalReader reader = journal.OpenReader(0);
        var seen = new HashSet<int>();
        Instant last = Instant.MinValue;
        while (seen.Count < total)
        {
            await journal.WaitForDurableBeyondAsync(reader.NextOffset, TestContext.Current.CancellationToken);
            while (reader.TryRead(out JournalRecord record))
            {
                Assert.Equal(seen.Count, record.Offset);
                Assert.True(record.ReceivedAt > last);
                Assert.True(seen.Add(BitConverter.ToInt32(record.Payload)));
                last = record.ReceivedAt;
            }
        }
    }
}
