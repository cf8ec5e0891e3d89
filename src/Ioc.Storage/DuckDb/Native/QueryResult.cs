using System.Text;

namespace Ioc.Storage.DuckDb.Native;

/// <summary>Rows of an answer, a chunk of columns at a time. Spans are dead once the next chunk is asked for.</summary>
/// <remarks>Reading a column with another width than its type's is not noticed: queries cast to the type their reader expects. NULL is not told apart; queries give none.</remarks>
internal sealed class QueryResult(NativeMethods.NativeResult result) : IDisposable
{
    private NativeMethods.NativeResult _result = result;
    private ChunkHandle? _chunk;

    /// <summary>Rows of the present chunk.</summary>
    public int RowCount { get; private set; }

    /// <summary>Moves to the next chunk; false after the last.</summary>
    public bool Next()
    {
        _chunk?.Dispose();
        _chunk = null;
        nint next = NativeMethods.FetchChunk(_result);
        if (next == 0)
            return false;

        _chunk = new ChunkHandle(next);
        RowCount = (int)NativeMethods.DataChunkGetSize(_chunk);
        return RowCount > 0;
    }

    public unsafe ReadOnlySpan<T> Column<T>(int column)
        where T : unmanaged =>
        new(NativeMethods.VectorGetData(NativeMethods.DataChunkGetVector(_chunk!, (ulong)column)), RowCount);

    public unsafe string Text(int column, int row)
    {
        // duckdb_string_t: 16 bytes; 32-bit length, then 12 bytes inline, or a prefix of 4 and a pointer.
        byte* entry = (byte*)NativeMethods.VectorGetData(NativeMethods.DataChunkGetVector(_chunk!, (ulong)column)) + (row * 16);
        int length = *(int*)entry;
        byte* text = length <= 12 ? entry + 4 : *(byte**)(entry + 8);
        return Encoding.UTF8.GetString(text, length);
    }

    public void Dispose()
    {
        _chunk?.Dispose();
        NativeMethods.DestroyResult(ref _result);
    }
}
