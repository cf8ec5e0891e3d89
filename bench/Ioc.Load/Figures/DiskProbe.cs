using System.Diagnostics;

namespace Ioc.Load.Figures;

/// <summary>How long the disk itself takes to make 4 KB durable, measured beside the load: the floor of any acknowledgement that waits for it.</summary>
internal sealed class DiskProbe(string folder)
{
    private const int Bytes = 4096;
    private const long FileBytes = 64L << 20;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    public LatencyHistogram Latency { get; } = new();

    public async Task RunAsync(CancellationToken ct)
    {
        string path = Path.Combine(folder, $"disk-probe-{Environment.ProcessId}");
        using var timer = new PeriodicTimer(Period);
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.DeleteOnClose, FileBytes);
        byte[] block = new byte[Bytes];
        try
        {
            for (long at = 0; await timer.WaitForNextTickAsync(ct); at = (at + Bytes) % FileBytes)
            {
                long started = Stopwatch.GetTimestamp();
                RandomAccess.Write(file, block, at);
                RandomAccess.FlushToDisk(file);
                Latency.Record(Stopwatch.GetElapsedTime(started));
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The load is over.
        }
    }
}
