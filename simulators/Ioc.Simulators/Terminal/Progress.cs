using System.Globalization;
using Ioc.Simulators.Connections;
using Spectre.Console;

namespace Ioc.Simulators.Terminal;

/// <summary>Shows how a run goes: one changing line on a terminal, a plain line now and then in a file or pipe.</summary>
internal static class Progress
{
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan InFile = TimeSpan.FromSeconds(10);

    /// <summary>Runs <paramref name="work"/> and reports until it ends.</summary>
    public static async Task WhileAsync(Task work, LinkCounters counters, long? wanted)
    {
        if (Console.IsOutputRedirected)
        {
            await ReportAsync(work, InFile, () => Console.Out.WriteLine(Describe(counters, wanted)));
            return;
        }

        await AnsiConsole.Status().StartAsync(Markup.Escape(Describe(counters, wanted)), context =>
            ReportAsync(work, OnTerminal, () => context.Status(Markup.Escape(Describe(counters, wanted)))));
    }

    public static string Describe(LinkCounters counters, long? wanted)
    {
        string of = wanted is { } count ? string.Create(CultureInfo.InvariantCulture, $" of {count}") : "";
        string line = string.Create(CultureInfo.InvariantCulture,
            $"{counters.Connected} connections, sent {counters.Sent}{of}, acknowledged {counters.Acknowledged}");
        if (counters.Resent > 0)
            line += string.Create(CultureInfo.InvariantCulture, $", sent again {counters.Resent}");
        if (counters.Refused > 0)
            line += string.Create(CultureInfo.InvariantCulture, $", refused {counters.Refused}");
        if (counters.Dropped > 0)
            line += string.Create(CultureInfo.InvariantCulture, $", dropped {counters.Dropped}");

        return counters.LastProblem is { } problem ? $"{line}; last problem: {problem}" : line;
    }

    private static async Task ReportAsync(Task work, TimeSpan every, Action report)
    {
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(every));
            report();
        }

        await work;
    }
}
