using System.Buffers;
using BenchmarkDotNet.Attributes;
using Ioc.Devices.Readings;
using Ioc.Storage;
using Ioc.Storage.Influx;

namespace Ioc.Bench.Storage;

/// <summary>What a point costs on its way into a request, compression left out. Per point.</summary>
[MemoryDiagnoser]
public class LineProtocolBenchmarks
{
    private const int Points = 4_000;

    private readonly ArrayBufferWriter<byte> _buffer = new(1024 * 1024);
    private readonly ReadingBatch _batch = new();
    private LineProtocol _lines = null!;

    [GlobalSetup]
    public void Setup()
    {
        var world = new StoreWorld();
        world.Fill(_batch, 0, Points / 4);
        _lines = new LineProtocol(world.Registry, world.Metrics, world.Channels);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Points)]
    public int ElectricityMeters()
    {
        _buffer.ResetWrittenCount();
        for (int i = 0; i < Points; i++)
        {
            Reading reading = _batch[i];
            _lines.Write(_buffer, reading.Device, reading.Metric, reading.Channel, reading.Value, reading.Quality, PendingGroup.Micros(reading.MeasuredAt) * 1_000);
        }

        return _buffer.WrittenCount;
    }
}
