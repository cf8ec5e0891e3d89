using System.Globalization;
using Ioc.Load.Figures;

namespace Ioc.Load.Watching;

/// <summary>How the server stands at one moment of a soak.</summary>
/// <param name="Seconds">Since the watch began.</param>
/// <param name="ResidentMegabytes">Memory of the process.</param>
/// <param name="HeapMegabytes">Managed heap after the last collection, without its holes.</param>
/// <param name="Handles">Open files and sockets.</param>
/// <param name="JournalMegabytes">Segments kept on disk.</param>
/// <param name="Lag">Messages in the journal that the store has not dealt with.</param>
/// <param name="Received">Messages since the server began.</param>
/// <param name="CpuSeconds">Of the process since it began.</param>
internal readonly record struct Sample(
    double Seconds, double ResidentMegabytes, double HeapMegabytes, int Handles, double JournalMegabytes, long Lag, long Received, double CpuSeconds)
{
    public const string Header = "seconds,rss_mb,heap_mb,handles,journal_mb,lag,received,cpu_s";

    public static Sample Of(TimeSpan at, ProcessFigures process, string metrics, long lag, long received) => new(
        at.TotalSeconds,
        process.ResidentBytes / 1e6,
        (ServerFigures.ValueOf(metrics, "dotnet_gc_last_collection_heap_size_bytes") - ServerFigures.ValueOf(metrics, "dotnet_gc_last_collection_heap_fragmentation_size_bytes")) / 1e6,
        process.Descriptors,
        ServerFigures.ValueOf(metrics, "ioc_journal_kept_bytes") / 1e6,
        lag, received, process.CpuSeconds);

    public string ToCsv() => string.Create(CultureInfo.InvariantCulture,
        $"{Seconds:0},{ResidentMegabytes:0.0},{HeapMegabytes:0.0},{Handles},{JournalMegabytes:0.0},{Lag},{Received},{CpuSeconds:0.00}");
}
