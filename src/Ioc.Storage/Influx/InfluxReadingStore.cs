using System.Buffers;
using System.Diagnostics.Metrics;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Storage.Operational;
using Microsoft.Extensions.Logging;

namespace Ioc.Storage.Influx;

/// <summary>Readings in InfluxDB, by line protocol; cursor and counts in SQLite once InfluxDB has confirmed the points.</summary>
/// <remarks>
/// A crash between the two writes the same points again, which InfluxDB takes as the same. It cannot say that a point was there before, so no
/// message counts as a duplicate here and no reading is flagged as a conflict: of two values at one device time the later one stays.
/// A point that the server refuses is counted and not tried again; its message counts as stored. An unreachable server stops nothing but this store.
/// </remarks>
internal sealed class InfluxReadingStore : IReadingStore
{
    private static readonly Meter Meter = new("Ioc.Storage");
    private static readonly Counter<long> RefusedPoints = Meter.CreateCounter<long>("ioc.storage.influx.refused", "{point}", "Points that InfluxDB would not store");

    private readonly StorageOptions _options;
    private readonly ProgressLedger _ledger;
    private readonly InfluxClient _client;
    private readonly LineProtocol _lines;
    private readonly InfluxQueries _queries;
    private readonly GroupCommit _commits;
    private readonly ILogger<InfluxReadingStore> _log;
    private readonly ArrayBufferWriter<byte> _buffer = new(256 * 1024);
    private BalanceCounts _balance = BalanceCounts.Empty;
    private long _refusedPointCount;
    private bool _isDatabaseThere;

    public InfluxReadingStore(StorageOptions options, ProgressLedger ledger, DeviceRegistry registry, MetricCatalogue metrics, ChannelTable channels, TimeProvider time, ILogger<InfluxReadingStore> log)
    {
        _options = options;
        _ledger = ledger;
        _log = log;
        _client = new InfluxClient(options.Influx);
        _lines = new LineProtocol(registry, metrics, channels);
        _queries = new InfluxQueries(_client, registry, metrics, channels);
        _commits = new GroupCommit(options, "InfluxDB", CommitAsync, time, log);
    }

    public string Name => "store";

    public long NextOffset => _commits.NextOffset;

    public BalanceCounts Balance => Volatile.Read(ref _balance);

    public string? Fault => _commits.Fault;

    /// <summary>Points refused by the server since start.</summary>
    public long RefusedPointCount => Interlocked.Read(ref _refusedPointCount);

    /// <summary>Reads the cursor only: InfluxDB may be away at start.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        _balance = await _ledger.LoadAsync(Name, cancellationToken);
        InfluxLog.Opened(_log, _options.Influx.Url, _balance.NextOffset, _balance.Stored);
        _commits.Start(_balance.NextOffset);
    }

    public ValueTask ConsumeAsync(ReadingBatch batch, CancellationToken stopping) => _commits.AddAsync(batch, stopping);

    public Task FlushAsync(CancellationToken cancellationToken) => _commits.FlushAsync(cancellationToken);

    public Task<ReadingPage> ReadAsync(ReadingQuery query, CancellationToken cancellationToken) =>
        query.Every is { } every ? _queries.ReadBucketsAsync(query, every, cancellationToken) : _queries.ReadRawAsync(query, cancellationToken);

    public Task<IReadOnlyList<Reading>> ReadLatestAsync(CancellationToken cancellationToken) => _queries.ReadLatestAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _commits.DisposeAsync();
        _client.Dispose();
    }

    private async Task CommitAsync(PendingGroup group, CancellationToken cancellationToken)
    {
        if (!_isDatabaseThere)
            await _client.CreateDatabaseAsync(cancellationToken);
        _isDatabaseThere = true;

        int refused;
        try
        {
            refused = await WriteAsync(group, cancellationToken);
        }
        catch (StorageException)
        {
            // Whatever happened to the server, its database may be gone too.
            _isDatabaseThere = false;
            throw;
        }

        var tally = new OutcomeTally(_balance);
        foreach (PendingMessage message in group.Messages)
            tally.Add(message, message.ReadingCount);

        BalanceCounts after = tally.Counts(group.NextOffset);
        await _ledger.SaveAsync(Name, after, cancellationToken);
        Volatile.Write(ref _balance, after);
        if (refused == 0)
            return;

        Interlocked.Add(ref _refusedPointCount, refused);
        RefusedPoints.Add(refused);
        InfluxLog.PointsRefused(_log, refused, group.NextOffset);
    }

    private async Task<int> WriteAsync(PendingGroup group, CancellationToken cancellationToken)
    {
        int refused = 0;
        int message = 0;
        for (int reading = 0; reading < group.ReadingCount;)
        {
            _buffer.ResetWrittenCount();
            int end = Math.Min(reading + _options.Influx.MaxPoints, group.ReadingCount);
            message = Encode(group, reading, end, message);
            refused += await _client.WriteAsync(_buffer.WrittenMemory, cancellationToken);
            reading = end;
        }

        return refused;
    }

    // Returns the message to which the last reading belongs: a request may end in the middle of one.
    private int Encode(PendingGroup group, int start, int end, int message)
    {
        ReadOnlySpan<PendingMessage> messages = group.Messages;
        for (int i = start; i < end; i++)
        {
            while (i >= messages[message].FirstReading + messages[message].ReadingCount)
                message++;

            long nanoseconds = LineProtocol.Nanoseconds(group.MeasuredMicros[i], messages[message].ReceivedMicros, i - messages[message].FirstReading);
            _lines.Write(_buffer, group.Devices[i], group.Metrics[i], group.Channels[i], group.Values[i], group.Qualities[i], nanoseconds);
        }

        return message;
    }
}
