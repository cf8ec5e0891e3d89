using Ioc.Devices.Readings;
using Ioc.Storage.DuckDb.Native;

namespace Ioc.Storage.DuckDb;

/// <summary>Fills an appender's chunk with rows of the table <c>reading</c> and adds it whenever it is full.</summary>
internal ref struct ReadingChunk
{
    private readonly Appender _appender;
    private Span<int> _device;
    private Span<short> _metric;
    private Span<ushort> _channel;
    private Span<long> _measuredAt;
    private Span<long> _receivedAt;
    private Span<double> _value;
    private Span<ushort> _quality;
    private Span<long> _offset;
    private Span<int> _index;
    private int _rowCount;

    public ReadingChunk(Appender appender)
    {
        _appender = appender;
        Map();
    }

    public void Add(SeriesKey series, long measuredMicros, in PendingMessage message, double value, Quality quality, int index)
    {
        int row = _rowCount;
        _device[row] = series.Device;
        _metric[row] = series.Metric;
        _channel[row] = series.Channel;
        _measuredAt[row] = measuredMicros;
        _receivedAt[row] = message.ReceivedMicros;
        _value[row] = value;
        _quality[row] = (ushort)quality;
        _offset[row] = message.Offset;
        _index[row] = index;
        if (++_rowCount == Appender.ChunkRows)
            Complete();
    }

    /// <summary>Adds the rows of the last, partly filled chunk.</summary>
    public void Complete()
    {
        if (_rowCount == 0)
            return;

        _appender.Add(_rowCount);
        _rowCount = 0;
        Map();
    }

    // DuckDB may move the columns when a chunk was added.
    private void Map()
    {
        _device = _appender.Column<int>(0);
        _metric = _appender.Column<short>(1);
        _channel = _appender.Column<ushort>(2);
        _measuredAt = _appender.Column<long>(3);
        _receivedAt = _appender.Column<long>(4);
        _value = _appender.Column<double>(5);
        _quality = _appender.Column<ushort>(6);
        _offset = _appender.Column<long>(7);
        _index = _appender.Column<int>(8);
    }
}
