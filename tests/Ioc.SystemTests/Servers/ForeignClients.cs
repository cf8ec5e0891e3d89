using System.Diagnostics;
using Xunit;

namespace Ioc.SystemTests.Servers;

/// <summary>Clients that we did not write: mqtt.js out of npm, by lock file.</summary>
internal static class ForeignClients
{
    private static readonly SemaphoreSlim Installing = new(1);

    private static string Folder => Path.Combine(Programs.Root(), "tests", "Ioc.SystemTests", "Foreign");

    /// <summary>The publishing script, with its packages in place.</summary>
    public static Task<string> PublisherAsync() => ScriptAsync("publish.mjs");

    /// <summary>The subscribing script, likewise.</summary>
    public static Task<string> SubscriberAsync() => ScriptAsync("subscribe.mjs");

    private static async Task<string> ScriptAsync(string script)
    {
        Programs.Need("node");
        await Installing.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!Directory.Exists(Path.Combine(Folder, "node_modules", "mqtt")))
                await Programs.RunAsync("npm", ["ci", "--prefix", Folder, "--no-audit", "--no-fund", "--loglevel=error"]);
        }
        finally
        {
            Installing.Release();
        }

        return Path.Combine(Folder, script);
    }

    public static ForeignClient Start(string script, params string[] arguments) =>
        new(Process.Start(new ProcessStartInfo("node", [script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!);
}
