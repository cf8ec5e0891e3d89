using System.Diagnostics;
using System.Globalization;
using Ioc.Simulators.Connections;

namespace Ioc.Simulators.Load;

/// <summary>Sends a counted number of messages at a pace and waits until the broker has acknowledged them.</summary>
internal sealed class LoadRun(LoadPlan plan, LoadMessages messages, Pace pace, LinkOptions options, LinkCounters counters)
{
    // Long enough that a slow pace costs no processor time, short enough that a fast one stays even.
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(5);

    /// <summary>How long sending and acknowledging took.</summary>
    public TimeSpan Elapsed { get; private set; }

    public async Task SendAsync(CancellationToken ct)
    {
        MqttLink[] links = [.. Enumerable.Range(1, plan.Connections).Select(n => new MqttLink(
            options, new LinkIdentity(string.Create(CultureInfo.InvariantCulture, $"ioc-sim-load-{Environment.ProcessId}-{n}")), counters))];
        Task[] running = [.. links.Select(link => link.RunAsync(ct))];
        var watch = Stopwatch.StartNew();
        try
        {
            await FillAsync(links, watch, ct);
            foreach (MqttLink link in links)
                link.Complete();
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // What was sent until now is told below.
        }

        await Task.WhenAll(running);
        Elapsed = watch.Elapsed;
        foreach (MqttLink link in links)
            await link.DisposeAsync();
    }

    private async Task FillAsync(MqttLink[] links, Stopwatch watch, CancellationToken ct)
    {
        for (long next = 0; next < plan.Count;)
        {
            long allowed = Math.Min(plan.Count, pace.AllowedAfter(watch.Elapsed));
            for (; next < allowed; next++)
                await links[plan.ConnectionOf(next)].SendAsync(messages.Of(next), ct);

            if (next < plan.Count)
                await Task.Delay(Breath, ct);
        }
    }
}
