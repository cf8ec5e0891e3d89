using System.Diagnostics;
using Ioc.Storage.DuckDb;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Storage;

/// <summary>A disk that is really full: a small tmpfs.</summary>
public sealed class FullDiskTests
{
    // How much is left decides what fails: the log of a commit, or the checkpoint after it.
    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    [InlineData(1_300)]
    [InlineData(2_500)]
    public async Task A_full_disk_is_named_and_nothing_is_lost_or_doubled_when_there_is_room_again(int freeKilobytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "mounting a small tmpfs needs root on Linux");
        using var folder = new TemporaryFolder();
        if (await RunAsync("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder.FullName) != 0)
            Assert.Skip("this machine does not allow to mount a tmpfs");

        try
        {
            await FillAndFreeAsync(folder, freeKilobytes);
        }
        finally
        {
            await RunAsync("umount", "-l", folder.FullName);
        }
    }

    private static async Task FillAndFreeAsync(TemporaryFolder folder, int freeKilobytes)
    {
        var world = new StoreWorld();
        world.Options.DuckDb.CheckpointMebibytes = 1;
        CancellationToken token = TestContext.Current.CancellationToken;
        string ballast = folder.File("ballast");
        long offset = 0;
        await using (DuckDbReadingStore store = await world.OpenDuckDbAsync(folder.File("readings.duckdb")))
        {
            await store.ConsumeAsync(world.Batch(0, 1_000), token);
            await StoreWorld.SettleAsync(store);
            offset = 1_000;
            await FillAsync(ballast, freeKilobytes);

            while (store.Fault is null && offset < 2_000_000)
            {
                await store.ConsumeAsync(world.Batch(offset, 5_000), token).AsTask().WaitAsync(TimeSpan.FromSeconds(60), token);
                offset += 5_000;
                long taken = offset;
                await Wait.UntilAsync(() => store.Fault is not null || store.Balance.NextOffset == taken);
            }

            Assert.NotNull(store.Fault);
            Assert.Matches("(?i)space|disk|write", store.Fault);
            Assert.True(store.Balance.NextOffset < offset);
            Assert.Equal(store.Balance.NextOffset, store.Balance.Stored);

            // What is stored stays readable while nothing can be written.
            Assert.Equal(store.Balance.Stored, (await world.ReadAllAsync(store)).Count);
            TestContext.Current.SendDiagnosticMessage($"{store.Balance.NextOffset} of {offset} stored: {store.Fault}");

            File.Delete(ballast);
            await StoreWorld.SettleAsync(store);
            Assert.Null(store.Fault);
            Assert.Equal((offset, offset), (store.Balance.NextOffset, store.Balance.Stored));
        }

        await using DuckDbReadingStore reopened = await world.OpenDuckDbAsync(folder.File("readings.duckdb"));
        Assert.Equal((offset, offset), (reopened.NextOffset, reopened.Balance.Stored));
        Assert.Equal(Enumerable.Range(0, (int)offset).Select(i => (double)i), (await world.ReadAllAsync(reopened)).Select(reading => reading.Value));
    }

    private static async Task FillAsync(string path, int freeKilobytes)
    {
        await using FileStream file = File.Create(path);
        byte[] block = new byte[16 * 1024];
        try
        {
            while (true)
            {
                await file.WriteAsync(block);
                await file.FlushAsync();
            }
        }
        catch (IOException)
        {
            // Full, as intended.
        }

        file.SetLength(Math.Max(0, file.Length - (freeKilobytes * 1_024L)));
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
