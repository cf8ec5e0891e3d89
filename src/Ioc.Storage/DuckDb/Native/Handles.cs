using Microsoft.Win32.SafeHandles;

namespace Ioc.Storage.DuckDb.Native;

/// <summary>An open database file. The file stays locked until this and every connection are closed.</summary>
internal sealed class DatabaseHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.Close(ref handle);
        return true;
    }
}

/// <summary>A connection; closing it rolls back what is open.</summary>
internal sealed class ConnectionHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.Disconnect(ref handle);
        return true;
    }
}

/// <summary>A prepared statement; also holds the error of one that could not be prepared.</summary>
internal sealed class StatementHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.DestroyPrepare(ref handle);
        return true;
    }
}

/// <summary>An appender; also holds the error of one that could not be made.</summary>
internal sealed class AppenderHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    // Destroying flushes once more and tells whether that failed; whoever cares has flushed before.
    protected override bool ReleaseHandle()
    {
        _ = NativeMethods.AppenderDestroy(ref handle);
        return true;
    }
}

/// <summary>A run of up to <c>duckdb_vector_size</c> rows as columns.</summary>
internal sealed class ChunkHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public ChunkHandle(nint chunk)
        : base(ownsHandle: true) => SetHandle(chunk);

    protected override bool ReleaseHandle()
    {
        NativeMethods.DestroyDataChunk(ref handle);
        return true;
    }
}
