using System.Diagnostics;
using System.Globalization;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Durability;

/// <summary>A disk that is really full: a small file system of the test's own.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task With_a_full_disk_publishers_are_refused_and_everything_acknowledged_is_there_when_space_returns()
    {
        Programs.Need("mosquitto_pub");
        Assert.SkipUnless(Environment.UserName == "root", "mounting a small file system needs root");
        string client = await ForeignClients.PublisherAsync();
        using var folder = new TemporaryFolder();
        string disk = Directory.CreateDirectory(folder.File("disk")).FullName;
        Assert.SkipUnless(await TryMountAsync(disk), "a tmpfs cannot be mounted here");
        try
        {
            string ballast = Path.Combine(disk, "ballast");
            await using (IocProcess server = await IocProcess.StartAsync(disk, 0, "--Journal:SegmentBytes", "1048576", "--Journal:BufferBytes", "1048576", "--Journal:MaxRecordBytes", "524288", "--Journal:ReservedFreeBytes", "0"))
            {
                // Leave room for a few segments only; the publisher then runs into the wall and waits before it.
                long free = new DriveInfo(disk).AvailableFreeSpace;
                await using (FileStream file = File.Create(ballast))
                    file.SetLength(0);
                await Programs.RunAsync("fallocate", ["-l", (free - (6 << 20)).ToString(CultureInfo.InvariantCulture), ballast]);

                using Process publisher = ForeignClients.Start(client, "--port", server.MqttPort.ToString(CultureInfo.InvariantCulture), "--count", "60000", "--devices", "40", "--version", "4");
                Task<string> told = publisher.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
                try
                {
                    await Wait.UntilAsync(async () => !(await server.Web.GetAsync("/health/ready")).IsSuccessStatusCode, 60, "the server says that it is not ready");
                    File.Delete(ballast);
                    Assert.Contains("acknowledged 60000", await told, StringComparison.Ordinal);
                }
                finally
                {
                    if (!publisher.HasExited)
                        publisher.Kill();
                }

                Balance balance = await server.SettledAsync(60_000, 120);
                Assert.Equal(60_000, balance.Stored);
                Assert.Equal(0, balance.Difference);
            }
        }
        finally
        {
            await Programs.RunAsync("umount", ["-l", disk]);
        }
    }

    private static async Task<bool> TryMountAsync(string folder)
    {
        try
        {
            await Programs.RunAsync("mount", ["-t", "tmpfs", "-o", "size=256m", "tmpfs", folder]);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
