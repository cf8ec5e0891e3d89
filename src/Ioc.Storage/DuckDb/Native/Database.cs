using System.Globalization;

namespace Ioc.Storage.DuckDb.Native;

/// <summary>One database file, open for reading and writing. One process may have it open. Thread-safe.</summary>
internal sealed class Database : IDisposable
{
    private readonly DatabaseHandle _handle;

    private Database(DatabaseHandle handle) => _handle = handle;

    /// <summary>Opens or creates a file; the write-ahead log of a killed process is applied.</summary>
    /// <exception cref="DuckDbException">It is in use, damaged, or its disk is full.</exception>
    /// <exception cref="DllNotFoundException">DuckDB's library is not beside the product.</exception>
    public static Database Open(string path, DuckDbOptions options)
    {
        if (NativeMethods.CreateConfig(out nint config) != 0)
            throw new DuckDbException("DuckDB could not make a configuration.");

        try
        {
            Set(config, "threads", options.Threads.ToString(CultureInfo.InvariantCulture));
            Set(config, "memory_limit", string.Create(CultureInfo.InvariantCulture, $"{options.MemoryMebibytes}MiB"));
            Set(config, "checkpoint_threshold", string.Create(CultureInfo.InvariantCulture, $"{options.CheckpointMebibytes}MiB"));

            // A transaction that fills a row group leaves a short one after it. Merging the two at each checkpoint would write all rows once more,
            // and hold a stop for seconds; row groups without a living row are dropped all the same.
            Set(config, "max_vacuum_tasks", "0");

            // Everything used is linked in; a city's server must not fetch code at run time.
            Set(config, "autoinstall_known_extensions", "false");
            Set(config, "autoload_known_extensions", "false");

            if (NativeMethods.OpenExt(path, out DatabaseHandle handle, config, out nint error) == 0)
                return new Database(handle);

            handle.Dispose();
            var failure = DuckDbException.From($"open {path}", error);
            NativeMethods.Free(error);
            throw failure;
        }
        finally
        {
            NativeMethods.DestroyConfig(ref config);
        }
    }

    public Connection Connect() =>
        NativeMethods.Connect(_handle, out ConnectionHandle connection) == 0
            ? new Connection(connection)
            : throw new DuckDbException("DuckDB could not open a connection.");

    public void Dispose() => _handle.Dispose();

    private static void Set(nint config, string name, string value)
    {
        if (NativeMethods.SetConfig(config, name, value) != 0)
            throw new DuckDbException($"DuckDB does not take the setting {name} = {value}.");
    }
}
