using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Durability;

/// <summary>SIGKILL leaves the page cache alive, so it cannot show that a flush came first. A trace of the system calls can.</summary>
public sealed partial class FlushOrderTests
{
    [Fact]
    public async Task The_flush_of_a_record_returns_before_its_PUBACK_is_sent()
    {
        Programs.Need("strace");
        Programs.Need("mosquitto_pub");
        using var folder = new TemporaryFolder();
        await using IocProcess server = await IocProcess.StartAsync(folder.FullName);
        string trace = folder.File("trace.txt");
        using Process strace = Process.Start("strace",
            ["-f", "-y", "-xx", "-s", "4096", "-e", "trace=write,pwrite64,writev,pwritev,fsync,fdatasync,sendto,sendmsg", "-o", trace, "-p", server.ProcessId.ToString(CultureInfo.InvariantCulture)]);
        try
        {
            await Wait.UntilAsync(() => IsAttached(server.ProcessId), 20, "strace is attached");
            await Programs.RunAsync("mosquitto_pub", ["-p", server.MqttPort.ToString(CultureInfo.InvariantCulture), "-q", "1", "-t", "tele/traced/SENSOR", "-m", "{\"marker\":\"flush-before-puback\"}"]);
        }
        finally
        {
            using Process kill = Process.Start("kill", ["-INT", strace.Id.ToString(CultureInfo.InvariantCulture)]);
            await strace.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        string[] calls = await File.ReadAllLinesAsync(trace, TestContext.Current.CancellationToken);
        string marker = Hex("flush-before-puback");
        int written = Array.FindIndex(calls, call => call.Contains("pwrite", StringComparison.Ordinal) && call.Contains(marker, StringComparison.Ordinal));
        Assert.True(written >= 0, "no write of the record was traced");
        int flushed = Array.FindIndex(calls, written + 1, FlushReturned().IsMatch);
        Assert.True(flushed >= 0, "no flush returned after the record was written");

        // PUBACK of packet id 1: 40 02 00 01.
        string puback = @"\x40\x02\x00\x01";
        int acknowledged = Array.FindIndex(calls, call => call.Contains(puback, StringComparison.Ordinal) && call.Contains("send", StringComparison.Ordinal));
        Assert.True(acknowledged >= 0, "no PUBACK was traced");
        Assert.True(flushed < acknowledged, $"PUBACK (line {acknowledged}) was sent before the flush returned (line {flushed})");
    }

    private static string Hex(string text) => string.Concat(text.Select(letter => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)letter:x2}")));

    private static bool IsAttached(int processId) =>
        Directory.EnumerateDirectories($"/proc/{processId}/task").All(task => !File.ReadAllText(Path.Combine(task, "status")).Contains("TracerPid:\t0\n", StringComparison.Ordinal));

    // A call that another thread's interrupted is printed in two halves; the second says that it returned.
    [GeneratedRegex(@"(fsync|fdatasync)(\(| resumed).*= 0")]
    private static partial Regex FlushReturned();
}
