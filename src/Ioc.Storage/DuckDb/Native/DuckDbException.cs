using System.Runtime.InteropServices;

namespace Ioc.Storage.DuckDb.Native;

/// <summary>What DuckDB said, with what was being done.</summary>
internal sealed class DuckDbException(string message) : Exception(message)
{
    /// <summary>Makes one from DuckDB's own text.</summary>
    /// <param name="doing">What was tried: "open /data/readings.duckdb".</param>
    /// <param name="nativeText">UTF-8, owned by DuckDB; null when it gave none.</param>
    public static DuckDbException From(string doing, nint nativeText) =>
        new($"DuckDB could not {doing}: {Marshal.PtrToStringUTF8(nativeText) ?? "no reason given"}");
}
