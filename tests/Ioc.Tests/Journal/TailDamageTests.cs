using System.Text;
using Ioc.Journal;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Journal;

/// <summary>
/// Whatever happens to the bytes of the last segment: the journal opens, shows every record that was not touched, never another
/// payload, counts what is lost, and gives no offset twice. <c>IOC_LONG_TESTS=1</c> goes through every byte.
/// </summary>
public class TailDamageTests
{
    private const int HeaderBytes = 64;
    private const int RecordBytes = 32 + 6 + 100;
    private const int Records = 75;
    private const int SegmentBytes = 4096;

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_flipped_bit_anywhere_in_the_last_segment(bool closedCleanly)
    {
        foreach (int at in Positions(21))
        {
            await CheckAsync(closedCleanly, $"bit at {at}", at, at + 1, bytes =>
            {
                bytes[at] ^= (byte)(1 << (at % 8));
                return bytes;
            });
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_cut_anywhere_in_the_last_segment(bool closedCleanly)
    {
        foreach (int at in Positions(22))
            await CheckAsync(closedCleanly, $"cut at {at}", at, SegmentBytes, bytes => bytes[..at]);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_sector_of_zeros_or_noise_anywhere_in_the_last_segment(bool closedCleanly)
    {
        var random = new Random(23);
        foreach (int at in Positions(23).Select(at => Math.Min(at, SegmentBytes - 512)).Distinct())
        {
            byte[] sector = new byte[512];
            if (at % 2 == 0)
                random.NextBytes(sector);

            await CheckAsync(closedCleanly, $"sector at {at}", at, at + 512, bytes =>
            {
                sector.CopyTo(bytes, at);
                return bytes;
            });
        }
    }

    private static IEnumerable<int> Positions(int seed)
    {
        if (Environment.GetEnvironmentVariable("IOC_LONG_TESTS") == "1")
            return Enumerable.Range(0, SegmentBytes);

        // Some of every region: the header, each field of a prefix, header bytes and payload, the last record, what is
        // preallocated behind it, and the header's copy.
        int last = HeaderBytes + ((TailRecords - 1) * RecordBytes);
        int end = last + RecordBytes;
        var random = new Random(seed);
        return new[]
        {
            0, 8, 16, 24, 41, 50, 57, 63, HeaderBytes, HeaderBytes + 5, HeaderBytes + 8, HeaderBytes + 10, HeaderBytes + 13, HeaderBytes + 17, HeaderBytes + 25,
            HeaderBytes + 34, HeaderBytes + RecordBytes - 1, last, last + 4, last + 8, last + 20, last + 33, last + 40, end - 1, end, end + 1, end + 40,
            SegmentBytes - HeaderBytes - 1, SegmentBytes - HeaderBytes, SegmentBytes - 20, SegmentBytes - 1,
        }.Concat(Enumerable.Range(0, 12).Select(_ => random.Next(SegmentBytes))).Distinct();
    }

    private static int TailRecords => Records - (2 * (SegmentBytes - (2 * HeaderBytes)) / RecordBytes);

    // Every third record is no publish.
    private static RecordKind KindOf(long offset) => offset % 3 == 1 ? RecordKind.Session : RecordKind.Publish;

    private static async Task CheckAsync(bool closedCleanly, string what, int from, int to, Func<byte[], byte[]> harm)
    {
        using var folder = new TemporaryFolder();
        JournalOptions options = Journals.Small(folder.FullName, SegmentBytes);
        string[] payloads = Journals.Numbered(Records);
        await using (RecordJournal writer = Journals.Open(options))
        {
            for (int i = 0; i < Records; i++)
                writer.Append(payloads[i], KindOf(i));
        }

        string file = Journals.SegmentFiles(folder.FullName)[^1];
        int tailFrom = (int)Journals.FirstOffset(file);
        File.WriteAllBytes(file, harm(File.ReadAllBytes(file)));
        if (!closedCleanly)
            Journals.ForgetDurableMark(folder.FullName);

        long next;
        await using (RecordJournal journal = Journals.Open(options))
        {
            next = journal.TailOffset;
            (Dictionary<long, string> found, long lostPublishes) = ReadAround(journal);
            foreach ((long offset, string payload) in found)
                Assert.True(payload == payloads[offset], $"{what}: another payload at {offset}");

            for (int i = 0; i < Records; i++)
            {
                int begin = i < tailFrom ? -1 : HeaderBytes + ((i - tailFrom) * RecordBytes);
                bool touched = i >= tailFrom && begin < to && begin + RecordBytes > from;
                // With header and copy gone, nobody can tell a record from noise.
                bool saltGone = i >= tailFrom && from < HeaderBytes && to > SegmentBytes - HeaderBytes;
                Assert.True(touched || saltGone || found.ContainsKey(i), $"{what}: record {i} is not touched, and lost");
            }

            if (closedCleanly)
                Assert.True(next == Records, $"{what}: the next offset is {next}");

            int publishes = Enumerable.Range(0, (int)next).Count(i => KindOf(i) == RecordKind.Publish);
            Assert.True(journal.DurablePublishes == (next, publishes), $"{what}: {journal.DurablePublishes} publishes, not {publishes}");
            Assert.Equal(publishes, lostPublishes + found.Keys.Count(i => KindOf(i) == RecordKind.Publish));

            Assert.Equal(next, journal.Append("new"));
            await journal.WaitForDurableAsync(next, TestContext.Current.CancellationToken);
        }

        // What was found once stays so.
        await using RecordJournal again = Journals.Open(options);
        Assert.Equal((next + 1, "new"), (again.TailOffset, ReadAround(again).Found[next]));
    }

    private static (Dictionary<long, string> Found, long LostPublishes) ReadAround(RecordJournal journal)
    {
        var found = new Dictionary<long, string>();
        long lost = 0;
        for (long from = journal.FirstOffset; ;)
        {
            using JournalReader reader = journal.OpenReader(from);
            try
            {
                while (reader.TryRead(out JournalRecord record))
                {
                    Assert.Equal("header"u8, record.Header);
                    found.Add(record.Offset, Encoding.UTF8.GetString(record.Payload));
                }

                return (found, lost);
            }
            catch (JournalCorruptException damage)
            {
                Assert.True(damage.ResumeOffset > damage.Offset && damage.Offset >= from);
                lost += damage.LostPublishCount;
                from = damage.ResumeOffset;
            }
        }
    }
}
