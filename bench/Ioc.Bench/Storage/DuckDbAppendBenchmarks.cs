using BenchmarkDotNet.Attributes;
using Ioc.Devices.Readings;
using Ioc.Storage;
using Ioc.Storage.DuckDb;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ioc.Bench.Storage;

/// <summary>Rows into DuckDB, durable: from the decoder's batches to the commit, duplicates judged. Per row.</summary>
[MemoryDiagnoser]
public class DuckDbAppendBenchmarks : IAsyncDisposable
{
    private const int BatchMessages = 1_000;
    private const int Batches = 25;

    private readonly StoreWorld _world = new();
    private readonly ReadingBatch[] _batches = [.. Enumerable.Range(0, Batches).Select(_ => new ReadingBatch())];
    private string _folder = "";
    private DuckDbReadingStore _store = null!;
    private long _offset;

    // Not a task: BenchmarkDotNet does not await a setup when it measures in its own process, and would measure a store not open yet.
    [GlobalSetup]
    public void Open()
    {
        _folder = Directory.CreateTempSubdirectory("ioc-bench-").FullName;
        _store = new DuckDbReadingStore(
            Path.Combine(_folder, "readings.duckdb"), new StorageOptions(), _world.Registry, _world.Metrics, _world.Channels, TimeProvider.System, NullLogger<DuckDbReadingStore>.Instance);
        _store.OpenAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    [IterationSetup]
    public void Fill()
    {
        foreach (ReadingBatch batch in _batches)
        {
            _world.Fill(batch, _offset, BatchMessages);
            _offset += BatchMessages;
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = BatchMessages * Batches * 4)]
    public async Task ElectricityMetersAsync()
    {
        foreach (ReadingBatch batch in _batches)
            await _store.ConsumeAsync(batch, CancellationToken.None);

        await _store.FlushAsync(CancellationToken.None);
    }

    [GlobalCleanup]
    public void Close() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
