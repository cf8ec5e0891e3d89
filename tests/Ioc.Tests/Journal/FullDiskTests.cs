using System.Diagnostics;
using Ioc.Journal;
using Ioc.Testing;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Journal;

public class FullDiskTests
{
    [Fact]
    public async Task A_full_disk_refuses_before_anything_accepted_is_lost_and_service_returns_with_space()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Mounting a small file system takes root on Linux.");
        using var folder = new TemporaryFolder();
        string mount = Directory.CreateDirectory(folder.File("disk")).FullName;
        Run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", mount);
        try
        {
            await FillAndFreeAsync(mount);
        }
        finally
        {
            Run("umount", mount);
        }
    }

    private static async Task FillAndFreeAsync(string mount)
    {
        string ballast = Path.Combine(mount, "ballast");
        File.WriteAllBytes(ballast, new byte[100 << 10]);
        var clock = new FakeClock();
        JournalOptions options = Journals.Small(Path.Combine(mount, "journal"), segmentBytes: 32 << 10);
        var taken = new List<string>();
        await using (RecordJournal journal = Journals.Open(options, clock))
        {
            foreach (string payload in Journals.Numbered(2000))
            {
                if (journal.TryAppend(payload, out _) is AppendOutcome outcome and not AppendOutcome.Appended)
                {
                    Assert.Equal(AppendOutcome.Unavailable, outcome);
                    break;
                }

                taken.Add(payload);
            }

            Assert.InRange(taken.Count, 400, 1200);
            Assert.Equal(JournalState.DiskFull, journal.State);
            await journal.WaitForDurableAsync(taken.Count - 1, TestContext.Current.CancellationToken);
            Assert.Equal(taken, journal.ReadPayloads());

            // Not tried at every append: space alone does not change the answer until some time has gone by.
            File.Delete(ballast);
            Assert.Equal(AppendOutcome.Unavailable, journal.TryAppend("x".PadRight(200), out _));
            clock.Advance(Duration.FromSeconds(1));
            Assert.Equal(taken.Count, journal.Append("room again".PadRight(200)));
            taken.Add("room again".PadRight(200));
        }

        await using RecordJournal again = Journals.Open(options, clock);
        Assert.Equal(taken, again.ReadPayloads());
    }

    [Fact]
    public async Task The_disk_counts_as_full_when_only_the_reserve_is_left()
    {
        using var folder = new TemporaryFolder();
        JournalOptions options = Journals.Small(folder.FullName);
        options.ReservedFreeBytes = long.MaxValue;
        await using RecordJournal journal = Journals.Open(options);

        Assert.Equal(AppendOutcome.Unavailable, journal.TryAppend("a", out _));
        Assert.Equal(JournalState.DiskFull, journal.State);
        Assert.Empty(Journals.SegmentFiles(folder.FullName));
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
