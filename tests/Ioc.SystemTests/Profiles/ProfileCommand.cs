using System.Diagnostics;
using Ioc.SystemTests.Servers;
using Xunit;

namespace Ioc.SystemTests.Profiles;

/// <summary><c>ioc profile …</c> as a person runs it: a process of its own in an empty folder.</summary>
internal static class ProfileCommand
{
    public static string Shipped => Path.Combine(Programs.Root(), "firmware-profiles");

    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string folder, byte[]? input, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [Programs.Server, "profile", .. words])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        using Process process = Process.Start(start)!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(120));
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.StandardInput.BaseStream.WriteAsync(input ?? [], patience.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
