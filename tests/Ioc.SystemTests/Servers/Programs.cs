using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace Ioc.SystemTests.Servers;

/// <summary>Where programs are: ours as built beside the tests, others on the PATH.</summary>
internal static class Programs
{
    public static string Server => Built("src", "Ioc.Server", "ioc.dll");

    public static string Simulator => Built("simulators", "Ioc.Simulators", "ioc-sim.dll");

    public static string Load => Built("bench", "Ioc.Load", "ioc-load.dll");

    /// <summary>Skips the test, by name and with the reason, when a program is not installed.</summary>
    public static void Need(string program) =>
        Assert.SkipUnless(Find(program) is not null, $"{program} is not installed");

    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, string? input = null, int seconds = 120)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = input is not null };
        using Process process = Process.Start(start)!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(seconds));
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
            if (input is not null)
            {
                await process.StandardInput.WriteAsync(input.AsMemory(), patience.Token);
                process.StandardInput.Close();
            }

            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await output}{await errors}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static string Built(string top, string project, string file)
    {
        // …/tests/Ioc.SystemTests/bin/<configuration>/<framework>/
        var framework = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(Root(), top, project, "bin", framework.Parent!.Name, framework.Name, file);
    }

    public static string Root([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
}
