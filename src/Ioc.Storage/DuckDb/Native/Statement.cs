using System.Text;

namespace Ioc.Storage.DuckDb.Native;

/// <summary>A prepared statement. Parameters count from 1.</summary>
internal sealed class Statement(StatementHandle handle, string sql) : IDisposable
{
    public Statement Bind(int parameter, long value)
    {
        Check(NativeMethods.BindInt64(handle, (ulong)parameter, value), parameter);
        return this;
    }

    /// <summary>Binds text; any character is allowed, NUL included.</summary>
    public unsafe Statement Bind(int parameter, string value)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(value);
        fixed (byte* bytes = utf8)
        {
            // An empty array pins to null, which DuckDB takes for SQL's NULL.
            byte none = 0;
            Check(NativeMethods.BindVarcharLength(handle, (ulong)parameter, bytes is null ? &none : bytes, (ulong)utf8.Length), parameter);
        }

        return this;
    }

    /// <summary>Binds a TIMESTAMP.</summary>
    public Statement BindTimestamp(int parameter, long micros)
    {
        Check(NativeMethods.BindTimestamp(handle, (ulong)parameter, micros), parameter);
        return this;
    }

    public QueryResult Execute()
    {
        if (NativeMethods.ExecutePrepared(handle, out NativeMethods.NativeResult result) == 0)
            return new QueryResult(result);

        var failure = DuckDbException.From($"run \"{sql}\"", NativeMethods.ResultError(ref result));
        NativeMethods.DestroyResult(ref result);
        throw failure;
    }

    public void Dispose() => handle.Dispose();

    private void Check(int state, int parameter)
    {
        if (state != 0)
            throw DuckDbException.From($"bind parameter {parameter} of \"{sql}\"", NativeMethods.PrepareError(handle));
    }
}
