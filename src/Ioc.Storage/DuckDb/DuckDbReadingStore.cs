using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Storage.DuckDb.Native;
using Microsoft.Extensions.Logging;

namespace Ioc.Storage.DuckDb;

/// <summary>Readings in one DuckDB file, inside the process. One process at a time may have it open.</summary>
/// <remarks>
/// Commits run on a thread of their own, because one with a checkpoint takes up to half a second. Each query has its own connection and sees
/// what was committed when it began. A file that DuckDB gives up on (a full disk in mid-checkpoint) is closed and opened again.
/// </remarks>
internal sealed class DuckDbReadingStore : IReadingStore
{
    // Queries beyond these wait: each may use all of DuckDB's threads.
    private const int MaxQueries = 4;

    private readonly string _path;
    private readonly StorageOptions _options;
    private readonly ILogger<DuckDbReadingStore> _log;
    private readonly SemaphoreSlim _queries = new(MaxQueries);
    private readonly WriterThread _thread = new("duckdb writer");
    private readonly GroupCommit _commits;
    private readonly ReadingWriter _writer;
    private readonly ReadingQueries _reader;
    private Database? _database;
    private BalanceCounts _balance = BalanceCounts.Empty;

    public DuckDbReadingStore(string path, StorageOptions options, DeviceRegistry registry, MetricCatalogue metrics, ChannelTable channels, TimeProvider time, ILogger<DuckDbReadingStore> log)
    {
        _path = path;
        _options = options;
        _log = log;
        _commits = new GroupCommit(options, "DuckDB", CommitAsync, time, log);
        _writer = new ReadingWriter(registry, metrics, channels);
        _reader = new ReadingQueries(registry, metrics, channels);
        Replays = new DuckDbReplayStore(this, registry, metrics, channels);
    }

    /// <summary>Decoding kept messages again, over this file.</summary>
    public DuckDbReplayStore Replays { get; }

    public string Name => "store";

    public long NextOffset => _commits.NextOffset;

    public BalanceCounts Balance => Volatile.Read(ref _balance);

    public string? Fault => _commits.Fault;

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _thread.RunAsync(() =>
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_path))!);
                _database = Database.Open(_path, _options.DuckDb);
                _balance = _writer.Open(_database.Connect());
            }).WaitAsync(cancellationToken);
        }
        catch (DllNotFoundException e)
        {
            throw new StorageException($"DuckDB's library is not beside the program, in {AppContext.BaseDirectory}.", e);
        }
        catch (DuckDbException e)
        {
            throw new StorageException(e.Message, e);
        }

        DuckDbLog.Opened(_log, _path, _balance.NextOffset, _balance.Stored);
        _commits.Start(_balance.NextOffset);
    }

    public ValueTask ConsumeAsync(ReadingBatch batch, CancellationToken stopping) => _commits.AddAsync(batch, stopping);

    public Task FlushAsync(CancellationToken cancellationToken) => _commits.FlushAsync(cancellationToken);

    public Task<ReadingPage> ReadAsync(ReadingQuery query, CancellationToken cancellationToken) =>
        QueryAsync(connection => _reader.Read(connection, query), cancellationToken);

    public Task<IReadOnlyList<Reading>> ReadLatestAsync(CancellationToken cancellationToken) =>
        QueryAsync(_reader.ReadLatest, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _commits.DisposeAsync();
        _thread.Dispose();
        _writer.Dispose();
        _database?.Dispose();
        _queries.Dispose();
    }

    private async Task CommitAsync(PendingGroup group, CancellationToken cancellationToken)
    {
        // The last attempt could not even open the file again.
        if (_database is null)
            await ReviveAsync();

        try
        {
            await _thread.RunAsync(() => Volatile.Write(ref _balance, _writer.Commit(group, _balance)));
        }
        catch (DuckDbException)
        {
            await ReviveAsync();
            throw;
        }
    }

    // After a failed commit: if the database does not answer any more, opens it anew; no query may be under way then.
    private async Task ReviveAsync()
    {
        for (int i = 0; i < MaxQueries; i++)
            await _queries.WaitAsync();

        try
        {
            await _thread.RunAsync(() =>
            {
                if (_database is not null && Answers(_database))
                    return;

                _writer.Dispose();
                _database?.Dispose();
                _database = null;
                _database = Database.Open(_path, _options.DuckDb);
                _writer.Reconnect(_database.Connect());
                DuckDbLog.Reopened(_log, _path);
            });
        }
        finally
        {
            _queries.Release(MaxQueries);
        }
    }

    private static bool Answers(Database database)
    {
        try
        {
            using Connection connection = database.Connect();
            ReadingSchema.ReadBalance(connection);
            return true;
        }
        catch (DuckDbException)
        {
            return false;
        }
    }

    /// <summary>Runs between two commits, on their thread, and takes over the balance that it returns.</summary>
    internal Task BetweenCommitsAsync(Func<Connection, IdentityTables, SeriesIndex, BalanceCounts, BalanceCounts> work) => _thread.RunAsync(() =>
    {
        if (_database is null)
            throw new StorageException($"{_path} is not open at present: {Fault}");

        try
        {
            _writer.Between((connection, names, series) => Volatile.Write(ref _balance, work(connection, names, series, _balance)));
        }
        catch (DuckDbException e)
        {
            throw new StorageException(e.Message, e);
        }
    });

    /// <summary>Runs a query with a connection of its own, beside commits.</summary>
    internal async Task<T> QueryAsync<T>(Func<Connection, T> query, CancellationToken cancellationToken)
    {
        await _queries.WaitAsync(cancellationToken);
        try
        {
            if (_database is null)
                throw new StorageException($"{_path} is not open at present: {Fault}");

            using Connection connection = _database.Connect();
            await using CancellationTokenRegistration stop = cancellationToken.Register(connection.Interrupt);
            return await Task.Run(() => query(connection), cancellationToken);
        }
        catch (DuckDbException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new StorageException(e.Message, e);
        }
        finally
        {
            _queries.Release();
        }
    }
}
