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
        string[] calls = await TraceAsync(server => PublishAsync(server, "-q", "1"));

        InThisOrder(calls, Written("flush-first"), Sent(@"\x40\x02\x00\x01"));
    }

    // The client may use the packet id again once it has PUBCOMP, so that it is free must be on the disk by then.
    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task At_QoS_2_the_flush_of_the_message_returns_before_PUBREC_and_the_flush_of_its_release_before_PUBCOMP(string version)
    {
        string[] calls = await TraceAsync(server => PublishAsync(server, ["-q", "2", "-V", version, "-c", "-i", "traced", .. (version == "mqttv5" ? (string[])["-x", "60"] : [])]));

        InThisOrder(calls, Written("flush-first"), Sent(@"\x50\x02\x00\x01"));
        // A session event: layout 1, kind 6 "released", client id, packet id 1.
        InThisOrder(calls, Written("\u0001\u0006\u0006\0traced\u0001\0"), Sent(@"\x70\x02\x00\x01"));
    }

    private static async Task<string[]> TraceAsync(Func<IocProcess, Task> act)
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
            await act(server);
        }
        finally
        {
            using Process kill = Process.Start("kill", ["-INT", strace.Id.ToString(CultureInfo.InvariantCulture)]);
            await strace.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        return await File.ReadAllLinesAsync(trace, TestContext.Current.CancellationToken);
    }

    private static Task PublishAsync(IocProcess server, params string[] arguments) =>
        Programs.RunAsync("mosquitto_pub", ["-p", server.MqttPort.ToString(CultureInfo.InvariantCulture), .. arguments, "-t", "tele/traced/SENSOR", "-m", "{\"marker\":\"flush-first\"}"]);

    private static void InThisOrder(string[] calls, Predicate<string> write, Predicate<string> send)
    {
        int written = Array.FindIndex(calls, write);
        Assert.True(written >= 0, "no write of the record was traced");
        int flushed = Array.FindIndex(calls, written + 1, FlushReturned().IsMatch);
        Assert.True(flushed >= 0, "no flush returned after the record was written");
        int acknowledged = Array.FindIndex(calls, send);
        Assert.True(acknowledged >= 0, "no acknowledgement was traced");
        Assert.True(flushed < acknowledged, $"The acknowledgement (line {acknowledged}) was sent before the flush returned (line {flushed})");
    }

    private static Predicate<string> Written(string marker)
    {
        string hex = Hex(marker);
        return call => call.Contains("pwrite", StringComparison.Ordinal) && call.Contains(hex, StringComparison.Ordinal);
    }

    // The whole of what is sent: packet type, length 2, packet id 1.
    private static Predicate<string> Sent(string packet) =>
        call => call.Contains("send", StringComparison.Ordinal) && call.Contains(packet, StringComparison.Ordinal);

    private static string Hex(string text) => string.Concat(text.Select(letter => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)letter:x2}")));

    private static bool IsAttached(int processId) =>
        Directory.EnumerateDirectories($"/proc/{processId}/task").All(task => !File.ReadAllText(Path.Combine(task, "status")).Contains("TracerPid:\t0\n", StringComparison.Ordinal));

    // A call that another thread's interrupted is printed in two halves; the second says that it returned.
    [GeneratedRegex(@"(fsync|fdatasync)(\(| resumed).*= 0")]
    private static partial Regex FlushReturned();
}
