using System.Buffers;
using System.Text;
using Ioc.Journal.Recovery;
using Ioc.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Ioc.Tests.Journal;

public class SnapshotFileTests
{
    [Fact]
    public void What_was_written_last_is_read_and_records_from_the_one_before_it_are_retained()
    {
        using var folder = new TemporaryFolder();
        SnapshotFile file = Open(folder, "state/sessions");
        Assert.Null(file.Read());
        Assert.Equal(0, file.RetainFrom);

        Write(file, 10, "first");
        Assert.Equal(10, file.RetainFrom);
        Write(file, 25, "second, longer than the first");
        Assert.Equal(10, file.RetainFrom);
        Write(file, 40, "third");
        Assert.Equal(25, file.RetainFrom);

        SnapshotFile again = Open(folder, "state/sessions");
        AssertIs(40, "third", again.Read());
        Assert.Equal(25, again.RetainFrom);
    }

    [Fact]
    public void Bytes_in_several_segments_and_none_at_all_come_back_whole()
    {
        using var folder = new TemporaryFolder();
        SnapshotFile file = Open(folder);
        byte[] bytes = new byte[100_003];
        new Random(1).NextBytes(bytes);
        file.Write(7, Segments.OneByteEach(bytes.AsSpan(0, 2_001).ToArray()));
        Assert.Equal(bytes[..2_001], Open(folder).Read()!.Bytes.ToArray());

        file.Write(8, new ReadOnlySequence<byte>(bytes));
        Assert.Equal(bytes, Open(folder).Read()!.Bytes.ToArray());

        file.Write(9, ReadOnlySequence<byte>.Empty);
        Assert.Empty(Open(folder).Read()!.Bytes.ToArray());
    }

    [Fact]
    public void A_flipped_bit_or_a_cut_anywhere_makes_the_start_fall_back_to_the_one_before()
    {
        using var written = new TemporaryFolder();
        SnapshotFile writer = Open(written);
        Write(writer, 10, "older");
        Write(writer, 20, "newer");
        byte[] whole = File.ReadAllBytes(written.File("snapshot"));
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] flipped = [.. whole];
            flipped[at] ^= 0x20;
            FallsBack(written, flipped);
            FallsBack(written, whole[..at]);
        }
    }

    [Fact]
    public void A_damaged_file_never_takes_the_place_of_the_fall_back()
    {
        using var folder = new TemporaryFolder();
        SnapshotFile file = Open(folder);
        Write(file, 10, "older");
        Write(file, 20, "newer");
        File.WriteAllBytes(folder.File("snapshot"), [1, 2, 3]);

        SnapshotFile second = Open(folder);
        AssertIs(10, "older", second.Read());
        Write(second, 30, "newest");
        Assert.Equal(10, second.RetainFrom);
        File.WriteAllBytes(folder.File("snapshot"), []);
        AssertIs(10, "older", Open(folder).Read());
    }

    [Fact]
    public void A_crash_at_any_step_of_writing_leaves_a_whole_one()
    {
        foreach (string[] names in (string[][])[["snapshot.new"], ["snapshot", "snapshot.new"], ["snapshot.previous", "snapshot.new"], ["snapshot.previous", "snapshot", "snapshot.new"]])
        {
            using var folder = new TemporaryFolder();
            for (int i = 0; i < names.Length; i++)
            {
                using var elsewhere = new TemporaryFolder();
                Write(Open(elsewhere), 10 * (i + 1), $"number {i}");
                File.Copy(elsewhere.File("snapshot"), folder.File(names[i]));
            }

            int last = names.Length - 1;
            SnapshotFile file = Open(folder);
            AssertIs(10 * (last + 1), $"number {last}", file.Read());
            Assert.Equal(Math.Max(10, 10 * last), file.RetainFrom);

            // What was found under the wrong name has its own now: writing on does not lose it.
            File.WriteAllText(folder.File("snapshot.new"), "half of the next");
            AssertIs(10 * (last + 1), $"number {last}", Open(folder).Read());
        }
    }

    [Fact]
    public void Hostile_bytes_are_no_snapshot()
    {
        var random = new Random(5);
        using var folder = new TemporaryFolder();
        for (int round = 0; round < 200; round++)
        {
            byte[] bytes = new byte[random.Next(0, 80)];
            random.NextBytes(bytes);
            "IOCSNAP\0\u0001\0"u8[..Math.Min(10, bytes.Length)].CopyTo(bytes);
            foreach (string name in (string[])["snapshot", "snapshot.previous", "snapshot.new"])
                File.WriteAllBytes(folder.File(name), bytes);

            Assert.Null(Open(folder).Read());
        }
    }

    [Fact]
    public void One_log_line_says_what_was_found()
    {
        using var folder = new TemporaryFolder();
        var log = new LineLog();
        var file = new SnapshotFile(folder.File("snapshot"), log);
        file.Read();
        Write(file, 10, "older");
        Write(file, 20, "newer");
        file.Read();
        File.WriteAllBytes(folder.File("snapshot"), [1]);
        file.Read();
        File.WriteAllBytes(folder.File("snapshot.previous"), [1]);
        file.Read();
        (LogLevel, string)[] expected =
        [
            (LogLevel.Information, "none yet"),
            (LogLevel.Information, "5 bytes, journal offset 20"),
            (LogLevel.Error, "5 bytes, journal offset 10; damaged and passed over: snapshot"),
            (LogLevel.Error, "none is whole, damaged are snapshot, snapshot.previous"),
        ];
        Assert.Equal(expected.Length, log.Lines.Count);
        foreach (((LogLevel level, string text), (LogLevel Level, string Text) line) in expected.Zip(log.Lines))
        {
            Assert.Equal(level, line.Level);
            Assert.Contains(text, line.Text, StringComparison.Ordinal);
        }
    }

    private static SnapshotFile Open(TemporaryFolder folder, string name = "snapshot") => new(folder.File(name), NullLogger.Instance);

    private static void Write(SnapshotFile file, long offset, string text) =>
        file.Write(offset, new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(text)));

    private static void AssertIs(long offset, string text, Snapshot? snapshot) =>
        Assert.Equal((offset, text), (snapshot!.Offset, Encoding.UTF8.GetString(snapshot.Bytes.Span)));

    private static void FallsBack(TemporaryFolder folder, byte[] damaged)
    {
        File.WriteAllBytes(folder.File("snapshot"), damaged);
        AssertIs(10, "older", Open(folder).Read());
    }
}
