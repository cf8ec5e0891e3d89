using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ioc.Storage.DuckDb;

/// <summary>What one device measures of one metric on one channel, by the file's own numbers.</summary>
internal readonly record struct SeriesKey(int Device, short Metric, ushort Channel);

/// <summary>A reading's place in device time.</summary>
internal readonly record struct SeriesTime(SeriesKey Series, long Micros);

/// <summary>Per series, the newest device time and the last few values: enough to tell most duplicates without asking the file. Touched only by the commit.</summary>
/// <remarks>About 120 bytes per series. Bounded by what the registry, the catalogue and the channel table admit.</remarks>
internal sealed class SeriesIndex
{
    private readonly Dictionary<SeriesKey, int> _places = [];
    private SeriesState[] _states = new SeriesState[1024];

    /// <summary>What is known of the series at a place. Dead once another place is asked for.</summary>
    public ref SeriesState this[int place] => ref _states[place];

    /// <summary>The place of a series, for good; made when new.</summary>
    public int PlaceOf(SeriesKey series)
    {
        ref int known = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, series, out bool exists);
        if (exists)
            return known;

        known = _places.Count - 1;
        if (known == _states.Length)
            Array.Resize(ref _states, _states.Length * 2);

        _states[known] = SeriesState.New;
        return known;
    }

    /// <summary>A series that the file has: of its times, only the newest is known.</summary>
    public void Load(SeriesKey series, long newestMicros) => this[PlaceOf(series)] = new SeriesState(newestMicros);
}

/// <summary>The recent past of one series in device time.</summary>
internal struct SeriesState
{
    private Recent _recent;
    private int _count;

    public SeriesState(long newest) => Newest = Floor = newest;

    /// <summary>A series without readings.</summary>
    public static SeriesState New => new(long.MinValue);

    /// <summary>Newest device time met; a later one is new for certain.</summary>
    public long Newest { get; set; }

    /// <summary>All readings after this time are among the recent ones; of those at or before it only the file knows.</summary>
    public long Floor { get; private set; }

    /// <summary>Adds the values remembered for a time.</summary>
    public readonly void CopyTo(long micros, List<double> values)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_recent[i].Micros == micros)
                values.Add(_recent[i].Value);
        }
    }

    /// <summary>Remembers a stored reading; the oldest makes room.</summary>
    public void Remember(long micros, double value)
    {
        if (micros <= Floor)
            return;

        if (_count < Recent.Length)
        {
            _recent[_count++] = new Entry(micros, value);
            return;
        }

        int oldest = 0;
        for (int i = 1; i < Recent.Length; i++)
        {
            if (_recent[i].Micros < _recent[oldest].Micros)
                oldest = i;
        }

        if (micros < _recent[oldest].Micros)
        {
            Floor = micros;
            return;
        }

        Floor = _recent[oldest].Micros;
        _recent[oldest] = new Entry(micros, value);
    }

    private readonly record struct Entry(long Micros, double Value);

    [InlineArray(Length)]
    private struct Recent
    {
        // Four: a device that repeats itself repeats its last message or two.
        public const int Length = 4;
        private Entry _first;
    }
}
