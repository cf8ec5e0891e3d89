namespace Ioc.Storage.DuckDb.Native;

/// <summary>Adds rows to a table by whole chunks of columns: fill the columns, add, repeat, then flush before COMMIT.</summary>
/// <remarks>After an error it can only be disposed, and the transaction rolled back.</remarks>
internal sealed class Appender : IDisposable
{
    private readonly AppenderHandle _handle;
    private readonly ChunkHandle _chunk;
    private readonly string _table;

    public unsafe Appender(AppenderHandle handle, string table, ReadOnlySpan<ColumnType> columns)
    {
        _handle = handle;
        _table = table;
        Span<nint> types = stackalloc nint[columns.Length];
        for (int i = 0; i < columns.Length; i++)
            types[i] = NativeMethods.CreateLogicalType(columns[i]);

        fixed (nint* first = types)
            _chunk = new ChunkHandle(NativeMethods.CreateDataChunk(first, (ulong)columns.Length));

        foreach (ref nint type in types)
            NativeMethods.DestroyLogicalType(ref type);
    }

    /// <summary>Most rows of one chunk.</summary>
    public static int ChunkRows { get; } = (int)NativeMethods.VectorSize();

    /// <summary>The place of a column's values in the present chunk; dead after <see cref="Add"/>.</summary>
    public unsafe Span<T> Column<T>(int column)
        where T : unmanaged =>
        new(NativeMethods.VectorGetData(NativeMethods.DataChunkGetVector(_chunk, (ulong)column)), ChunkRows);

    /// <summary>Adds the first rows of the present chunk and empties it.</summary>
    public void Add(int rowCount)
    {
        NativeMethods.DataChunkSetSize(_chunk, (ulong)rowCount);
        Check(NativeMethods.AppendDataChunk(_handle, _chunk));
        NativeMethods.DataChunkReset(_chunk);
    }

    public void Flush() => Check(NativeMethods.AppenderFlush(_handle));

    public void Dispose()
    {
        _chunk.Dispose();
        _handle.Dispose();
    }

    private void Check(int state)
    {
        if (state != 0)
            throw DuckDbException.From($"append to {_table}", NativeMethods.AppenderError(_handle));
    }
}
