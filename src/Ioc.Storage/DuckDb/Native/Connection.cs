namespace Ioc.Storage.DuckDb.Native;

/// <summary>One line to the database: one statement, and one transaction, at a time. Not thread-safe, but for <see cref="Interrupt"/>.</summary>
internal sealed class Connection(ConnectionHandle handle) : IDisposable
{
    /// <summary>Runs statements that answer nothing.</summary>
    public void Execute(string sql)
    {
        int state = NativeMethods.Query(handle, sql, out NativeMethods.NativeResult result);
        try
        {
            if (state != 0)
                throw DuckDbException.From($"run \"{sql}\"", NativeMethods.ResultError(ref result));
        }
        finally
        {
            NativeMethods.DestroyResult(ref result);
        }
    }

    public Statement Prepare(string sql)
    {
        int state = NativeMethods.Prepare(handle, sql, out StatementHandle statement);
        if (state == 0)
            return new Statement(statement, sql);

        using (statement)
            throw DuckDbException.From($"prepare \"{sql}\"", NativeMethods.PrepareError(statement));
    }

    /// <summary>An appender to a table, inside the connection's transaction.</summary>
    public Appender Append(string table, params ReadOnlySpan<ColumnType> columns)
    {
        int state = NativeMethods.AppenderCreate(handle, null, table, out AppenderHandle appender);
        if (state == 0)
            return new Appender(appender, table, columns);

        using (appender)
            throw DuckDbException.From($"append to {table}", NativeMethods.AppenderError(appender));
    }

    /// <summary>Ends the running statement with an error. From any thread.</summary>
    public void Interrupt() => NativeMethods.Interrupt(handle);

    public void Dispose() => handle.Dispose();
}
