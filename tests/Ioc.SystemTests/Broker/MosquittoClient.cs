using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Ioc.SystemTests.Broker;

/// <summary>Runs mosquitto_pub and mosquitto_sub: clients that know nothing of our codec.</summary>
internal static class MosquittoClient
{
    /// <summary>Skips the test, by name and with the reason, where the program is not installed.</summary>
    public static void SkipUnlessInstalled()
    {
        bool installed = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "mosquitto_pub")));
        Assert.SkipUnless(installed, "mosquitto_pub is not installed (Debian package mosquitto-clients)");
    }

    /// <summary>Starts a program; it is killed when the result is disposed.</summary>
    public static RunningClient Start(string program, int port, string version, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        string[] all = ["-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-V", version, .. arguments];
        foreach (string argument in all)
            start.ArgumentList.Add(argument);

        return new RunningClient(Process.Start(start)!);
    }

    /// <summary>Publishes one message and waits for the program, which at QoS 1 waits for the PUBACK.</summary>
    public static async Task<(int ExitCode, string Errors)> PublishAsync(int port, string version, params string[] arguments)
    {
        using RunningClient client = Start("mosquitto_pub", port, version, arguments);
        return await client.WaitAsync();
    }
}

/// <summary>A foreign client at work.</summary>
internal sealed class RunningClient(Process process) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public StreamWriter Input => process.StandardInput;

    /// <summary>The next line it prints.</summary>
    public async Task<string?> ReadLineAsync() =>
        await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);

    public async Task<(int ExitCode, string Errors)> WaitAsync()
    {
        string errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        return (process.ExitCode, errors);
    }

    /// <summary>Ends it without a word to the broker.</summary>
    public void Kill() => process.Kill();

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }
}
